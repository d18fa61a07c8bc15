import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { FiringEvent, FiringState, TriggerDraft } from '../../shared/protocol/trigger.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import { auditOf, type Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { requireVersion, type VersionCondition } from '../qos/version-condition.ts';
import { prepareAnswers } from '../queue/answer-store.ts';
import type { Idempotency } from '../queue/idempotency.ts';
import { prepareBeginBook, prepareRaiseRevision } from './book-store.ts';
import { prepareInsertTrigger, TRIGGER_COLUMNS, type TriggerRow, triggerColumns } from './insert-trigger-store.ts';

/** One person's: all are asked at every upload. */
const MOST_TRIGGERS = 200;

export type TriggerListRow = TriggerRow & { lastFiredAt: number | null };

const SELECT = `SELECT ${TRIGGER_COLUMNS},
	(SELECT at FROM trigger_firings f WHERE f.trigger_seq = t.seq ORDER BY f.seq DESC LIMIT 1) AS lastFiredAt
	FROM triggers t JOIN recipes r ON r.seq = t.recipe_seq`;

const prepareFind = (db: Database): ((id: string) => TriggerListRow) => {
	const find = db.prepare(`${SELECT} WHERE t.id = ?`);
	return (id) => {
		const row = find.get(id) as TriggerListRow | undefined;
		if (!row) throw new CodedError('not-found', `There is no trigger ${id}.`);
		return row;
	};
};

/** The recipe's row; throws `trigger-invalid` when it is none of the person's. */
const prepareRecipeOf = (db: Database): ((ownerSeq: number, recipe: string) => number) => {
	const find = db.prepare('SELECT seq FROM recipes WHERE id = ? AND owner_seq = ?').pluck();
	return (ownerSeq, recipe) => {
		const seq = find.get(recipe, ownerSeq) as number | undefined;
		if (seq !== undefined) return seq;
		const fields = [{ path: 'recipe', message: 'is not there' }];
		throw new CodedError('trigger-invalid', `You have no recipe ${recipe}.`, { fields });
	};
};

/** In the order in which they were made, which is the order in which they are asked. */
export const listTriggers = readOperation('recipes.list-triggers', (db) => {
	const select = db.prepare(
		`${SELECT} WHERE t.owner_seq = @ownerSeq AND t.seq > @after AND (@recipe IS NULL OR r.id = @recipe)
		 ORDER BY t.seq LIMIT @limit`,
	);
	return (args: { ownerSeq: number; recipe: string | null; after: number; limit: number }) =>
		select.all(args) as TriggerListRow[];
});

export const readTrigger = readOperation('recipes.read-trigger', (db) => prepareFind(db));

/** A repeat with the same key gets the first one. */
export const createTrigger = writeOperation('recipes.create-trigger', (db) => {
	const begin = prepareBeginBook(db);
	const count = db.prepare('SELECT count(*) FROM triggers WHERE owner_seq = ?').pluck();
	const recipeOf = prepareRecipeOf(db);
	const insert = prepareInsertTrigger(db);
	const raise = prepareRaiseRevision(db);
	const find = prepareFind(db);
	const answers = prepareAnswers(db);
	const audit = prepareAudit(db);
	return (args: {
		ownerSeq: number;
		draft: TriggerDraft;
		idempotency: Idempotency | null;
		by: Doer;
		now: number;
	}): TriggerListRow => {
		const { ownerSeq, draft, idempotency, by, now } = args;
		const [before] = answers.find(ownerSeq, idempotency) ?? [];
		if (before !== undefined) return find(before);
		begin(ownerSeq, now);
		if ((count.get(ownerSeq) as number) >= MOST_TRIGGERS) {
			throw new CodedError('too-many-things', `You have ${MOST_TRIGGERS} triggers; delete one first.`);
		}
		const id = insert({ ownerSeq, recipeSeq: recipeOf(ownerSeq, draft.recipe), draft, now });
		answers.remember(ownerSeq, idempotency, [id], now);
		raise(ownerSeq);
		audit({ ...auditOf(by, 'trigger.create', id, { ...draft }), at: now });
		return find(id);
	};
});

export const changeTrigger = writeOperation('recipes.change-trigger', (db) => {
	const find = prepareFind(db);
	const recipeOf = prepareRecipeOf(db);
	const update = db.prepare(
		`UPDATE triggers SET recipe_seq = @recipeSeq, version = version + 1, folder = @folder, recursive = @recursive,
		   media_types = @mediaTypes, ignored = @ignored, events = @events, on_results = @onResults,
		   routing_key = @routingKey, service_class = @serviceClass, enabled = @enabled
		 WHERE seq = @seq`,
	);
	const raise = prepareRaiseRevision(db);
	const audit = prepareAudit(db);
	return (args: { id: string; draft: TriggerDraft; condition: VersionCondition; by: Doer; now: number }) => {
		const { id, draft, by, now } = args;
		const before = find(id);
		const { seq, ownerSeq, version } = before;
		requireVersion(args.condition, version);
		update.run({ seq, recipeSeq: recipeOf(ownerSeq, draft.recipe), ...triggerColumns(draft) });
		raise(ownerSeq);
		const were = { recipe: before.recipe, folder: before.folder, enabled: before.enabled === 1 };
		audit({ ...auditOf(by, 'trigger.change', id, { ...draft, version: version + 1, before: were }), at: now });
		return find(id);
	};
});

export const deleteTrigger = writeOperation('recipes.delete-trigger', (db) => {
	const find = prepareFind(db);
	const remove = db.prepare('DELETE FROM triggers WHERE seq = ?');
	const raise = prepareRaiseRevision(db);
	const audit = prepareAudit(db);
	return (args: { id: string; condition: VersionCondition; by: Doer; now: number }): { ownerSeq: number } => {
		const { id, seq, ownerSeq, version, recipe, folder } = find(args.id);
		requireVersion(args.condition, version);
		remove.run(seq);
		raise(ownerSeq);
		audit({ ...auditOf(args.by, 'trigger.delete', id, { recipe, folder }), at: args.now });
		return { ownerSeq };
	};
});

export interface FiringRow {
	seq: number;
	file: string;
	name: string;
	version: number;
	event: FiringEvent;
	state: FiringState;
	reason: string | null;
	tasks: number;
	at: number;
}

/** What a trigger has done, the newest first. */
export const listFirings = readOperation('recipes.list-firings', (db) => {
	const select = db.prepare(
		`SELECT g.seq, f.id AS file, f.name, g.version, g.event, g.state, g.reason, g.tasks, g.at
		 FROM trigger_firings g JOIN files f ON f.seq = g.file_seq
		 WHERE g.trigger_seq = @triggerSeq AND g.seq < @before AND (@state IS NULL OR g.state = @state)
		 ORDER BY g.seq DESC LIMIT @limit`,
	);
	return (args: { triggerSeq: number; state: FiringState | null; before: number; limit: number }) =>
		select.all(args) as FiringRow[];
});
