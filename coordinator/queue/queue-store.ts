import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { type NewAct, prepareAct, prepareUndone } from '../acts/act-store.ts';
import { type AuditEntry, prepareAudit } from '../audit/audit-store.ts';
import { readOperation, writeOperation } from '../database/operation.ts';

/**
 * pause: nothing is started from it, what runs goes on · drain: it takes no new tasks, what is in line is worked off ·
 * resume: neither any more
 */
export const QUEUE_VERBS = ['pause', 'drain', 'resume'] as const;
export type QueueVerb = (typeof QUEUE_VERBS)[number];

/** What operators say about a queue. */
export interface QueueSteering {
	pausedAt: number | null;
	drainingAt: number | null;
	reason: string | null;
	/** Who said so last, as a public id, and when. */
	steeredBy: string | null;
	steeredAt: number | null;
}

export interface QueueRow extends QueueSteering {
	name: string;
	bindingKeys: string[];
	paused: boolean;
	/** Name of who steered it last. */
	by: string | null;
}

const STEERING = `paused_at AS pausedAt, draining_at AS drainingAt, reason, steered_by AS steeredBy,
	steered_at AS steeredAt`;

export const readQueues = readOperation('queue.read-queues', (db) => {
	const select = db.prepare(
		`SELECT name, binding_keys AS bindingKeys, ${STEERING},
		        coalesce((SELECT username FROM users WHERE id = steered_by), steered_by) AS by
		 FROM queues ORDER BY name`,
	);
	return (_: null): QueueRow[] =>
		(select.all() as (Omit<QueueRow, 'bindingKeys' | 'paused'> & { bindingKeys: string })[]).map((row) => ({
			...row,
			bindingKeys: JSON.parse(row.bindingKeys) as string[],
			paused: row.pausedAt !== null,
		}));
});

/** Queues that there may be: every routing key is matched with the bindings of all of them. */
const MOST_QUEUES = 1_000;

const noQueue = (name: string) => new CodedError('not-found', `There is no queue ${name}.`);

/** Makes a queue; with `change` it may be there already and gets these binding keys. */
export const saveQueue = writeOperation('queue.save-queue', (db) => {
	const insert = db.prepare('INSERT OR IGNORE INTO queues (name, binding_keys, created_at) VALUES (?, ?, ?)');
	const update = db.prepare('UPDATE queues SET binding_keys = ? WHERE name = ?');
	const keysOf = db.prepare('SELECT binding_keys FROM queues WHERE name = ?').pluck();
	const count = db.prepare('SELECT count(*) FROM queues').pluck();
	const audit = prepareAudit(db);
	return (args: { name: string; bindingKeys: string[]; change: boolean; audit: AuditEntry }) => {
		const keys = JSON.stringify(args.bindingKeys);
		const before = keysOf.get(args.name) as string | undefined;
		if (args.change) {
			if (update.run(keys, args.name).changes === 0) throw noQueue(args.name);
		} else if (insert.run(args.name, keys, args.audit.at).changes === 0) {
			throw new CodedError('name-taken', `There is a queue ${args.name} already.`);
		} else if ((count.get() as number) > MOST_QUEUES) {
			throw new CodedError('conflict', `There are ${MOST_QUEUES} queues already; delete one that is not needed.`);
		}
		const { detail } = args.audit;
		const changed = args.change && before !== undefined ? { before: JSON.parse(before) as string[] } : {};
		audit({ ...args.audit, detail: { ...detail, ...changed } });
	};
});

const prepareSteering = (db: Database) => {
	const find = db.prepare(`SELECT ${STEERING} FROM queues WHERE name = ?`);
	const update = db.prepare(
		`UPDATE queues SET paused_at = @pausedAt, draining_at = @drainingAt, reason = @reason, steered_by = @steeredBy,
		   steered_at = @steeredAt WHERE name = @name`,
	);
	return {
		find: (name: string) => find.get(name) as QueueSteering | undefined,
		set: (name: string, to: QueueSteering) => update.run({ name, ...to }),
	};
};

/** Pauses, drains or resumes, as an act that can be undone. What is so already gets the new reason. */
export const steerQueue = writeOperation('queue.steer-queue', (db) => {
	const { find, set } = prepareSteering(db);
	const begin = prepareAct(db);
	return (args: { name: string; verb: QueueVerb; reason: string | null; act: Omit<NewAct, 'before' | 'matched'> }) => {
		const before = find(args.name);
		if (!before) throw noQueue(args.name);
		const { at, actor } = args.act.audit;
		const by = { reason: args.reason, steeredBy: actor, steeredAt: at };
		const { pausedAt, drainingAt } = before;
		if (args.verb === 'pause') set(args.name, { pausedAt: pausedAt ?? at, drainingAt, ...by });
		else if (args.verb === 'drain') set(args.name, { pausedAt, drainingAt: drainingAt ?? at, ...by });
		else set(args.name, { pausedAt: null, drainingAt: null, ...by });
		begin({ ...args.act, matched: 1, before: { ...before } }, true);
	};
});

/** Puts back what a queue was before an act; false when it has been steered since, or is gone. */
export const undoQueue = writeOperation('queue.undo-queue', (db) => {
	const { find, set } = prepareSteering(db);
	const begin = prepareAct(db);
	const undone = prepareUndone(db);
	return (args: { name: string; doneAt: number; before: QueueSteering; undoes: number; act: NewAct }): boolean => {
		if (find(args.name)?.steeredAt !== args.doneAt) return false;
		set(args.name, args.before);
		begin(args.act, true);
		undone(args.undoes, args.act.audit);
		return true;
	};
});

export const deleteQueue = writeOperation('queue.delete-queue', (db) => {
	const remove = db.prepare('DELETE FROM queues WHERE name = ?');
	const begin = prepareAct(db);
	return (args: { name: string; act: NewAct }): void => {
		if (remove.run(args.name).changes === 0) throw noQueue(args.name);
		begin(args.act, true);
	};
});
