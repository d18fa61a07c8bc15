import Database from 'better-sqlite3';
import { vi } from 'vitest';
import { ACT_OPERATIONS } from '../../coordinator/acts/act-store.ts';
import { newId } from '../../coordinator/database/new-id.ts';
import { JOB_OPERATIONS } from '../../coordinator/jobs/operations.ts';
import { settlePlain } from '../../coordinator/jobs/settle-store.ts';
import { ActParts } from '../../coordinator/queue/act-parts.ts';
import type { OpenTask } from '../../coordinator/queue/open-task.ts';
import { QUEUE_OPERATIONS } from '../../coordinator/queue/operations.ts';
import { Queues } from '../../coordinator/queue/queues.ts';
import { TaskActs } from '../../coordinator/queue/task-acts.ts';
import type { TaskEvents } from '../../coordinator/queue/task-announcements.ts';
import { TaskMatcher } from '../../coordinator/queue/task-matcher.ts';
import { TaskQueue } from '../../coordinator/queue/task-queue.ts';
import { TaskTypes } from '../../coordinator/queue/task-types.ts';
import { Announcer } from '../../coordinator/report/announcer.ts';
import { createLogger } from '../../coordinator/report/logger.ts';
import { Scheduler } from '../../coordinator/scheduler/scheduler.ts';
import { CodedError } from '../../shared/coded-error.ts';
import type { TaskVerb } from '../../shared/protocol/act.ts';
import type { Assignment, AttemptRef } from '../../shared/protocol/agent-link.ts';
import { BUILT_IN_TASK_TYPES } from '../../shared/protocol/built-in-task-types.ts';
import { plainTask } from './plain-task.ts';
import { playedOffer } from './played-offer.ts';
import { type Outcome, settlementOf } from './played-settlement.ts';
import { TestBook } from './policy-book.ts';
import { TempFolder } from './temp-folder.ts';
import { TestLedger } from './test-ledger.ts';
import { UnsteadyLedger } from './unsteady-ledger.ts';

export const NODES = ['nod_a', 'nod_b', 'nod_c'] as const;
export type Node = (typeof NODES)[number];
export const LEASE_MS = 30_000;
const LINK_GRACE_MS = 10_000;

/**
 * A coordinator's heart and three nodes in one process, on a clock that only moves when told: everything that may happen
 * between them, in any order. Use it within fake timers that leave `setImmediate` alone.
 */
export class QueueWorld implements AsyncDisposable {
	readonly #folder = new TempFolder();
	readonly submitted: string[] = [];
	/** Rows of the submitted tasks. */
	readonly #seqs = new Map<string, number>();
	/** Attempts that each node believes it runs; a node forgets when it dies. */
	readonly held = new Map<Node, Map<string, AttemptRef>>(NODES.map((node) => [node, new Map()]));
	/** What nodes were ever given: late and repeated settlements come from here. */
	readonly old: AttemptRef[] = [];
	readonly connected = new Set<Node>();
	readonly draining = new Set<Node>();
	/** Endings that were accepted though the attempt was not the newest of its task. */
	readonly staleAccepted: string[] = [];
	/** Completions that nodes were told are accepted, by task. */
	readonly accepted = new Map<string, number>();
	/** The token that was given out last, by task. */
	readonly #newest = new Map<string, string>();
	/** Attempts of which the queue has said that they are over, by token; more than once is a fault. */
	readonly overTwice: string[] = [];
	readonly #live = new Set<string>();
	readonly #over = new Set<string>();
	#inner!: TestLedger;
	#ledger!: UnsteadyLedger;
	#types!: TaskTypes;
	#acts!: TaskActs;
	scheduler!: Scheduler<OpenTask>;
	queue!: TaskQueue;

	static async open(): Promise<QueueWorld> {
		const world = new QueueWorld();
		await world.#start();
		const db = new Database(world.#folder.join('ledger.db'));
		db.prepare(
			`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
			 VALUES (1, ?, 'a', 'a', 'x', 'user', 0)`,
		).run(newId('user'));
		db.close();
		return world;
	}

	get data(): string {
		return this.#folder.path;
	}

	/** kill -9 of the coordinator: only the ledger stays. */
	async crash(): Promise<void> {
		await this.queue.halt();
		await this.#inner[Symbol.asyncDispose]();
		this.#live.clear();
		this.#over.clear();
		this.connected.clear();
		await this.#start();
	}

	/** As rooms see it. */
	get ledger(): UnsteadyLedger {
		return this.#ledger;
	}

	/** While the disk is full nothing is written. */
	set diskIsFull(isFull: boolean) {
		this.#ledger.isFull = isFull;
	}

	/** Attempts that were begun and of which nothing was said at their end. */
	get unended(): string[] {
		return [...this.#live];
	}

	async submit(count: number, options: { after?: boolean; inMs?: number; forMs?: number } = {}): Promise<void> {
		const type = this.#types.newest('noop') as NonNullable<ReturnType<TaskTypes['newest']>>;
		const now = Date.now();
		const tasks = Array.from({ length: count }, () =>
			plainTask(type.seq, {
				notBefore: options.inMs === undefined ? null : now + options.inMs,
				expiresAt: options.forMs === undefined ? null : now + options.forMs,
				after: options.after ? this.submitted.slice(-1) : [],
			}),
		);
		// A task to wait for may have ended badly: then the whole batch is refused, as it should be.
		const answer = await this.queue.submit(1, tasks, null, now).catch(() => null);
		for (const { id, seq } of answer?.submitted ?? []) this.#seqs.set(id, seq);
		this.submitted.push(...(answer?.ids ?? []));
	}

	connect(node: Node): void {
		this.connected.add(node);
		this.draining.delete(node);
		const refs = [...(this.held.get(node)?.values() ?? [])];
		for (const { task } of this.queue.connectNode(playedOffer(node, !this.draining.has(node)), refs))
			this.held.get(node)?.delete(task);
	}

	heartbeat(node: Node): void {
		if (!this.connected.has(node)) return;
		const refs = [...(this.held.get(node)?.values() ?? [])];
		for (const { task } of this.queue.heartbeat(node, refs)) this.held.get(node)?.delete(task);
	}

	drain(node: Node): void {
		if (!this.connected.has(node)) return;
		this.draining.add(node);
		this.queue.changeNode(playedOffer(node, !this.draining.has(node)));
	}

	cut(node: Node): void {
		this.connected.delete(node);
		this.queue.disconnectNode(node);
	}

	die(node: Node): void {
		this.cut(node);
		this.held.get(node)?.clear();
	}

	/** The node that believes to run the task now. */
	holderOf(task: string): Node | undefined {
		return NODES.find((node) => this.held.get(node)?.has(task));
	}

	async settle(node: Node, ref: AttemptRef, outcome: Outcome): Promise<void> {
		const [reply] = await this.queue.settle(node, [settlementOf(ref, outcome)]).catch(() => []);
		// Refused by a full disk: the node keeps its report and says it again.
		if (!reply) return;
		if (reply === 'accepted' && this.#newest.get(ref.task) !== ref.token) {
			this.staleAccepted.push(`attempt ${ref.attempt} of ${ref.task}`);
		}
		if (reply === 'accepted' && outcome === 'succeeded') {
			this.accepted.set(ref.task, (this.accepted.get(ref.task) ?? 0) + 1);
		}
		this.held.get(node)?.delete(ref.task);
	}

	/** By its owner. The state may not allow it; that is one of the answers. */
	async cancel(id: string): Promise<void> {
		await this.queue.steering.cancelOwn(this.#seqs.get(id) ?? 0).catch(() => {});
	}

	/** What was accepted of a task that can be tried again was the end of a cancelled attempt, and no completion. */
	async retry(id: string): Promise<void> {
		await this.queue.steering.retryOwn({ seq: this.#seqs.get(id) ?? 0, ownerSeq: 1 }).then(
			() => this.accepted.delete(id),
			() => {},
		);
	}

	/** Holds, releases, boosts, moves and the like: one task, or all of them. */
	async steer(verb: TaskVerb, id: string | null, routingKey?: string): Promise<void> {
		const by = { actor: 'usr_admin', address: '' };
		const what = id === null ? { filter: { type: 'noop' } } : { ids: [id] };
		const request = { verb, ...what, routingKey, force: false, dryRun: false };
		const changed = await this.#acts.steer(request, by).catch((error: unknown) => {
			// Refused, by a rule or a full disk, or cut by a crash; anything else is a fault.
			if (error instanceof CodedError || /not open/.test(String(error))) return null;
			throw error;
		});
		if (verb === 'retry' && id !== null && changed?.changed) this.accepted.delete(id);
	}

	/** Lets time pass, and with it what is due. */
	async pass(ms: number): Promise<void> {
		await vi.advanceTimersByTimeAsync(ms);
		await this.turn();
	}

	/** Lets everything happen that needs no time. */
	async turn(): Promise<void> {
		for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
	}

	/** State of every submitted task. */
	states(): Map<string, string> {
		const db = new Database(this.#folder.join('ledger.db'), { readonly: true });
		try {
			return new Map(db.prepare('SELECT id, state FROM tasks').raw().all() as [string, string][]);
		} finally {
			db.close();
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#stop();
		await this.#folder[Symbol.asyncDispose]();
	}

	async #start(): Promise<void> {
		this.#inner = new TestLedger({
			file: this.#folder.join('ledger.db'),
			operations: [...QUEUE_OPERATIONS, ...JOB_OPERATIONS, ...ACT_OPERATIONS],
		});
		const ledger = new UnsteadyLedger(this.#inner);
		this.#ledger = ledger;
		const scheduler = new Scheduler<OpenTask>();
		this.scheduler = scheduler;
		this.#types = await TaskTypes.load(ledger, BUILT_IN_TASK_TYPES);
		const queues = await Queues.load({ ledger, scheduler, onChange: () => {} });
		this.queue = await TaskQueue.open({
			ledger,
			scheduler,
			types: this.#types,
			announcer: new Announcer<TaskEvents>((error) => {
				throw error;
			}),
			logger: createLogger('silent'),
			policies: new TestBook(),
			classOf: () => 'standard',
			leaseMs: LEASE_MS,
			linkGraceMs: LINK_GRACE_MS,
			commitEndings: async (endings) => {
				const items = endings.map(({ item }) => item);
				const written = ledger.write(settlePlain, items);
				return Promise.allSettled(items.map(async (_, i) => (await written).outcomes[i] ?? null));
			},
			hasOutput: () => false,
			onImpossibleUsage: () => {},
			onAttemptOver: ({ token }) => {
				if (this.#over.has(token)) this.overTwice.push(token);
				this.#over.add(token);
				this.#live.delete(token);
			},
			push: {
				assign: (node, tasks) => this.#assigned(node as Node, tasks),
				cancel: (node, { attempts }) => {
					for (const { task, reason } of attempts) {
						if (reason === 'void') this.held.get(node as Node)?.delete(task);
					}
				},
			},
		});
		this.#openActs(ledger, queues);
	}

	#openActs(ledger: UnsteadyLedger, queues: Queues): void {
		const { scheduler, queue } = this;
		const matcher = new TaskMatcher({ ledger, route: (key) => scheduler.route(key), classOf: () => 'standard' });
		const parts = new ActParts({ ledger, steering: queue.steering, writeClaims: () => queue.writeClaims() });
		this.#acts = new TaskActs({ ledger, logger: createLogger('silent'), matcher, parts, queues });
	}

	async #stop(): Promise<void> {
		await this.#acts[Symbol.asyncDispose]();
		await this.queue[Symbol.asyncDispose]();
		await this.#inner[Symbol.asyncDispose]();
	}

	/** What is pushed over a cut link is lost. */
	#assigned(node: Node, tasks: Assignment[]): void {
		for (const { task, token } of tasks) {
			this.#newest.set(task, token);
			this.#live.add(token);
		}
		if (!this.connected.has(node)) return;
		for (const { task, attempt, token } of tasks) {
			const ref = { task, attempt, token };
			this.held.get(node)?.set(task, ref);
			this.old.push(ref);
			this.queue.started(node, [ref]);
		}
	}
}
