import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { readOperation } from '../database/operation.ts';

/** Different routing keys of one person: a list by queue has to look at each. */
const MOST_KEYS = 1_000;

interface Keyed {
	ownerSeq: number;
	typeSeq: number;
	routingKey: string;
}

/**
 * Keeps the routing keys that a person has used. Throws `invalid` when there would be too many; a task type's own key is
 * taken all the same, so that uploads go on.
 */
export const prepareRoutingKeys = (db: Database): ((task: Keyed, index: number) => void) => {
	const insert = db.prepare('INSERT OR IGNORE INTO routing_keys (owner_seq, key) VALUES (?, ?)');
	const count = db.prepare('SELECT count(*) FROM routing_keys WHERE owner_seq = ?').pluck();
	const ownKey = db.prepare(`SELECT manifest ->> '$.routingKey' FROM task_types WHERE seq = ?`).pluck();
	return ({ ownerSeq, typeSeq, routingKey }, index) => {
		if (insert.run(ownerSeq, routingKey).changes === 0) return;
		if ((count.get(ownerSeq) as number) <= MOST_KEYS || ownKey.get(typeSeq) === routingKey) return;
		throw new CodedError('invalid', `You have used ${MOST_KEYS} different routing keys; use one of these.`, {
			fields: [{ path: `tasks[${index}].routingKey`, message: `is one more than ${MOST_KEYS} different ones` }],
		});
	};
};

/** The routing keys that a person, or anybody if null, has used. */
export const readRoutingKeys = readOperation('queue.read-routing-keys', (db) => {
	const ofOwner = db.prepare('SELECT key FROM routing_keys WHERE owner_seq = ?').pluck();
	const all = db.prepare('SELECT DISTINCT key FROM routing_keys').pluck();
	return (ownerSeq: number | null) => (ownerSeq === null ? all.all() : ofOwner.all(ownerSeq)) as string[];
});
