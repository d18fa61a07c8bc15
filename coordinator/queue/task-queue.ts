import type { AttemptRef, LogBatch, Progress, SettleReply } from '../../shared/protocol/agent-link.ts';
import type { FinalTaskState } from '../../shared/protocol/task.ts';
import { tellingOfRefusal } from '../budgets/refused.ts';
import type { NodeOffer } from '../scheduler/node-slots.ts';
import { Arrivals } from './arrivals.ts';
import { Dispatcher } from './dispatcher.ts';
import type { Idempotency } from './idempotency.ts';
import { LeaseBook } from './lease-book.ts';
import { NodeLeases } from './node-leases.ts';
import { readRunning } from './open-store.ts';
import type { Lease } from './open-task.ts';
import { OpenTasks } from './open-tasks.ts';
import { Preemptor } from './preemptor.ts';
import { queuedCapOf, tooManyQueued } from './queued-cap.ts';
import { SettleReports } from './settle-reports.ts';
import { Settlements } from './settlements.ts';
import { Steering } from './steering.ts';
import { type NewTask, type SubmitAnswer, type Submitted, submitTasks } from './submit-store.ts';
import { TaskAnnouncements } from './task-announcements.ts';
import type { TaskQueueOptions } from './task-queue-options.ts';
import { Timekeeper } from './timekeeper.ts';
import { UnreportedAttempts } from './unreported-attempts.ts';

/**
 * The state machine of tasks, whole: what comes in is stored and put in line, what is picked is leased and pushed, what
 * ends is settled once. The ledger is the truth; this holds the index of open work and the leases.
 */
export class TaskQueue {
	readonly #o: TaskQueueOptions;
	readonly #leases: LeaseBook;
	readonly #open: OpenTasks;
	readonly #timekeeper: Timekeeper;
	readonly #settlements: Settlements;
	readonly #nodeLeases: NodeLeases;
	readonly #dispatcher: Dispatcher;
	readonly #connected = new Map<string, NodeOffer>();
	readonly #reports: SettleReports;
	readonly #unreported: UnreportedAttempts;
	readonly #arrivals: Arrivals;
	/** What people do to tasks. */
	readonly steering: Steering;

	private constructor(options: TaskQueueOptions) {
		this.#o = options;
		const { ledger, scheduler, types, announcer, logger, leaseMs, push } = options;
		const announcements = new TaskAnnouncements(announcer);
		const count = (state: FinalTaskState) => {
			this.finished[state] += 1;
		};
		this.#leases = new LeaseBook({
			ledger,
			logger,
			leaseMs,
			onRefused: (leases, why) => this.#dispatcher.claimsRefused(leases, why),
		});
		this.#open = new OpenTasks({ scheduler, types, ledger, classOf: options.classOf });
		this.#timekeeper = new Timekeeper({
			ledger,
			logger,
			onQueued: (rows) => {
				for (const row of rows) {
					this.#open.enqueue(row, null);
					announcements.othersChanged(row[1]);
				}
				this.#dispatcher.kick();
			},
			onEnded: (tasks) => {
				void this.steering.endedUnrun(tasks);
			},
		});
		this.#arrivals = new Arrivals({ open: this.#open, timekeeper: this.#timekeeper, announcements, types });
		const preemptor = new Preemptor({ leases: this.#leases, pushCancel: push.cancel });
		this.#dispatcher = new Dispatcher({
			scheduler,
			open: this.#open,
			leases: this.#leases,
			announcements,
			logger,
			policies: options.policies,
			takesWork: (node) => this.#connected.get(node)?.accepting === true,
			push: push.assign,
			takeBack: (leases) => this.#unreported.takeBack(leases),
			onAttemptOver: options.onAttemptOver,
			preempt: (decisions) => preemptor.takeBack(decisions),
		});
		this.#settlements = new Settlements({
			ledger,
			leases: this.#leases,
			open: this.#open,
			scheduler,
			timekeeper: this.#timekeeper,
			announcements,
			commit: options.commitEndings,
			onRoom: () => this.#dispatcher.kick(),
			onAttemptOver: options.onAttemptOver,
			price: options.price ?? ((row) => row),
			count,
		});
		this.steering = new Steering({
			ledger,
			policies: options.policies,
			scheduler,
			leases: this.#leases,
			open: this.#open,
			announcements,
			pushCancel: push.cancel,
			onRoom: () => this.#dispatcher.kick(),
			count,
		});
		this.#reports = new SettleReports({
			leases: this.#leases,
			settlements: this.#settlements,
			policies: options.policies,
			hasOutput: options.hasOutput,
			onImpossibleUsage: options.onImpossibleUsage,
		});
		this.#unreported = new UnreportedAttempts({
			leases: this.#leases,
			settlements: this.#settlements,
			logger,
			isConnected: (node) => this.#connected.has(node),
			pushCancel: push.cancel,
		});
		this.#nodeLeases = new NodeLeases({ leases: this.#leases, ledger, announcements, logger });
	}

	/** Rebuilds the index from the ledger. What ran before has one whole lease to come back. */
	static async open(options: TaskQueueOptions): Promise<TaskQueue> {
		const queue = new TaskQueue(options);
		// Before anything is leased: whether a type is a short one decides which slots it takes.
		await queue.#open.learnCosts();
		for (const row of await options.ledger.read(readRunning, null)) {
			const task = queue.#open.fromRow(row.open, row.payload);
			options.scheduler.restoreLease(task, row.node, performance.now());
			queue.#leases.restore(task, row.token, row.node, row.startedAt, row.cancelRequested);
		}
		await queue.#open.load();
		queue.#timekeeper.start();
		return queue;
	}

	/** Tasks that ended since the start, by how. */
	readonly finished: Record<FinalTaskState, number> = {
		succeeded: 0,
		failed: 0,
		cancelled: 0,
		expired: 0,
		quarantined: 0,
	};

	/** Tasks that came in since the start. */
	get submitted(): number {
		return this.#arrivals.count;
	}

	/** Live attempts. */
	get running(): number {
		return this.#leases.size;
	}

	/** Whose attempts go on now, of which type, and since when. */
	liveAttempts(): { ownerSeq: number; type: string; startedAt: number }[] {
		return Array.from(this.#leases, ({ task, startedAt }) => ({ ownerSeq: task.owner, type: task.type, startedAt }));
	}

	/** Stores tasks, all or none, and puts them in line after the commit. Throws `too-many-queued` and `budget-exceeded`. */
	async submit(
		ownerSeq: number,
		tasks: readonly NewTask[],
		idempotency: Idempotency | null,
		now: number,
	): Promise<SubmitAnswer> {
		const cap = queuedCapOf(this.#o.policies.of(ownerSeq));
		const { ledger } = this.#o;
		const stored = ledger.write(submitTasks, { tasks: [...tasks], now, idempotency, ownerSeq, cap });
		const answer = await tellingOfRefusal(ledger, ownerSeq, stored);
		if ('fresh' in answer) throw tooManyQueued(answer, cap, tasks, this.#o.scheduler);
		this.accepted(answer.submitted, tasks, now);
		return answer;
	}

	/** Tasks have been stored in somebody's transaction, which is committed. */
	accepted(submitted: readonly Submitted[], tasks: readonly NewTask[], now: number): void {
		this.#arrivals.accept(submitted, tasks, now);
		this.#dispatcher.kick();
	}

	/** The connected nodes, as they were last offered. */
	get offers(): Iterable<NodeOffer> {
		return this.#connected.values();
	}

	/** A queue was made, changed, paused or resumed. */
	queuesChanged(): void {
		this.#dispatcher.kick();
	}

	/** Brings the ledger up to what has been decided: whoever reads it next sees what runs as running. */
	writeClaims(): Promise<void> {
		return this.#leases.writeClaims();
	}

	/** A node said hello. What it runs by right is its own again; answers what it is to stop. */
	connectNode(offer: NodeOffer, running: readonly AttemptRef[]): AttemptRef[] {
		const stale = this.#nodeLeases.renew(offer.id, running);
		const missing = this.#nodeLeases.missing(offer.id, running);
		this.changeNode(offer);
		this.#unreported.endMissing(missing);
		const cancels = this.#nodeLeases.pendingCancels(offer.id);
		// After the hello's answer: before it the node does not listen to orders.
		if (cancels.length > 0) setImmediate(() => this.#o.push.cancel(offer.id, { attempts: cancels }));
		return stale;
	}

	changeNode(offer: NodeOffer): void {
		this.#connected.set(offer.id, offer);
		this.#o.scheduler.setNode(offer);
		this.#dispatcher.kick();
	}

	disconnectNode(node: string): void {
		if (!this.#connected.delete(node)) return;
		this.#o.scheduler.removeNode(node);
		this.#leases.shorten(node, this.#o.linkGraceMs);
	}

	heartbeat(node: string, running: readonly AttemptRef[]): AttemptRef[] {
		return this.#nodeLeases.renew(node, running);
	}

	started(node: string, refs: readonly AttemptRef[]): void {
		this.#nodeLeases.started(node, refs);
	}

	progress(node: string, items: Progress['items']): void {
		this.#nodeLeases.progress(node, items);
	}

	log(node: string, items: LogBatch['items']): void {
		this.#nodeLeases.log(node, items);
	}

	/** Settles what a node reported, item by item; resolves after the commit, rejects when nothing could be written. */
	settle(node: string, items: readonly unknown[]): Promise<SettleReply[]> {
		const offer = this.#connected.get(node);
		return this.#reports.settle(node, items, {
			draining: offer?.accepting === false,
			machine: offer?.capabilities ?? null,
		});
	}

	/** The live attempt that these words name: its holder may fetch its inputs and hand over outputs. */
	liveAttempt(ref: AttemptRef): Lease | undefined {
		const lease = this.#leases.match(ref);
		return lease?.settling ? undefined : lease;
	}

	findLease(task: string): Lease | undefined {
		return this.#leases.find(task);
	}

	/** What the node holds, with what is over but not written. */
	leasesOf(node: string): ReadonlySet<Lease> {
		return this.#leases.ofNode(node);
	}

	runningOn(node: string): number {
		return this.#leases.ofNode(node).size;
	}

	slotsInUse(node: string): number {
		return this.#o.scheduler.runningOn(node);
	}

	workOn(node: string): Record<string, number> {
		const work = new Map<string, number>();
		for (const { task, settling } of this.#leases.ofNode(node)) {
			if (!settling) work.set(task.type, (work.get(task.type) ?? 0) + 1);
		}
		return Object.fromEntries(work);
	}

	/** Stops deciding; what is in memory only stays there, as if the process had been killed. */
	async halt(): Promise<void> {
		this.#unreported.stop();
		this.#dispatcher.stop();
		this.#leases.halt();
		await this.#timekeeper.stop();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#leases.writeClaims();
		await this.halt();
	}
}
