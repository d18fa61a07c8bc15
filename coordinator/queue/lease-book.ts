import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { type Claim, claimTasks } from './lease-store.ts';
import type { Lease, OpenTask } from './open-task.ts';

/** Random attempt tokens are drawn in bulk: one call to the kernel for many. */
const TOKEN_BYTES = 16;
let tokens = Buffer.alloc(0);
let used = 0;
const newToken = (): string => {
	if (used + TOKEN_BYTES > tokens.length) {
		tokens = randomBytes(TOKEN_BYTES * 1024);
		used = 0;
	}
	used += TOKEN_BYTES;
	return tokens.toString('hex', used - TOKEN_BYTES, used);
};

/**
 * Live attempts. A lease is granted in memory and claimed in the ledger behind it; both travel the writer's single
 * line, so that no settlement can overtake its claim. Work is leased, never owned: a lease that is not renewed ends.
 */
export class LeaseBook {
	readonly #byTask = new Map<string, Lease>();
	readonly #ofNode = new Map<string, Set<Lease>>();
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly leaseMs: number;

	constructor(options: { ledger: Ledger; logger: Logger; leaseMs: number }) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.leaseMs = options.leaseMs;
	}

	get size(): number {
		return this.#byTask.size;
	}

	/**
	 * Grants leases on picked tasks (payloads filled) and claims them in the ledger. `onRefused` hears of those that
	 * could not be claimed: `ended` was cancelled or expired meanwhile, `unwritten` stays queued in the ledger.
	 */
	grant(
		picked: readonly { task: OpenTask; node: string }[],
		onRefused: (leases: Lease[], why: 'ended' | 'unwritten') => void,
	): Lease[] {
		const startedAt = Date.now();
		const claims: Claim[] = [];
		const leases = picked.map(({ task, node }) => {
			task.attempt += 1;
			task.version += 1;
			const lease = this.#open(task, task.payload!.id, newToken(), node, startedAt, this.leaseMs);
			claims.push([task.seq, task.attempt, lease.token, node, startedAt]);
			return lease;
		});
		this.#ledger.write(claimTasks, claims).then(
			(refused) => {
				if (refused.length === 0) return;
				const seqs = new Set(refused);
				onRefused(
					leases.filter(({ task }) => seqs.has(task.seq)),
					'ended',
				);
			},
			(error: unknown) => {
				this.#logger.error({ err: error }, 'leases could not be written; the work is taken back');
				onRefused(leases, 'unwritten');
			},
		);
		return leases;
	}

	/** A lease that the ledger already knows, after a restart; its agent has one whole lease to come back. */
	restore(task: OpenTask, token: string, node: string, startedAt: number, cancelRequested: boolean): Lease {
		const lease = this.#open(task, task.payload!.id, token, node, startedAt, this.leaseMs);
		lease.cancelRequested = cancelRequested;
		lease.begun = true;
		return lease;
	}

	find(task: string): Lease | undefined {
		return this.#byTask.get(task);
	}

	/** The lease that these words name, if they name a live one. */
	match(ref: { task: string; attempt: number; token: string }): Lease | undefined {
		const lease = this.#byTask.get(ref.task);
		return lease && lease.attempt === ref.attempt && lease.token === ref.token ? lease : undefined;
	}

	ofNode(node: string): ReadonlySet<Lease> {
		return this.#ofNode.get(node) ?? NONE;
	}

	/** A cancelled attempt is not renewed: whatever its agent does, it ends within one lease. */
	renew(lease: Lease): void {
		if (lease.cancelRequested) return;
		lease.deadlineMono = performance.now() + this.leaseMs;
	}

	/** The node's link is gone: what it holds ends after the grace unless it comes back. */
	shorten(node: string, graceMs: number): void {
		const deadline = performance.now() + graceMs;
		for (const lease of this.ofNode(node)) lease.deadlineMono = Math.min(lease.deadlineMono, deadline);
	}

	/** Leases that were not renewed in time and are not being settled. */
	overdue(): Lease[] {
		const now = performance.now();
		const late: Lease[] = [];
		for (const lease of this.#byTask.values()) if (lease.deadlineMono <= now && !lease.settling) late.push(lease);
		return late;
	}

	close(lease: Lease): void {
		if (this.#byTask.get(lease.id) === lease) this.#byTask.delete(lease.id);
		this.#ofNode.get(lease.node)?.delete(lease);
	}

	#open(task: OpenTask, id: string, token: string, node: string, startedAt: number, forMs: number): Lease {
		const lease: Lease = {
			task,
			id,
			attempt: task.attempt,
			token,
			node,
			startedAt,
			deadlineMono: performance.now() + forMs,
			begun: false,
			logLines: 0,
			logBytes: 0,
			progress: null,
			phase: null,
			cancelRequested: false,
			settling: null,
		};
		this.#byTask.set(id, lease);
		let held = this.#ofNode.get(node);
		if (!held) {
			held = new Set();
			this.#ofNode.set(node, held);
		}
		held.add(lease);
		return lease;
	}
}

const NONE: ReadonlySet<Lease> = new Set();
