import type { Settlement } from '../../shared/protocol/agent-link.ts';
import { type FinalTaskState, isFinalTaskState } from '../../shared/protocol/task.ts';
import type { PriceRow } from '../accounting/price.ts';
import { NOTHING_USED } from '../accounting/usage-record.ts';
import type { Ledger } from '../database/ledger.ts';
import type { TaskScheduler } from '../scheduler/task-scheduler.ts';
import { type AttemptEnd, afterAttempt } from './after-attempt.ts';
import { attemptUsage } from './attempt-usage.ts';
import type { LeaseBook } from './lease-book.ts';
import { findEndedAttempt, type SettleItem, type SettleOutcome } from './lease-store.ts';
import type { Lease, OpenTask, SettleStatus } from './open-task.ts';
import type { OpenTasks } from './open-tasks.ts';
import type { SoberUsage } from './sober-usage.ts';
import type { TaskAnnouncements } from './task-announcements.ts';
import type { Timekeeper } from './timekeeper.ts';

export type SettledOutputs = Extract<Settlement, { outcome: 'succeeded' }>['outputs'];

/** An attempt's end on its way into the ledger. */
export interface Ending {
	lease: Lease;
	end: AttemptEnd;
	item: SettleItem;
	/** Empty unless it succeeded. */
	outputs: SettledOutputs;
}

/**
 * Writes endings with all that follows from them (files, outputs); null for a token that is not current. Each stands or
 * falls alone: one that could not be written is `rejected`, and then nothing of it is in the ledger.
 */
export type CommitEndings = (endings: readonly Ending[]) => Promise<PromiseSettledResult<SettleOutcome | null>[]>;

/** An attempt is over, and what is kept for it can go; the end is null when it was void and counts for nothing. */
export type OnAttemptOver = (lease: Lease, end: AttemptEnd | null) => void;

/** Ends attempts: exactly once, whoever says so and however often. */
export class Settlements {
	readonly #ledger: Ledger;
	readonly #leases: LeaseBook;
	readonly #open: OpenTasks;
	readonly #scheduler: TaskScheduler<OpenTask>;
	readonly #timekeeper: Timekeeper;
	readonly #announcements: TaskAnnouncements;
	readonly #commit: CommitEndings;
	readonly #onRoom: () => void;
	readonly #onAttemptOver: OnAttemptOver;
	readonly #price: PriceRow;
	readonly #count: (state: FinalTaskState) => void;

	constructor(options: {
		ledger: Ledger;
		leases: LeaseBook;
		open: OpenTasks;
		scheduler: TaskScheduler<OpenTask>;
		timekeeper: Timekeeper;
		announcements: TaskAnnouncements;
		commit: CommitEndings;
		/** Called when slots have become free or work has come in. */
		onRoom: () => void;
		onAttemptOver: OnAttemptOver;
		/** What an attempt costs: in memory, since this is done for every one. */
		price: PriceRow;
		/** A task ended. */
		count: (state: FinalTaskState) => void;
	}) {
		this.#ledger = options.ledger;
		this.#leases = options.leases;
		this.#open = options.open;
		this.#scheduler = options.scheduler;
		this.#timekeeper = options.timekeeper;
		this.#announcements = options.announcements;
		this.#commit = options.commit;
		this.#onRoom = options.onRoom;
		this.#onAttemptOver = options.onAttemptOver;
		this.#price = options.price;
		this.#count = options.count;
	}

	/** Settles what an agent reported. Resolves after the commit; rejects when nothing could be written, and then nothing has changed. */
	async settle(
		reports: readonly { settlement: Settlement; end: AttemptEnd; usage: SoberUsage; result: string | null }[],
	): Promise<SettleStatus[]> {
		const statuses: Promise<SettleStatus>[] = [];
		const fresh: { ending: Ending; resolve: (status: SettleStatus) => void; reject: (error: unknown) => void }[] = [];
		for (const { settlement, end, usage, result } of reports) {
			const lease = this.#leases.match(settlement);
			if (!lease) {
				statuses.push(this.#judgeEnded(settlement));
				continue;
			}
			if (lease.settling) {
				statuses.push(lease.settling.then((status) => (status === 'accepted' ? 'repeated' : status)));
				continue;
			}
			const outputs = settlement.outcome === 'succeeded' && end.state === 'succeeded' ? settlement.outputs : [];
			const ending = this.#begin(lease, end, usage, result, outputs);
			const promise = new Promise<SettleStatus>((resolve, reject) => fresh.push({ ending, resolve, reject }));
			promise.catch(() => {});
			lease.settling = promise;
			statuses.push(promise);
		}
		// Listened to from now on: one that fails while the others are being written must not go unheard.
		const all = Promise.all(statuses);
		all.catch(() => {});
		if (fresh.length > 0) {
			this.#onRoom();
			await this.#finish(fresh);
		}
		return all;
	}

	/** Ends attempts that nobody will report any more: the node died, the lease ran out, the assignment never arrived. */
	async endUnreported(leases: readonly Lease[], end: AttemptEnd): Promise<void> {
		const fresh = leases
			.filter((lease) => !lease.settling)
			.map((lease) => {
				// What a node that is gone has done is known by our own clock only.
				const wallUs = Math.round((performance.now() - lease.startedMono) * 1_000);
				const usage = { quantities: { ...NOTHING_USED, wallUs }, measured: null, flags: [] };
				const ending = this.#begin(lease, end, usage, null, []);
				let resolve!: (status: SettleStatus) => void;
				let reject!: (error: unknown) => void;
				lease.settling = new Promise<SettleStatus>((yes, no) => {
					resolve = yes;
					reject = no;
				});
				lease.settling.catch(() => {});
				return { ending, resolve, reject };
			});
		if (fresh.length > 0) await this.#finish(fresh);
	}

	#begin(lease: Lease, end: AttemptEnd, usage: SoberUsage, result: string | null, outputs: SettledOutputs): Ending {
		const { task } = lease;
		const now = Date.now();
		const after = afterAttempt(
			{
				failures: task.failures,
				losses: task.losses,
				attempt: lease.attempt,
				node: lease.node,
				retry: task.manifest.retry,
			},
			end,
			now,
			Math.random,
		);
		// The slot is free from the moment the agent says so; the ledger follows in the same order.
		// What it cost is the time that it held a slot, by our own clock; what is nobody's fault of theirs is not counted.
		const cost = after.charged ? performance.now() - lease.startedMono : null;
		this.#scheduler.release(task.seq, cost, performance.now());
		const item: SettleItem = {
			seq: task.seq,
			ownerSeq: task.owner,
			attempt: lease.attempt,
			token: lease.token,
			node: lease.node,
			startedAt: lease.startedAt,
			finishedAt: now,
			attemptState: after.attemptState,
			reason: after.reason,
			next: after.next,
			result: after.next.state === 'succeeded' ? result : null,
			error: after.error,
			failures: after.failures,
			losses: after.losses,
			usage: attemptUsage(lease, {
				at: now,
				charged: after.charged,
				queue: this.#scheduler.route(task.routingKey),
				...usage,
			}),
			unclaimed: this.#leases.takeClaim(lease),
		};
		item.usage = this.#price(item.usage);
		return { lease, end, item, outputs };
	}

	async #finish(
		fresh: readonly { ending: Ending; resolve: (s: SettleStatus) => void; reject: (e: unknown) => void }[],
	): Promise<void> {
		const outcomes = await this.#commit(fresh.map(({ ending }) => ending));
		let failure: unknown = null;
		for (const [i, { ending, resolve, reject }] of fresh.entries()) {
			const outcome = outcomes[i] as PromiseSettledResult<SettleOutcome | null>;
			if (outcome.status === 'rejected') {
				// Nothing was written: the lease stands, and the agent, which keeps its report, says it again.
				failure = outcome.reason;
				ending.lease.settling = null;
				if (ending.item.unclaimed) this.#leases.claimLater(ending.lease);
				this.#leases.renew(ending.lease);
				reject(failure);
				continue;
			}
			this.#leases.close(ending.lease);
			this.#onAttemptOver(ending.lease, outcome.value ? ending.end : null);
			if (outcome.value) this.#apply(ending, outcome.value);
			resolve(outcome.value ? 'accepted' : 'stale');
		}
		if (failure !== null) throw failure;
		this.#onRoom();
	}

	#apply({ lease, item }: Ending, outcome: SettleOutcome): void {
		const { task } = lease;
		task.version = outcome.version;
		task.failures += item.failures;
		task.losses += item.losses;
		task.avoidNode = item.next.avoidNode;
		if (outcome.state === 'queued') this.#open.requeue(task);
		else if (outcome.state === 'retrying') this.#timekeeper.noteDue(item.next.dueAt ?? item.finishedAt);
		else if (isFinalTaskState(outcome.state)) this.#count(outcome.state);
		for (const row of outcome.released) this.#open.enqueue(row, null);
		for (const { seq } of outcome.dropped) {
			this.#open.remove(seq);
			this.#count('cancelled');
		}
		this.#announcements.leaseChanged(lease, outcome.state);
		if (outcome.dropped.length > 0 || outcome.released.length > 0) this.#announcements.othersChanged(task.owner);
	}

	async #judgeEnded(ref: { task: string; attempt: number; token: string }): Promise<SettleStatus> {
		const ended = await this.#ledger.read(findEndedAttempt, { task: ref.task, attempt: ref.attempt });
		return ended && ended.token === ref.token && ended.state !== 'lost' ? 'repeated' : 'stale';
	}
}
