import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { type NewAct, prepareAct, prepareUndone } from '../acts/act-store.ts';
import { type AuditEntry, prepareAudit } from '../audit/audit-store.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { NODE_COLUMNS, type NodeRow, type NodeSteered, nodeFromDb, type StoredNode } from './node-store.ts';

/**
 * `drained`: what was to be drained has left. `suspect`: it lost too many tasks. `return`: its time is over. The others
 * are people's acts.
 */
export type NodeAct =
	| 'cordon'
	| 'uncordon'
	| 'drain'
	| 'drained'
	| 'suspect'
	| 'return'
	| 'revoke'
	| 'configure'
	| 'forget';

const SAID = 'steer_reason = @reason, steer_until = @until, steered_by = @by, steered_at = @now';
const UNSAID = 'steer_reason = NULL, steer_until = NULL';

const SET: Record<NodeAct, string> = {
	cordon: `cordoned_at = coalesce(cordoned_at, @now), drained_at = NULL, ${SAID}`,
	uncordon: `cordoned_at = NULL, suspect_at = NULL, draining_at = NULL, drained_at = NULL, ${SAID}`,
	drain: `draining_at = coalesce(draining_at, @now), drained_at = NULL, ${SAID}`,
	// Until its time it gets no work, also when it comes back before.
	drained: `draining_at = NULL, drained_at = @now, cordoned_at = CASE WHEN steer_until > @now THEN coalesce(cordoned_at, @now) ELSE cordoned_at END`,
	suspect: 'suspect_at = coalesce(suspect_at, @now)',
	return: `cordoned_at = NULL, draining_at = NULL, drained_at = NULL, ${UNSAID}, steered_by = @by, steered_at = @now`,
	revoke: 'revoked_at = coalesce(revoked_at, @now)',
	configure: `set_concurrency = coalesce(@concurrency, set_concurrency),
	  policy = CASE WHEN @setsPolicy THEN @policy ELSE policy END,
	  set_labels = CASE WHEN @setsLabels THEN @labels ELSE set_labels END`,
	// It may not come back by its key: the machine joins anew, by a new one.
	forget: 'revoked_at = coalesce(revoked_at, @now), forgotten_at = coalesce(forgotten_at, @now)',
};

/** Acts that are kept so that they can be undone, or so that it is told why they cannot. */
const KEPT: ReadonlySet<NodeAct> = new Set(['cordon', 'uncordon', 'drain']);

export interface SteerArgs {
	id: string;
	act: NodeAct;
	now: number;
	/** Public id of who says so. */
	by: string;
	reason: string | null;
	until: number | null;
	/** For `configure`; null: it stays. */
	concurrency: number | null;
	/** For `configure`; undefined: it stays. */
	policy: NodeRow['policy'] | undefined;
	/** Likewise; null: those that it declares. */
	labels: NodeRow['setLabels'] | undefined;
	/** Null: not audited. */
	audit: AuditEntry | null;
	/** Of a new act. */
	actId: string;
}

const prepareRows = (db: Database) => {
	const read = db.prepare(`SELECT ${NODE_COLUMNS} FROM nodes WHERE id = ?`);
	const find = (id: string): NodeRow | null => {
		const row = read.get(id) as StoredNode | undefined;
		return row ? nodeFromDb(row) : null;
	};
	return { find };
};

const steeredOf = (row: NodeRow): NodeSteered => {
	const { cordonedAt, drainingAt, drainedAt, suspectAt, steerReason, steerUntil, steeredBy, steeredAt } = row;
	return { cordonedAt, drainingAt, drainedAt, suspectAt, steerReason, steerUntil, steeredBy, steeredAt };
};

/** Changes what a node may do, with its audit entry. A revoked node stays as it is. */
export const steerNode = writeOperation('agents.steer-node', (db) => {
	const updates = new Map(
		Object.entries(SET).map(([act, set]) => {
			const live =
				act === 'revoke' || act === 'forget'
					? ''
					: `AND revoked_at IS NULL${act === 'return' ? ' AND steer_until <= @now' : ''}`;
			const names = new Set([...set.matchAll(/@(\w+)/g)].map(([, name]) => name as string));
			return [act, { names, update: db.prepare(`UPDATE nodes SET ${set} WHERE id = @id ${live}`) }];
		}),
	);
	const { find } = prepareRows(db);
	const audit = prepareAudit(db);
	const begin = prepareAct(db);
	return (args: SteerArgs): NodeRow => {
		const { id, act, now, by, reason, until, concurrency } = args;
		const before = find(id);
		if (!before) throw new CodedError('not-found', `There is no node ${id}.`);
		const policy = args.policy ? JSON.stringify(args.policy) : null;
		const setsPolicy = args.policy === undefined ? 0 : 1;
		const labels = args.labels ? JSON.stringify(args.labels) : null;
		const setsLabels = args.labels === undefined ? 0 : 1;
		const values: Record<string, string | number | null> = {
			...{ now, by, reason, until, concurrency, policy, setsPolicy, labels, setsLabels },
		};
		const { update, names } = updates.get(act)!;
		const bound = Object.fromEntries([...names].map((name) => [name, values[name] ?? null]));
		if (update.run({ ...bound, id }).changes === 0) {
			throw new CodedError(
				'wrong-state',
				`The node ${before.name} was revoked${act === 'return' ? ', or steered anew' : ''}.`,
			);
		}
		if (args.audit && KEPT.has(act)) {
			begin({ id: args.actId, audit: args.audit, matched: 1, before: { ...steeredOf(before) } }, true);
		} else if (args.audit) {
			const { setConcurrency, policy: takes, setLabels } = before;
			const were =
				act === 'configure'
					? { before: { concurrency: setConcurrency, policy: takes === null ? null : { ...takes }, labels: setLabels } }
					: {};
			audit({ ...args.audit, detail: { ...args.audit.detail, ...were } });
		}
		return find(id)!;
	};
});

/** Puts back what a node was before an act; null when it has been steered since. A node that was found suspect since stays so. */
export const undoNode = writeOperation('agents.undo-node', (db) => {
	const { find } = prepareRows(db);
	const restore = db.prepare(
		`UPDATE nodes SET cordoned_at = @cordonedAt, draining_at = @drainingAt, drained_at = @drainedAt,
		   suspect_at = coalesce(suspect_at, @suspectAt),
		   steer_reason = @steerReason, steer_until = @steerUntil, steered_by = @steeredBy, steered_at = @steeredAt
		 WHERE id = @id`,
	);
	const begin = prepareAct(db);
	const undone = prepareUndone(db);
	return (args: { id: string; doneAt: number; before: NodeSteered; undoes: number; act: NewAct }): NodeRow | null => {
		const now = find(args.id);
		if (!now || now.revokedAt !== null || now.steeredAt !== args.doneAt) return null;
		// Acts of before it was kept do not tell it.
		restore.run({ id: args.id, ...args.before, drainedAt: args.before.drainedAt ?? null });
		begin(args.act, true);
		undone(args.undoes, args.act.audit);
		return find(args.id);
	};
});

/** Nodes whose time without work is over, and when the next one's will be. */
export const readReturning = readOperation('agents.read-returning', (db) => {
	const due = db.prepare('SELECT id FROM nodes WHERE steer_until <= ? AND revoked_at IS NULL ORDER BY id').pluck();
	const next = db.prepare('SELECT min(steer_until) FROM nodes WHERE steer_until > ? AND revoked_at IS NULL').pluck();
	return (now: number) => ({ due: due.all(now) as string[], nextAt: next.get(now) as number | null });
});
