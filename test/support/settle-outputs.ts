import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Quota } from '../../coordinator/files/quota-store.ts';
import { settleWithEffects } from '../../coordinator/jobs/settle-store.ts';
import { attemptUsageRow } from './attempt-usage-row.ts';
import type { JobsRoom } from './jobs-room.ts';

const USAGE = { wallMs: 12, cpuMs: 3, peakMemoryBytes: 4, bytesIn: 5, bytesOut: 6 };

interface Ended {
	/** By name; random content unless it is given. */
	outputs: readonly string[] | Readonly<Record<string, Buffer>>;
	result?: Record<string, number | string>;
	quota?: Quota | null;
	/** When it ends, and as which of its attempts. */
	at?: number;
	attempt?: number;
}

/** Ends a task of ada's with these outputs, as a node's word would; `settle` says it once more. */
export const settleOutputs = async (
	room: JobsRoom,
	seq: number,
	{ outputs, result, quota = null, at = 2_000, attempt = 1 }: Ended,
) => {
	const wanted = Array.isArray(outputs)
		? outputs.map((name: string) => [name, randomBytes(100)] as const)
		: Object.entries(outputs as Record<string, Buffer>);
	const contents = await Promise.all(
		wanted.map(async ([name, content]) => {
			const staged = await room.files.blobs.stage(Readable.from([content]), { maxBytes: 1e6 });
			(await room.files.blobs.keep(staged))();
			const { sha256, size } = staged;
			return { name, sha256, size, mediaType: 'image/jpeg', sniffed: 'image/jpeg' };
		}),
	);
	const item = {
		...{ seq, ownerSeq: 1, attempt, token: 'x', node: 'nod_1', startedAt: at - 1_000, finishedAt: at },
		...{ attemptState: 'succeeded' as const, reason: null, error: null, failures: 0, losses: 0 },
		next: { state: 'succeeded' as const, dueAt: null, avoidNode: null },
		result: JSON.stringify(result ?? { width: 200, height: 133 }),
		...{ usage: attemptUsageRow(seq, USAGE, { at, attempt }), unclaimed: true },
	};
	const settle = () =>
		room.ledger.write(settleWithEffects, { item, effects: { outputs: contents, file: null, quota, source: null } });
	return { ...(await settle()), settle, contents };
};
