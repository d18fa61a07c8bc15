import { CodedError } from '../../shared/coded-error.ts';
import type { AuditEntry } from '../audit/audit-store.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import { readOperation, writeOperation } from '../database/operation.ts';

/** A token by which nodes join, without its secret. */
export interface NodeTokenRow {
	id: string;
	/** Its last characters, by which people know it again; null: it was made before they were kept. */
	ending: string | null;
	/** What nodes that join by it may serve; null means any queue. */
	queues: string[] | null;
	usesLeft: number;
	createdAt: number;
	expiresAt: number;
}

/** A repeated join is answered as long as its token is known; after this a token that can do nothing more is forgotten. */
const KEEP_EXPIRED_MS = 24 * 3_600_000;

export const createNodeToken = writeOperation('agents.create-node-token', (db) => {
	const forget = db.prepare('DELETE FROM node_tokens WHERE expires_at < ?');
	const insert = db.prepare(`INSERT INTO node_tokens (id, hash, ending, queues, uses_left, created_at, expires_at)
		 VALUES (@id, @hash, @ending, @queues, @usesLeft, @createdAt, @expiresAt)`);
	const audit = prepareAudit(db);
	return (args: { token: NodeTokenRow & { hash: Uint8Array }; audit: AuditEntry }): void => {
		forget.run(args.token.createdAt - KEEP_EXPIRED_MS);
		insert.run({ ...args.token, queues: args.token.queues && JSON.stringify(args.token.queues) });
		audit(args.audit);
	};
});

const COLUMNS = 'id, ending, queues, uses_left AS usesLeft, created_at AS createdAt, expires_at AS expiresAt';

/** Tokens that still let nodes join, oldest first. */
export const listNodeTokens = readOperation('agents.list-node-tokens', (db) => {
	const select = db.prepare(
		`SELECT ${COLUMNS} FROM node_tokens WHERE uses_left > 0 AND expires_at > ? AND id > ? ORDER BY id LIMIT ?`,
	);
	return (args: { now: number; after: string; limit: number }): NodeTokenRow[] =>
		(select.all(args.now, args.after, args.limit) as (NodeTokenRow & { queues: string | null })[]).map((row) => ({
			...row,
			queues: row.queues === null ? null : (JSON.parse(row.queues) as string[]),
		}));
});

export const deleteNodeToken = writeOperation('agents.delete-node-token', (db) => {
	const remove = db.prepare('DELETE FROM node_tokens WHERE id = ?');
	const audit = prepareAudit(db);
	return (args: { id: string; audit: AuditEntry }): void => {
		if (remove.run(args.id).changes === 0) throw new CodedError('not-found', `There is no node token ${args.id}.`);
		audit(args.audit);
	};
});

/** Whether a join with this token is worth the writer's time: guesses never reach it. */
export const knowsNodeToken = readOperation('agents.knows-node-token', (db) => {
	const select = db.prepare('SELECT 1 FROM node_tokens WHERE hash = ?').pluck();
	return (hash: Uint8Array): boolean => select.get(hash) !== undefined;
});
