import { CodedError } from '../../shared/coded-error.ts';
import { idSchema } from '../../shared/protocol/ids.ts';
import type { NodeAttempt, PastAttempt } from '../../shared/protocol/node-attempt.ts';
import type { Ledger } from '../database/ledger.ts';
import { readOwners, readPastAttempts } from './node-attempt-store.ts';
import type { Lease } from './open-task.ts';

interface PastWish {
	limit: number;
	cursor?: string | undefined;
	/** Ended then or later, in milliseconds since 1970. */
	from?: number | undefined;
	state?: PastAttempt['state'] | undefined;
}

/** What nodes hold now and what they held before, told to people. */
export class NodeAttempts {
	readonly #ledger: Ledger;
	readonly #leasesOf: (node: string) => Iterable<Lease>;
	readonly #leaseMs: number;

	constructor(options: { ledger: Ledger; leasesOf: (node: string) => Iterable<Lease>; leaseMs: number }) {
		this.#ledger = options.ledger;
		this.#leasesOf = options.leasesOf;
		this.#leaseMs = options.leaseMs;
	}

	/** One page in the order in which the tasks were made. `named`: owners' names may be told. Throws `bad-cursor`. */
	async list(
		node: string,
		{ limit, cursor = '' }: { limit: number; cursor?: string | undefined },
		named: boolean,
	): Promise<{ items: NodeAttempt[]; nextCursor: string | null }> {
		if (cursor !== '' && !idSchema('task').safeParse(cursor).success) throw new CodedError('bad-cursor');
		const found = [...this.#leasesOf(node)].filter(({ id }) => id > cursor).sort((a, b) => (a.id < b.id ? -1 : 1));
		const shown = found.slice(0, limit);
		// As of one moment; names may come later.
		const views = shown.map((lease) => [lease.task.owner, this.#view(lease)] as const);
		const items: NodeAttempt[] = await this.#owned(views, named);
		return { items, nextCursor: found.length > limit ? (shown.at(-1)?.id ?? null) : null };
	}

	/**
	 * One page of what ended there, the newest first; it can be shorter than its limit and yet have a next one. Throws
	 * `bad-cursor`.
	 */
	async past(
		node: string,
		wish: PastWish,
		named: boolean,
	): Promise<{ items: PastAttempt[]; nextCursor: string | null }> {
		const { limit, cursor, from = 0, state = null } = wish;
		if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw new CodedError('bad-cursor');
		const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor);
		const { rows, nextSeq } = await this.#ledger.read(readPastAttempts, { node, before, from, state, limit });
		const views = rows.map(({ ownerSeq, seq: _, startedAt, finishedAt, ...row }) => {
			const times = { startedAt: new Date(startedAt).toISOString(), finishedAt: new Date(finishedAt).toISOString() };
			return [ownerSeq, { ...row, ...times }] as const;
		});
		return { items: await this.#owned(views, named), nextCursor: nextSeq === null ? null : String(nextSeq) };
	}

	async #owned<T extends object>(views: readonly (readonly [number, T])[], named: boolean) {
		const seqs = [...new Set(views.map(([ownerSeq]) => ownerSeq))];
		const owners = new Map((await this.#ledger.read(readOwners, seqs)).map(([seq, id, name]) => [seq, { id, name }]));
		return views.map(([ownerSeq, view]) => {
			const owner = owners.get(ownerSeq);
			return { ...view, owner: owner?.id ?? null, ownerName: named ? (owner?.name ?? null) : null };
		});
	}

	#view(lease: Lease): Omit<NodeAttempt, 'owner' | 'ownerName'> {
		const { task, id, attempt, begun, settling, startedAt, phase, progress, deadlineMono } = lease;
		const { cores, memoryBytes, hardware: devices } = task.needs;
		const left = (deadlineMono - performance.now()) / this.#leaseMs;
		return {
			...{ task: id, attempt, type: task.type, state: settling ? 'ending' : begun ? 'running' : 'given' },
			since: new Date(startedAt).toISOString(),
			...{ phase, progress, slots: settling ? 0 : 1, cores, memoryBytes, devices },
			leaseLeft: Math.round(Math.min(1, Math.max(0, left)) * 100) / 100,
		};
	}
}
