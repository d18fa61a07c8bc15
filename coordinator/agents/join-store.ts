import type { ErrorCode } from '../../shared/protocol/errors.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import { auditOf } from '../audit/doer.ts';
import { writeOperation } from '../database/operation.ts';
import { NODE_COLUMNS, type NodeRow, nodeFromDb, type StoredNode } from './node-store.ts';

export interface JoinRequest {
	tokenHash: Uint8Array;
	/** The id that a new node gets. */
	id: string;
	name: string;
	/** Raw Ed25519. */
	publicKey: Uint8Array;
	now: number;
	address: string;
}

export type JoinOutcome = { ok: true; node: NodeRow } | { ok: false; code: ErrorCode; detail: string };

interface TokenRow {
	id: string;
	queues: string | null;
	uses_left: number;
	expires_at: number;
}

/**
 * Makes a node out of a token, a name and a key, and spends one use, all in one transaction. The same three again give
 * the same node and spend nothing, because the first answer may have been lost. Refusals are returned, not thrown, so
 * that their audit entries stay.
 */
export const joinNode = writeOperation('agents.join-node', (db) => {
	const findToken = db.prepare('SELECT id, queues, uses_left, expires_at FROM node_tokens WHERE hash = ?');
	const findByKey = db.prepare(`SELECT ${NODE_COLUMNS} FROM nodes WHERE public_key = ?`);
	const findByName = db.prepare('SELECT id FROM nodes WHERE name = ? AND revoked_at IS NULL').pluck();
	const spend = db.prepare('UPDATE node_tokens SET uses_left = uses_left - 1 WHERE id = ?');
	const insert = db.prepare(
		`INSERT INTO nodes (id, name, public_key, token_id, allowed_queues, created_at)
		 VALUES (@id, @name, @publicKey, @tokenId, @queues, @now) RETURNING ${NODE_COLUMNS}`,
	);
	const audit = prepareAudit(db);
	return (join: JoinRequest): JoinOutcome => {
		const token = findToken.get(join.tokenHash) as TokenRow | undefined;
		if (!token) return { ok: false, code: 'node-token-invalid', detail: 'The node token is wrong.' };
		const refuse = (code: ErrorCode, detail: string): JoinOutcome => {
			audit({
				...auditOf(
					{ actor: 'system', address: join.address },
					'node.join',
					token.id,
					{ name: join.name, code },
					'refused',
				),
				at: join.now,
			});
			return { ok: false, code, detail };
		};
		const known = findByKey.get(join.publicKey) as StoredNode | undefined;
		if (known) {
			const node = nodeFromDb(known);
			if (node.revokedAt !== null) return refuse('node-revoked', 'A node with this key was revoked.');
			if (node.name === join.name && node.tokenId === token.id) return { ok: true, node };
			return refuse('conflict', 'A node has joined with this key already, under another name or by another token.');
		}
		if (token.uses_left === 0) return refuse('node-token-invalid', 'The node token is used up.');
		if (token.expires_at <= join.now) return refuse('node-token-invalid', 'The node token has expired.');
		if (findByName.get(join.name) !== undefined) {
			const other = `${join.name.slice(0, 61)}-2`;
			const advice = `Give this one another name, such as by --name ${other}; or if the other is gone for good: millrace nodes revoke ${join.name}.`;
			return refuse('name-taken', `Another node is named ${join.name}. ${advice}`);
		}
		spend.run(token.id);
		const { id, name, publicKey, now } = join;
		const node = nodeFromDb(
			insert.get({ id, name, publicKey, now, tokenId: token.id, queues: token.queues }) as StoredNode,
		);
		audit({
			...auditOf({ actor: id, address: join.address }, 'node.join', id, { name, token: token.id }),
			at: now,
		});
		return { ok: true, node };
	};
});
