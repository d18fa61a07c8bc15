import { CodedError } from '../../shared/coded-error.ts';
import { inboxPath } from '../../shared/inbox-name.ts';
import type { RecipeDraft, RecipeVersion, RecipeView } from '../../shared/protocol/recipe.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { pageBySeq, readSeqCursor } from '../database/seq-cursor.ts';
import { ANY_VERSION, type VersionCondition } from '../qos/version-condition.ts';
import { findAnswer } from '../queue/answer-store.ts';
import { idempotencyOf } from '../queue/idempotency.ts';
import type { RecipeRules } from './recipe-rules.ts';
import {
	changeRecipe,
	createRecipe,
	deleteRecipe,
	draftOf,
	listRecipes,
	type RecipeRow,
	readRecipe,
	readRecipeVersions,
} from './recipe-store.ts';
import type { TriggerBooks } from './trigger-book.ts';

export interface PageRequest {
	limit: number;
	cursor?: string | undefined;
}

/** People's recipes: saved steps, each change a version of its own that can be brought back. */
export class Recipes {
	readonly #ledger: Ledger;
	readonly #books: TriggerBooks;
	readonly #rules: RecipeRules;

	constructor(options: { ledger: Ledger; books: TriggerBooks; rules: RecipeRules }) {
		this.#ledger = options.ledger;
		this.#books = options.books;
		this.#rules = options.rules;
	}

	/** In the order in which they were made. */
	async list(ownerSeq: number, page: PageRequest): Promise<{ items: RecipeView[]; nextCursor: string | null }> {
		// So that what everybody begins with is there before the first upload.
		await this.#books.of(ownerSeq);
		const after = readSeqCursor(page.cursor) ?? 0;
		const rows = await this.#ledger.read(listRecipes, { ownerSeq, after, limit: page.limit + 1 });
		return pageBySeq(rows, page.limit, (row) => this.#view(row));
	}

	/** With whose it is. Throws `not-found`. */
	async read(id: string): Promise<{ ownerSeq: number; recipe: RecipeView }> {
		const row = await this.#ledger.read(readRecipe, id);
		return { ownerSeq: row.ownerSeq, recipe: this.#view(row) };
	}

	/** Throws `recipe-broken`, `name-taken` or `too-many-things`. A repeat with the same key gets the first one. */
	async create(ownerSeq: number, draft: RecipeDraft, by: Doer, key: string | null = null): Promise<RecipeView> {
		const idempotency = idempotencyOf('recipe', key, draft);
		const [before] = (idempotency && (await this.#ledger.read(findAnswer, { ownerSeq, idempotency }))) ?? [];
		if (before !== undefined) return (await this.read(before)).recipe;
		const named = asNamed(draft);
		this.#rules.check(ownerSeq, named.steps);
		const row = await this.#ledger.write(createRecipe, { ownerSeq, draft: named, idempotency, by, now: Date.now() });
		this.#books.changed(ownerSeq);
		return this.#view(row);
	}

	/** Throws what `create` throws, and `precondition-failed`. */
	async change(id: string, draft: RecipeDraft, condition: VersionCondition, by: Doer): Promise<RecipeView> {
		return this.#change(id, asNamed(draft), condition, null, by);
	}

	/** Makes an earlier version the newest once more. Throws `not-found`, and what `change` throws. */
	async rollBack(id: string, version: number, condition: VersionCondition, by: Doer): Promise<RecipeView> {
		const { seq } = await this.#ledger.read(readRecipe, id);
		const then = (await this.#ledger.read(readRecipeVersions, seq)).find((one) => one.version === version);
		if (!then) throw new CodedError('not-found', `The recipe has no version ${version}, or it is too old to be kept.`);
		return this.#change(id, draftOf(then), condition, version, by);
	}

	/** The newest first. */
	async versions(id: string): Promise<RecipeVersion[]> {
		const { seq } = await this.#ledger.read(readRecipe, id);
		const rows = await this.#ledger.read(readRecipeVersions, seq);
		return rows.map(({ body, at, ...row }) => ({
			...row,
			...draftOf({ name: row.name, body }),
			at: new Date(at).toISOString(),
		}));
	}

	/** Its triggers go with it; what it has made stays. Throws `recipe-in-use`. */
	async remove(id: string, by: Doer, condition: VersionCondition = ANY_VERSION): Promise<void> {
		const { ownerSeq } = await this.#ledger.write(deleteRecipe, { id, condition, by, now: Date.now() });
		this.#books.changed(ownerSeq);
	}

	async #change(id: string, draft: RecipeDraft, condition: VersionCondition, backTo: number | null, by: Doer) {
		const { ownerSeq } = await this.#ledger.read(readRecipe, id);
		this.#rules.check(ownerSeq, draft.steps);
		const row = await this.#ledger.write(changeRecipe, { id, draft, condition, backTo, by, now: Date.now() });
		this.#books.changed(ownerSeq);
		return this.#view(row);
	}

	#view(row: RecipeRow): RecipeView {
		const { id, version, triggers, schedules, createdAt, updatedAt } = row;
		const draft = draftOf(row);
		return {
			...{ id, version, ...draft },
			inbox: inboxPath(draft.name),
			usedBy: { triggers, schedules },
			broken: this.#rules.brokenBecause(draft.steps),
			createdAt: new Date(createdAt).toISOString(),
			updatedAt: new Date(updatedAt).toISOString(),
		};
	}
}

const asNamed = (draft: RecipeDraft): RecipeDraft => ({ ...draft, name: draft.name.normalize('NFC') });
