import { CodedError } from '../../shared/coded-error.ts';
import { type AuditEntry, prepareAudit } from '../audit/audit-store.ts';
import { readOperation, writeOperation } from '../database/operation.ts';

export interface QueueRow {
	name: string;
	bindingKeys: string[];
	paused: boolean;
}

export const readQueues = readOperation('queue.read-queues', (db) => {
	const select = db.prepare('SELECT name, binding_keys, paused_at FROM queues ORDER BY name');
	return (_: null): QueueRow[] =>
		(select.all() as { name: string; binding_keys: string; paused_at: number | null }[]).map((row) => ({
			name: row.name,
			bindingKeys: JSON.parse(row.binding_keys) as string[],
			paused: row.paused_at !== null,
		}));
});

/** Makes a queue; with `change` it may be there already and gets these binding keys. */
export const saveQueue = writeOperation('queue.save-queue', (db) => {
	const insert = db.prepare('INSERT OR IGNORE INTO queues (name, binding_keys, created_at) VALUES (?, ?, ?)');
	const update = db.prepare('UPDATE queues SET binding_keys = ? WHERE name = ?');
	const audit = prepareAudit(db);
	return (args: { name: string; bindingKeys: string[]; change: boolean; audit: AuditEntry }) => {
		const keys = JSON.stringify(args.bindingKeys);
		if (args.change) {
			if (update.run(keys, args.name).changes === 0)
				throw new CodedError('not-found', `There is no queue ${args.name}.`);
		} else if (insert.run(args.name, keys, args.audit.at).changes === 0) {
			throw new CodedError('name-taken', `There is a queue ${args.name} already.`);
		}
		audit(args.audit);
	};
});

export const pauseQueue = writeOperation('queue.pause-queue', (db) => {
	const update = db.prepare('UPDATE queues SET paused_at = ? WHERE name = ?');
	const audit = prepareAudit(db);
	return (args: { name: string; pausedAt: number | null; audit: AuditEntry }) => {
		if (update.run(args.pausedAt, args.name).changes === 0) {
			throw new CodedError('not-found', `There is no queue ${args.name}.`);
		}
		audit(args.audit);
	};
});
