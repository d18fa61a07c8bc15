import { CodedError } from '../../shared/coded-error.ts';
import type { Capabilities } from '../../shared/protocol/node.ts';
import type { AuditEntry } from '../audit/audit-store.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import { readOperation, writeOperation } from '../database/operation.ts';

/** A node as the ledger has it. */
export interface NodeRow {
	id: string;
	name: string;
	publicKey: Uint8Array;
	/** What its token allowed; null means any queue. */
	allowedQueues: string[] | null;
	/** The next three as last declared. */
	capabilities: Capabilities | null;
	queues: string[] | null;
	concurrency: number;
	/** An administrator's word; null while the node's own counts. */
	setConcurrency: number | null;
	createdAt: number;
	lastSeenAt: number | null;
	cordonedAt: number | null;
	drainingAt: number | null;
	suspectAt: number | null;
	revokedAt: number | null;
}

type Json<T> = { [K in keyof T]: K extends 'allowedQueues' | 'capabilities' | 'queues' ? string | null : T[K] };

export const NODE_COLUMNS = `id, name, public_key AS publicKey, allowed_queues AS allowedQueues, capabilities, queues,
	concurrency, set_concurrency AS setConcurrency, created_at AS createdAt, last_seen_at AS lastSeenAt,
	cordoned_at AS cordonedAt, draining_at AS drainingAt, suspect_at AS suspectAt, revoked_at AS revokedAt`;

const fromJson = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));

export const nodeFromDb = (row: Json<NodeRow>): NodeRow => ({
	...row,
	allowedQueues: fromJson<string[]>(row.allowedQueues),
	capabilities: fromJson<Capabilities>(row.capabilities),
	queues: fromJson<string[]>(row.queues),
});

export const readNodes = readOperation('agents.read-nodes', (db) => {
	const select = db.prepare(`SELECT ${NODE_COLUMNS} FROM nodes ORDER BY id`);
	return (_: null): NodeRow[] => (select.all() as Json<NodeRow>[]).map(nodeFromDb);
});

/** What a node declared in its hello. */
export const saveDeclared = writeOperation('agents.save-declared', (db) => {
	const update = db.prepare(
		`UPDATE nodes SET capabilities = @capabilities, queues = @queues, concurrency = @concurrency, last_seen_at = @now
		 WHERE id = @id`,
	);
	return (args: {
		id: string;
		capabilities: Capabilities;
		queues: string[];
		concurrency: number;
		now: number;
	}): void => {
		update.run({ ...args, capabilities: JSON.stringify(args.capabilities), queues: JSON.stringify(args.queues) });
	};
});

export const saveSeen = writeOperation('agents.save-seen', (db) => {
	const update = db.prepare('UPDATE nodes SET last_seen_at = ? WHERE id = ?');
	return (seen: { id: string; at: number }[]): void => {
		for (const { id, at } of seen) update.run(at, id);
	};
});

/** `drained`: what was to be drained has left. `suspect`: it lost too many tasks. The others are people's acts. */
export type NodeAct = 'cordon' | 'uncordon' | 'drain' | 'drained' | 'suspect' | 'revoke' | 'set-concurrency';

const SET: Record<NodeAct, string> = {
	cordon: 'cordoned_at = coalesce(cordoned_at, @now)',
	uncordon: 'cordoned_at = NULL, suspect_at = NULL, draining_at = NULL',
	drain: 'draining_at = coalesce(draining_at, @now)',
	drained: 'draining_at = NULL',
	suspect: 'suspect_at = coalesce(suspect_at, @now)',
	revoke: 'revoked_at = coalesce(revoked_at, @now)',
	'set-concurrency': 'set_concurrency = @concurrency',
};

export interface SteerArgs {
	id: string;
	act: NodeAct;
	/** For `set-concurrency`. */
	concurrency: number | null;
	now: number;
	audit: AuditEntry | null;
}

/** Changes what a node may do, with its audit entry. A revoked node stays as it is. */
export const steerNode = writeOperation('agents.steer-node', (db) => {
	const updates = Object.fromEntries(
		Object.entries(SET).map(([act, set]) => {
			const live = act === 'revoke' ? '' : 'AND revoked_at IS NULL';
			return [act, db.prepare(`UPDATE nodes SET ${set} WHERE id = @id ${live} RETURNING ${NODE_COLUMNS}`)];
		}),
	);
	const find = db.prepare('SELECT name FROM nodes WHERE id = ?').pluck();
	const audit = prepareAudit(db);
	return ({ id, act, concurrency, now, audit: entry }: SteerArgs): NodeRow => {
		const values =
			act === 'set-concurrency' ? { id, concurrency } : act === 'drained' || act === 'uncordon' ? { id } : { id, now };
		const row = updates[act]?.get(values) as Json<NodeRow> | undefined;
		if (!row) {
			const name = find.get(id) as string | undefined;
			if (name === undefined) throw new CodedError('not-found', `There is no node ${id}.`);
			throw new CodedError('wrong-state', `The node ${name} was revoked.`);
		}
		if (entry) audit(entry);
		return nodeFromDb(row);
	};
});
