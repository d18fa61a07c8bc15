import { CodedError } from '../../shared/coded-error.ts';
import type { Firing, FiringState, TriggerDraft, TriggerView } from '../../shared/protocol/trigger.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { pageBySeq, readSeqCursor } from '../database/seq-cursor.ts';
import { formatPath, parsePath } from '../files/safe-path.ts';
import { ANY_VERSION, type VersionCondition } from '../qos/version-condition.ts';
import { findAnswer } from '../queue/answer-store.ts';
import { idempotencyOf } from '../queue/idempotency.ts';
import { triggerDraftOf } from './insert-trigger-store.ts';
import { draftOf, readRecipe } from './recipe-store.ts';
import type { PageRequest } from './recipes.ts';
import { notForOneFile, type StepResolver } from './step-resolver.ts';
import type { TermsOf } from './task-terms.ts';
import type { TriggerBooks } from './trigger-book.ts';
import {
	changeTrigger,
	createTrigger,
	deleteTrigger,
	listFirings,
	listTriggers,
	readTrigger,
	type TriggerListRow,
} from './trigger-store.ts';

/** When recipes start by themselves, and what has come of it. */
export class Triggers {
	readonly #ledger: Ledger;
	readonly #books: TriggerBooks;
	readonly #resolver: StepResolver;
	readonly #termsOf: TermsOf;

	constructor(options: { ledger: Ledger; books: TriggerBooks; resolver: StepResolver; termsOf: TermsOf }) {
		this.#ledger = options.ledger;
		this.#books = options.books;
		this.#resolver = options.resolver;
		this.#termsOf = options.termsOf;
	}

	/** In the order in which they are asked; `recipe`: only those that start this one. */
	async list(ownerSeq: number, page: PageRequest & { recipe?: string | undefined }) {
		await this.#books.of(ownerSeq);
		const { limit, recipe = null } = page;
		const args = { ownerSeq, recipe, after: readSeqCursor(page.cursor) ?? 0, limit: limit + 1 };
		const rows = await this.#ledger.read(listTriggers, args);
		return pageBySeq(rows, limit, viewOf);
	}

	/** With whose it is. Throws `not-found`. */
	async read(id: string): Promise<{ seq: number; ownerSeq: number; trigger: TriggerView }> {
		const row = await this.#ledger.read(readTrigger, id);
		return { seq: row.seq, ownerSeq: row.ownerSeq, trigger: viewOf(row) };
	}

	/**
	 * Throws `trigger-invalid` or `too-many-things`. What is uploaded from now on starts it. A repeat with the same key gets
	 * the first one.
	 */
	async create(ownerSeq: number, draft: TriggerDraft, by: Doer, key: string | null = null): Promise<TriggerView> {
		const idempotency = idempotencyOf('trigger', key, draft);
		const [before] = (idempotency && (await this.#ledger.read(findAnswer, { ownerSeq, idempotency }))) ?? [];
		if (before !== undefined) return (await this.read(before)).trigger;
		const checked = await this.#check(ownerSeq, draft);
		const row = await this.#ledger.write(createTrigger, { ownerSeq, draft: checked, idempotency, by, now: Date.now() });
		this.#books.changed(ownerSeq);
		return viewOf(row);
	}

	/** Throws what `create` throws, and `precondition-failed`. */
	async change(id: string, draft: TriggerDraft, condition: VersionCondition, by: Doer): Promise<TriggerView> {
		const { ownerSeq } = await this.#ledger.read(readTrigger, id);
		const checked = await this.#check(ownerSeq, draft);
		const row = await this.#ledger.write(changeTrigger, { id, draft: checked, condition, by, now: Date.now() });
		this.#books.changed(ownerSeq);
		return viewOf(row);
	}

	async remove(id: string, by: Doer, condition: VersionCondition = ANY_VERSION): Promise<void> {
		const { ownerSeq } = await this.#ledger.write(deleteTrigger, { id, condition, by, now: Date.now() });
		this.#books.changed(ownerSeq);
	}

	/** What it has done, the newest first. */
	async firings(triggerSeq: number, page: PageRequest & { state?: FiringState | undefined }) {
		const { limit, state = null } = page;
		const before = readSeqCursor(page.cursor) ?? Number.MAX_SAFE_INTEGER;
		const rows = await this.#ledger.read(listFirings, { triggerSeq, state, before, limit: limit + 1 });
		return pageBySeq(rows, limit, ({ seq: _, at, ...row }): Firing => ({ ...row, at: new Date(at).toISOString() }));
	}

	async #check(ownerSeq: number, draft: TriggerDraft): Promise<TriggerDraft> {
		const folder = formatPath(parsePath(draft.folder));
		const recipe = await this.#ledger.read(readRecipe, draft.recipe).catch((error: unknown) => {
			if (error instanceof CodedError && error.code === 'not-found') return null;
			throw error;
		});
		if (recipe?.ownerSeq !== ownerSeq) throw invalid('recipe', `You have no recipe ${draft.recipe}.`);
		for (const step of draftOf(recipe).steps) {
			const resolved = this.#resolver.of(step);
			if (typeof resolved === 'string') throw invalid('recipe', `The recipe is broken. ${resolved}`);
			const not = notForOneFile(resolved.manifest);
			if (not !== null) throw invalid('recipe', `A trigger runs its recipe on one file at a time. ${not}`);
			const { routingKey, serviceClass } = draft;
			if (routingKey === null && serviceClass === null) continue;
			const terms = this.#termsOf(ownerSeq, { routingKey, serviceClass, typeKey: resolved.manifest.routingKey });
			if (typeof terms === 'string') throw invalid(routingKey === null ? 'serviceClass' : 'routingKey', terms);
		}
		return { ...draft, folder };
	}
}

const invalid = (path: string, message: string) =>
	new CodedError('trigger-invalid', message, { fields: [{ path, message }] });

const viewOf = (row: TriggerListRow): TriggerView => ({
	...triggerDraftOf(row),
	id: row.id,
	version: row.version,
	createdAt: new Date(row.createdAt).toISOString(),
	lastFiredAt: row.lastFiredAt === null ? null : new Date(row.lastFiredAt).toISOString(),
});
