import type { Capabilities, NodeView } from '../../shared/protocol/node.ts';
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
	/** It was drained and has left then, and nothing was said of it since. */
	drainedAt: number | null;
	suspectAt: number | null;
	revokedAt: number | null;
	/** Why it takes no work, and when it takes work again by itself. */
	steerReason: string | null;
	steerUntil: number | null;
	/** Who said so last, as a public id and by name. */
	steeredBy: string | null;
	steeredByName: string | null;
	steeredAt: number | null;
	/** Which tasks it takes; null: any that it can run. */
	policy: NodeView['policy'];
	/** An administrator's labels; null while those count that the node declares. */
	setLabels: Record<string, string> | null;
	/** Id of the token by which it joined. */
	tokenId: string;
	/** In no list any more. */
	forgottenAt: number | null;
}

/** What operators say about a node: all that an act changes, and an undo restores. */
export type NodeSteered = Pick<
	NodeRow,
	'cordonedAt' | 'drainingAt' | 'drainedAt' | 'suspectAt' | 'steerReason' | 'steerUntil' | 'steeredBy' | 'steeredAt'
>;

type JsonColumn = 'allowedQueues' | 'capabilities' | 'queues' | 'policy' | 'setLabels';
export type StoredNode = { [K in keyof NodeRow]: K extends JsonColumn ? string | null : NodeRow[K] };

export const NODE_COLUMNS = `id, name, public_key AS publicKey, allowed_queues AS allowedQueues, capabilities, queues,
	concurrency, set_concurrency AS setConcurrency, created_at AS createdAt, last_seen_at AS lastSeenAt,
	cordoned_at AS cordonedAt, draining_at AS drainingAt, drained_at AS drainedAt, suspect_at AS suspectAt, revoked_at AS revokedAt,
	steer_reason AS steerReason, steer_until AS steerUntil, steered_by AS steeredBy, steered_at AS steeredAt, policy,
	set_labels AS setLabels, token_id AS tokenId, forgotten_at AS forgottenAt,
	coalesce((SELECT username FROM users WHERE users.id = steered_by), steered_by) AS steeredByName`;

const fromJson = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));

export const nodeFromDb = (row: StoredNode): NodeRow => ({
	...row,
	allowedQueues: fromJson<string[]>(row.allowedQueues),
	capabilities: fromJson<Capabilities>(row.capabilities),
	queues: fromJson<string[]>(row.queues),
	policy: fromJson<NonNullable<NodeRow['policy']>>(row.policy),
	setLabels: fromJson<Record<string, string>>(row.setLabels),
});

export const readNodes = readOperation('agents.read-nodes', (db) => {
	const select = db.prepare(`SELECT ${NODE_COLUMNS} FROM nodes ORDER BY id`);
	return (_: null): NodeRow[] => (select.all() as StoredNode[]).map(nodeFromDb);
});

/** What a node declared in its hello. */
export const saveDeclared = writeOperation('agents.save-declared', (db) => {
	const update = db.prepare(
		`UPDATE nodes SET capabilities = @capabilities, queues = @queues, concurrency = @concurrency, last_seen_at = @now,
		   drained_at = NULL
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
