import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JOB_OPERATIONS } from '../../coordinator/jobs/operations.ts';
import { QUEUE_OPERATIONS } from '../../coordinator/queue/operations.ts';
import { InlineLedger } from '../../coordinator/database/inline-ledger.ts';
import { newId } from '../../coordinator/database/new-id.ts';
import { settlePlain } from '../../coordinator/jobs/settle-store.ts';
import type { OpenTask } from '../../coordinator/queue/open-task.ts';
import { Queues } from '../../coordinator/queue/queues.ts';
import type { TaskEvents } from '../../coordinator/queue/task-announcements.ts';
import { TaskQueue } from '../../coordinator/queue/task-queue.ts';
import { TaskTypes } from '../../coordinator/queue/task-types.ts';
import { Announcer } from '../../coordinator/report/announcer.ts';
import { createLogger } from '../../coordinator/report/logger.ts';
import { Scheduler } from '../../coordinator/scheduler/scheduler.ts';
import type { Assignment, AttemptRef } from '../../shared/protocol/agent-link.ts';
import { BUILT_IN_TASK_TYPES } from '../../shared/protocol/built-in-task-types.ts';
import { isFinalTaskState } from '../../shared/protocol/task.ts';
import { invariantViolations } from '../support/check-invariants.ts';

const NODES = ['nod_a', 'nod_b', 'nod_c'];
const USAGE = { wallMs: 5, cpuMs: 3, peakMemoryBytes: 10, bytesIn: 0, bytesOut: 0 };

/** A coordinator's heart and three agents in one process: everything that may happen between them, in any order. */
class World {
	readonly folder = mkdtempSync(join(tmpdir(), 'millrace-model-'));
	readonly submitted: string[] = [];
	/** Attempts that each node believes it runs; a node forgets when it dies. */
	readonly held = new Map<string, Map<string, AttemptRef>>(NODES.map((node) => [node, new Map()]));
	/** Tokens of attempts that nodes once had: late and repeated settlements come from here. */
	readonly old: { node: string; ref: AttemptRef }[] = [];
	readonly connected = new Set<string>();
	/** Cut links: what is pushed is lost. */
	readonly accepted = new Map<string, number>();
	#ledger!: InlineLedger;
	queue!: TaskQueue;
	#types!: TaskTypes;

	async open(): Promise<void> {
		mkdirSync(this.folder, { recursive: true });
		this.#ledger = new InlineLedger({ file: join(this.folder, 'ledger.db'), operations: [...QUEUE_OPERATIONS, ...JOB_OPERATIONS] });
		const ledger = this.#ledger;
		const logger = createLogger('silent');
		const scheduler = new Scheduler<OpenTask>();
		this.#types = await TaskTypes.load(ledger, BUILT_IN_TASK_TYPES);
		await Queues.load({ ledger, scheduler, onChange: () => {} });
		this.queue = await TaskQueue.open({
			ledger,
			scheduler,
			types: this.#types,
			announcer: new Announcer<TaskEvents>((error) => {
				throw error;
			}),
			logger,
			leaseMs: 60_000,
			linkGraceMs: 60_000,
			commitEndings: async (endings) =>
				Promise.allSettled(
					(
						await ledger.write(
							settlePlain,
							endings.map(({ item }) => item),
						)
					).map(async (outcome) => outcome),
				),
			hasOutput: () => false,
			onAttemptOver: () => {},
			push: {
				assign: (node, tasks) => this.#assigned(node, tasks),
				cancel: (node, { attempts }) => {
					for (const { task, reason } of attempts) if (reason === 'void') this.held.get(node)?.delete(task);
				},
			},
		});
	}

	/** kill -9 of the coordinator: only the ledger stays. */
	async crash(): Promise<void> {
		await this.close();
		this.connected.clear();
		await this.open();
	}

	async close(): Promise<void> {
		await this.queue[Symbol.asyncDispose]();
		await this.#ledger[Symbol.asyncDispose]();
	}

	owner(): number {
		return 1;
	}

	async addOwner(): Promise<void> {
		const { default: Database } = await import('better-sqlite3');
		const db = new Database(join(this.folder, 'ledger.db'));
		db.prepare(
			`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
			 VALUES (1, ?, 'a', 'a', 'x', 'user', 0)`,
		).run(newId('user'));
		db.close();
	}

	async submit(count: number, after: boolean): Promise<void> {
		const type = this.#types.newest('noop') as NonNullable<ReturnType<TaskTypes['newest']>>;
		const before = after ? this.submitted.slice(-1) : [];
		const tasks = Array.from({ length: count }, () => ({
			id: newId('task'),
			ownerSeq: 1,
			typeSeq: type.seq,
			routingKey: 'normal.noop',
			priority: 4,
			parameters: '{}',
			inputs: '[]',
			fileSeq: null,
			dedupeKey: null,
			notBefore: null,
			expiresAt: null,
			after: before,
		}));
		// A task to wait for may have ended badly: then the whole batch is refused, as it should be.
		const answer = await this.queue.submit(1, tasks, null, Date.now()).catch(() => ({ ids: [] as string[] }));
		this.submitted.push(...answer.ids);
	}

	connect(node: string): void {
		const refs = [...(this.held.get(node)?.values() ?? [])];
		this.connected.add(node);
		const stale = this.queue.connectNode(
			{
				id: node,
				name: node,
				queues: ['normal'],
				concurrency: 2,
				accepting: true,
				capabilities: {
					cores: 4,
					memoryBytes: 1e9,
					hardware: {},
					labels: {},
					sandbox: 'none',
					taskTypes: ['noop'],
				},
			},
			refs,
		);
		for (const { task } of stale) this.held.get(node)?.delete(task);
	}

	cut(node: string): void {
		this.connected.delete(node);
		this.queue.disconnectNode(node);
	}

	die(node: string): void {
		this.cut(node);
		this.held.get(node)?.clear();
	}

	async settle(node: string, ref: AttemptRef, outcome: string): Promise<void> {
		const item =
			outcome === 'succeeded'
				? { ...ref, outcome, result: {}, outputs: [], usage: USAGE }
				: outcome === 'failed'
					? { ...ref, outcome, failure: { class: 'transient', code: 'x', message: 'x' }, usage: USAGE }
					: { ...ref, outcome: 'returned', reason: 'x', usage: USAGE };
		const [reply] = await this.queue.settle(node, [item]);
		if (reply?.status === 'accepted' && outcome === 'succeeded') {
			this.accepted.set(ref.task, (this.accepted.get(ref.task) ?? 0) + 1);
		}
		this.held.get(node)?.delete(ref.task);
	}

	async turn(): Promise<void> {
		for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
	}

	#assigned(node: string, tasks: Assignment[]): void {
		if (!this.connected.has(node)) return;
		for (const { task, attempt, token } of tasks) {
			const ref = { task, attempt, token };
			this.held.get(node)?.set(task, ref);
			this.old.push({ node, ref });
			this.queue.started(node, [ref]);
		}
	}
}

const node = fc.constantFrom(...NODES);
const command = fc.oneof(
	fc.record({ do: fc.constant('submit' as const), count: fc.integer({ min: 1, max: 4 }), after: fc.boolean() }),
	fc.record({ do: fc.constantFrom('connect' as const, 'cut' as const, 'die' as const), node }),
	fc.record({
		do: fc.constant('settle' as const),
		node,
		outcome: fc.constantFrom('succeeded', 'succeeded', 'failed', 'returned'),
	}),
	fc.record({ do: fc.constant('late' as const), at: fc.nat(), as: node, outcome: fc.constantFrom('succeeded', 'failed') }),
	fc.record({ do: fc.constantFrom('cancel' as const, 'retry' as const), at: fc.nat() }),
	fc.record({ do: fc.constant('crash' as const) }),
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

const perform = async (world: World, step: Command): Promise<void> => {
	switch (step.do) {
		case 'submit':
			return world.submit(step.count, step.after);
		case 'connect':
			return world.connect(step.node);
		case 'cut':
			return world.cut(step.node);
		case 'die':
			return world.die(step.node);
		case 'settle': {
			const [ref] = world.held.get(step.node)?.values() ?? [];
			return ref && world.connected.has(step.node) ? world.settle(step.node, ref, step.outcome) : undefined;
		}
		case 'late': {
			const past = world.old[step.at % Math.max(1, world.old.length)];
			return past ? world.settle(step.as, past.ref, step.outcome) : undefined;
		}
		case 'cancel':
		case 'retry': {
			const id = world.submitted[step.at % Math.max(1, world.submitted.length)];
			// The state may not allow it; that is one of the answers.
			return id ? world.queue[step.do](id, null).catch(() => {}) : undefined;
		}
		case 'crash':
			return world.crash();
	}
};

test('whatever agents, people and crashes do, every task ends once and nothing is lost', { timeout: 120_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 60 }), async (steps) => {
			const world = new World();
			try {
				await world.open();
				await world.addOwner();
				for (const step of steps) {
					await perform(world, step);
					await world.turn();
				}
				expect(await invariantViolations({ data: world.folder, settled: false })).toEqual([]);
				for (const count of world.accepted.values()) expect(count).toBe(1);
			} finally {
				await world.close();
				rmSync(world.folder, { recursive: true });
			}
		}),
		{ numRuns: Number(process.env.MILLRACE_MODEL_RUNS ?? 60) },
	);
});

test('what is left when the trouble is over is finished by one node that works', { timeout: 120_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (steps) => {
			const world = new World();
			try {
				await world.open();
				await world.addOwner();
				for (const step of steps) {
					await perform(world, step);
					await world.turn();
				}
				// Everything starts anew without memory: leases of nodes that are gone come home when the nodes do.
				await world.crash();
				for (const each of NODES) {
					world.held.get(each)?.clear();
					world.connect(each);
				}
				const idle = async () => {
					for (let quiet = 0; quiet < 200; quiet++) {
						await world.turn();
						for (const each of NODES) {
							for (const ref of [...(world.held.get(each)?.values() ?? [])]) {
								await world.settle(each, ref, 'succeeded');
								quiet = 0;
							}
						}
					}
				};
				await idle();
				expect(world.queue.running).toBe(0);
				for (const id of world.submitted) {
					const { default: Database } = await import('better-sqlite3');
					const db = new Database(join(world.folder, 'ledger.db'), { readonly: true });
					const state = db.prepare('SELECT state FROM tasks WHERE id = ?').pluck().get(id) as 'queued';
					db.close();
					// Back-offs run on real time; everything else has ended.
					expect(isFinalTaskState(state) || state === 'retrying' || state === 'waiting', `${id} is ${state}`).toBe(true);
				}
			} finally {
				await world.close();
				rmSync(world.folder, { recursive: true });
			}
		}),
		{ numRuns: 15 },
	);
});
