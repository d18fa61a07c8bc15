import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { nameKey } from '../../shared/name-key.ts';
import type { RecipeDraft, RecipeStep } from '../../shared/protocol/recipe.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import { auditOf, type Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { requireVersion, type VersionCondition } from '../qos/version-condition.ts';
import { prepareAnswers } from '../queue/answer-store.ts';
import { missingSecret } from '../queue/check-secrets.ts';
import type { Idempotency } from '../queue/idempotency.ts';
import { prepareOwnsSecret } from '../secrets/named-store.ts';
import { prepareBeginBook, prepareRaiseRevision } from './book-store.ts';
import { bodyOf, prepareInsertRecipe, prepareNoteVersion } from './insert-recipe-store.ts';

/** One person's. */
const MOST_RECIPES = 200;
/** Schedules that are named by whoever keeps a recipe from being deleted. */
const MOST_NAMED = 4;

export interface RecipeRow {
	seq: number;
	id: string;
	ownerSeq: number;
	name: string;
	version: number;
	/** JSON text: {description, steps}. */
	body: string;
	triggers: number;
	schedules: number;
	createdAt: number;
	updatedAt: number;
}

const SELECT = `SELECT r.seq, r.id, r.owner_seq AS ownerSeq, r.name, r.version, r.body, r.created_at AS createdAt,
	r.updated_at AS updatedAt, (SELECT count(*) FROM triggers t WHERE t.recipe_seq = r.seq) AS triggers,
	(SELECT count(*) FROM schedules s WHERE s.wish ->> '$.recipe' = r.id) AS schedules FROM recipes r`;

export const draftOf = ({ name, body }: Pick<RecipeRow, 'name' | 'body'>): RecipeDraft => ({
	name,
	...(JSON.parse(body) as { description: string; steps: RecipeStep[] }),
});

const prepareFind = (db: Database): ((id: string) => RecipeRow) => {
	const find = db.prepare(`${SELECT} WHERE r.id = ?`);
	return (id) => {
		const row = find.get(id) as RecipeRow | undefined;
		if (!row) throw new CodedError('not-found', `There is no recipe ${id}.`);
		return row;
	};
};

const prepareRequireFreeName = (db: Database) => {
	const byName = db.prepare('SELECT seq FROM recipes WHERE owner_seq = ? AND name_key = ?').pluck();
	return (ownerSeq: number, name: string, seq: number | null): void => {
		const holder = byName.get(ownerSeq, nameKey(name)) as number | undefined;
		if (holder === undefined || holder === seq) return;
		throw new CodedError('name-taken', `You have a recipe ${name} already; choose another name.`);
	};
};

/** Asked in the transaction: whoever deletes a secret asks the recipes in theirs. Throws `secret-missing`. */
const prepareRequireSecrets = (db: Database) => {
	const owns = prepareOwnsSecret(db);
	return (ownerSeq: number, { steps }: RecipeDraft): void => {
		for (const [place, { secrets = {} }] of steps.entries()) {
			for (const [slot, id] of Object.entries(secrets)) {
				if (!owns(ownerSeq, id)) throw missingSecret(`steps[${place}].secrets.${slot}`, id);
			}
		}
	};
};

/** A person's, in the order in which they were made. */
export const listRecipes = readOperation('recipes.list', (db) => {
	const select = db.prepare(`${SELECT} WHERE r.owner_seq = ? AND r.seq > ? ORDER BY r.seq LIMIT ?`);
	return (args: { ownerSeq: number; after: number; limit: number }) =>
		select.all(args.ownerSeq, args.after, args.limit) as RecipeRow[];
});

export const readRecipe = readOperation('recipes.read', (db) => prepareFind(db));

export interface VersionOfRecipe {
	version: number;
	name: string;
	body: string;
	at: number;
	by: string;
}

/** The newest first. */
export const readRecipeVersions = readOperation('recipes.versions', (db) => {
	const select = db.prepare(
		`SELECT v.version, v.name, v.body, v.at, coalesce(u.username, v.actor) AS by FROM recipe_versions v
		 LEFT JOIN users u ON u.id = v.actor WHERE v.recipe_seq = ? ORDER BY v.version DESC`,
	);
	return (seq: number) => select.all(seq) as VersionOfRecipe[];
});

/** Stores a recipe of the person's; a repeat with the same key gets the first one. Throws `name-taken` or `too-many-things`. */
export const createRecipe = writeOperation('recipes.create', (db) => {
	const begin = prepareBeginBook(db);
	const count = db.prepare('SELECT count(*) FROM recipes WHERE owner_seq = ?').pluck();
	const requireFreeName = prepareRequireFreeName(db);
	const requireSecrets = prepareRequireSecrets(db);
	const insert = prepareInsertRecipe(db);
	const raise = prepareRaiseRevision(db);
	const find = prepareFind(db);
	const answers = prepareAnswers(db);
	const audit = prepareAudit(db);
	return (args: {
		ownerSeq: number;
		draft: RecipeDraft;
		idempotency: Idempotency | null;
		by: Doer;
		now: number;
	}): RecipeRow => {
		const { ownerSeq, draft, idempotency, by, now } = args;
		const [before] = answers.find(ownerSeq, idempotency) ?? [];
		if (before !== undefined) return find(before);
		// First what everybody begins with: who makes one is not to be without the others.
		begin(ownerSeq, now);
		if ((count.get(ownerSeq) as number) >= MOST_RECIPES) {
			throw new CodedError('too-many-things', `You have ${MOST_RECIPES} recipes; delete one first.`);
		}
		requireFreeName(ownerSeq, draft.name, null);
		requireSecrets(ownerSeq, draft);
		const { id } = insert({ ownerSeq, draft, actor: by.actor, now });
		// It has an inbox from now on.
		raise(ownerSeq);
		answers.remember(ownerSeq, idempotency, [id], now);
		audit({ ...auditOf(by, 'recipe.create', id, { name: draft.name, steps: typesOf(draft) }), at: now });
		return find(id);
	};
});

const typesOf = ({ steps }: RecipeDraft): string[] => steps.map(({ type }) => type);

/** Makes the draft the recipe's next version. */
export const changeRecipe = writeOperation('recipes.change', (db) => {
	const find = prepareFind(db);
	const requireFreeName = prepareRequireFreeName(db);
	const requireSecrets = prepareRequireSecrets(db);
	const update = db.prepare(
		`UPDATE recipes SET name = @name, name_key = @key, version = version + 1, body = @body, updated_at = @now
		 WHERE seq = @seq`,
	);
	const noteVersion = prepareNoteVersion(db);
	const raise = prepareRaiseRevision(db);
	const audit = prepareAudit(db);
	return (args: {
		id: string;
		draft: RecipeDraft;
		condition: VersionCondition;
		/** It is brought back as it was then. */
		backTo: number | null;
		by: Doer;
		now: number;
	}): RecipeRow => {
		const { draft, by, now, backTo } = args;
		const { id, seq, ownerSeq, version } = find(args.id);
		requireVersion(args.condition, version);
		requireFreeName(ownerSeq, draft.name, seq);
		requireSecrets(ownerSeq, draft);
		update.run({ seq, name: draft.name, key: nameKey(draft.name), body: bodyOf(draft), now });
		noteVersion({ seq, version: version + 1, draft, actor: by.actor, now });
		raise(ownerSeq);
		const how = backTo === null ? {} : { backTo };
		const detail = { name: draft.name, steps: typesOf(draft), version: version + 1, ...how };
		audit({ ...auditOf(by, 'recipe.change', id, detail), at: now });
		return find(id);
	};
});

/** Deletes a recipe with its triggers; what it has made stays. Throws `recipe-in-use` while something else needs it. */
export const deleteRecipe = writeOperation('recipes.delete', (db) => {
	const find = prepareFind(db);
	const remove = db.prepare('DELETE FROM recipes WHERE seq = ?');
	const scheduleNames = db
		.prepare(`SELECT name FROM schedules WHERE wish ->> '$.recipe' = ? ORDER BY seq LIMIT ${MOST_NAMED}`)
		.pluck();
	const raise = prepareRaiseRevision(db);
	const audit = prepareAudit(db);
	return (args: { id: string; condition: VersionCondition; by: Doer; now: number }): { ownerSeq: number } => {
		const { id, seq, ownerSeq, name, version, triggers, schedules } = find(args.id);
		requireVersion(args.condition, version);
		if (schedules > 0) {
			const named = (scheduleNames.all(id) as string[]).join(', ');
			const more = schedules > MOST_NAMED ? ` and ${schedules - MOST_NAMED} more` : '';
			const message = `Schedules run the recipe: ${named}${more}. Delete them first, or give them another recipe.`;
			throw new CodedError('recipe-in-use', message);
		}
		remove.run(seq);
		raise(ownerSeq);
		audit({ ...auditOf(args.by, 'recipe.delete', id, { name, triggers }), at: args.now });
		return { ownerSeq };
	};
});
