import { randomBytes } from 'node:crypto';
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

/** A lease from before this coordinator's start has run no longer than this, whatever the wall clock says. */
const LONGEST_BEFORE_MS = 24 * 3_600_000;
/** A claim waits so long for its settlement, which then is written with it as one: most work is shorter. */
const CLAIM_WITHIN_MS = 20;

/**
 * Live attempts. A lease is granted in memory and claimed in the ledger a little later; what is settled before is
 * claimed and settled in one write, the rest travels the writer's single line, so that no settlement can overtake its
 * claim. If we die before, the task is still in line. Work is leased, never owned: a lease that is not renewed ends.
 */
export class LeaseBook {
	readonly #byTask = new Map<string, Lease>();
	readonly #ofNode = new Map<string, Set<Lease>>();
	readonly #unclaimed = new Set<Lease>();
	#timer: NodeJS.Timeout | null = null;
	/** Ends when all claims that are under way are in the ledger or refused; never fails. */
	#writing: Promise<void> = Promise.resolve();
	readonly #onRefused: (leases: Lease[], why: 'ended' | 'unwritten') => void;
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly leaseMs: number;

	constructor(options: {
		ledger: Ledger;
		logger: Logger;
		leaseMs: number;
		/**
		 * Hears of leases that could not be claimed: `ended` was cancelled, expired or held meanwhile, `unwritten` stays queued
		 * in the ledger.
		 */
		onRefused: (leases: Lease[], why: 'ended' | 'unwritten') => void;
	}) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.leaseMs = options.leaseMs;
		this.#onRefused = options.onRefused;
	}

	/** Live ones, in the order in which they were granted. */
	[Symbol.iterator](): Iterator<Lease> {
		return this.#byTask.values();
	}

	get size(): number {
		return this.#byTask.size;
	}

	/** Grants leases on picked tasks; their payloads are there. */
	grant(picked: readonly { task: OpenTask; node: string }[]): Lease[] {
		const startedAt = Date.now();
		return picked.map(({ task, node }) => {
			task.attempt += 1;
			task.version += 1;
			const lease = this.#open(task, task.payload!.id, newToken(), node, startedAt, this.leaseMs);
			this.claimLater(lease);
			return lease;
		});
	}

	/** The lease is in memory only; its claim is written soon. */
	claimLater(lease: Lease): void {
		this.#unclaimed.add(lease);
		this.#timer ??= setTimeout(() => void this.writeClaims(), CLAIM_WITHIN_MS);
	}

	/** Whether the claim has not been written yet; from now on it is the caller's to write. */
	takeClaim(lease: Lease): boolean {
		return this.#unclaimed.delete(lease);
	}

	/** Writes the claims that wait; resolves when all claims before this moment are in the ledger, or refused. */
	writeClaims(): Promise<void> {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		if (this.#unclaimed.size === 0) return this.#writing;
		const leases = [...this.#unclaimed];
		this.#unclaimed.clear();
		const claims = leases.map(
			({ task, attempt, token, node, startedAt }): Claim => [task.seq, attempt, token, node, startedAt],
		);
		const written = this.#write(leases, claims);
		this.#writing = Promise.all([this.#writing, written]).then(() => {});
		return this.#writing;
	}

	/** Stops writing: what is in memory only stays there. */
	halt(): void {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		this.#unclaimed.clear();
	}

	async #write(leases: Lease[], claims: Claim[]): Promise<void> {
		try {
			const refused = new Set(await this.#ledger.write(claimTasks, claims));
			if (refused.size === 0) return;
			this.#onRefused(
				leases.filter(({ task }) => refused.has(task.seq)),
				'ended',
			);
		} catch (error) {
			this.#logger.error({ err: error }, 'leases could not be written; the work is taken back');
			this.#onRefused(leases, 'unwritten');
		}
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

	/** An attempt that is to stop is not renewed: whatever its agent does, it ends within one lease. */
	renew(lease: Lease): void {
		if (lease.cancelRequested || lease.preempted) return;
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
		this.#unclaimed.delete(lease);
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
			startedMono: performance.now() - Math.min(Math.max(0, Date.now() - startedAt), LONGEST_BEFORE_MS),
			deadlineMono: performance.now() + forMs,
			begun: false,
			logLines: 0,
			logBytes: 0,
			progress: null,
			phase: null,
			cancelRequested: false,
			preempted: false,
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
