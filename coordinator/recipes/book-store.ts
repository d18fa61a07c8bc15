import type { Database } from 'better-sqlite3';
import { inboxPath, STATUS_END } from '../../shared/inbox-name.ts';
import type { RecipeStep } from '../../shared/protocol/recipe.ts';
import { triggerDraftSchema } from '../../shared/protocol/trigger.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import { auditOf, SYSTEM } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import type { BookTrigger } from './book.ts';
import { DEFAULT_RECIPE, DEFAULT_TRIGGER } from './default-recipe.ts';
import { prepareInsertRecipe } from './insert-recipe-store.ts';
import { prepareInsertTrigger, TRIGGER_COLUMNS, type TriggerRow, triggerDraftOf } from './insert-trigger-store.ts';

/** What a person's files start, and at which revision that was so. */
export interface BookRows {
	revision: number;
	triggers: BookTrigger[];
}

/**
 * What is put into a recipe's inbox, or deeper in it, starts the recipe: new files and further versions, no results. Also
 * under the name of what is not done yet: whoever leaves it so there means it. A status comes along when a folder is copied.
 */
const { enabled: _, ...INBOX_DRAFT } = triggerDraftSchema.omit({ recipe: true }).parse({ ignore: [`*${STATUS_END}`] });

interface RecipeRow {
	seq: number;
	id: string;
	name: string;
	version: number;
	body: string;
}

type Row = TriggerRow & { recipeVersion: number; body: string };

const prepareReadBook = (db: Database): ((ownerSeq: number) => BookRows | null) => {
	const revisionOf = prepareRevision(db);
	const select = db.prepare(
		`SELECT ${TRIGGER_COLUMNS}, r.version AS recipeVersion, r.body FROM triggers t JOIN recipes r ON r.seq = t.recipe_seq
		 WHERE t.owner_seq = ? AND t.enabled = 1 ORDER BY t.seq`,
	);
	const recipes = db.prepare('SELECT seq, id, name, version, body FROM recipes WHERE owner_seq = ? ORDER BY seq');
	return (ownerSeq) => {
		const revision = revisionOf(ownerSeq);
		if (revision === null) return null;
		// Triggers of one recipe share its steps.
		const steps = new Map<string, RecipeStep[]>();
		const stepsOf = (recipe: string, body: string): RecipeStep[] => {
			const own = steps.get(recipe) ?? (JSON.parse(body) as { steps: RecipeStep[] }).steps;
			steps.set(recipe, own);
			return own;
		};
		const triggers = (select.all(ownerSeq) as Row[]).map((row): BookTrigger => {
			const { recipe, enabled: _, ...draft } = triggerDraftOf(row);
			return { seq: row.seq, recipe, recipeVersion: row.recipeVersion, steps: stepsOf(recipe, row.body), draft };
		});
		const inboxes = (recipes.all(ownerSeq) as RecipeRow[]).map(
			({ seq, id, name, version, body }): BookTrigger => ({
				...{ seq: -seq, recipe: id, recipeVersion: version, steps: stepsOf(id, body) },
				draft: { ...INBOX_DRAFT, folder: inboxPath(name) },
			}),
		);
		return { revision, triggers: [...triggers, ...inboxes] };
	};
};

/** At which revision a person's book is; null: there is none yet. */
export const prepareRevision = (db: Database): ((ownerSeq: number) => number | null) => {
	const select = db.prepare('SELECT revision FROM recipe_books WHERE owner_seq = ?').pluck();
	return (ownerSeq) => (select.get(ownerSeq) as number | undefined) ?? null;
};

/** Makes every plan stale that was made before, in the transaction that changes a recipe or a trigger. */
export const prepareRaiseRevision = (db: Database): ((ownerSeq: number) => void) => {
	const raise = db.prepare('UPDATE recipe_books SET revision = revision + 1 WHERE owner_seq = ?');
	return (ownerSeq) => {
		raise.run(ownerSeq);
	};
};

/** Makes the person's book with what everybody begins with, unless there was one: then what was deleted stays so. */
export const prepareBeginBook = (db: Database): ((ownerSeq: number, now: number) => void) => {
	const begin = db.prepare('INSERT OR IGNORE INTO recipe_books (owner_seq, revision) VALUES (?, 1)');
	const insertRecipe = prepareInsertRecipe(db);
	const insertTrigger = prepareInsertTrigger(db);
	const audit = prepareAudit(db);
	return (ownerSeq, now) => {
		if (begin.run(ownerSeq).changes === 0) return;
		const recipe = insertRecipe({ ownerSeq, draft: DEFAULT_RECIPE, actor: SYSTEM.actor, now });
		const trigger = insertTrigger({ ownerSeq, recipeSeq: recipe.seq, draft: DEFAULT_TRIGGER, now });
		const detail = { name: DEFAULT_RECIPE.name, trigger, owner: ownerSeq };
		audit({ ...auditOf(SYSTEM, 'recipe.create', recipe.id, detail), at: now });
	};
};

/** Null: the person has no book yet. */
export const readBook = readOperation('recipes.read-book', (db) => prepareReadBook(db));

export const beginBook = writeOperation('recipes.begin-book', (db) => {
	const begin = prepareBeginBook(db);
	const read = prepareReadBook(db);
	return ({ ownerSeq, now }: { ownerSeq: number; now: number }): BookRows => {
		begin(ownerSeq, now);
		return read(ownerSeq)!;
	};
});
