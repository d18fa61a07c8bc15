import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeOffer } from './node-slots.ts';
import type { Decision, ReadyTask } from './ready-task.ts';
import { type QueueRules, Scheduler } from './scheduler.ts';
import type { WaitingReason } from './waiting-reason.ts';
import { waitingSentence } from './waiting-sentence.ts';

type Command =
	| { do: 'setQueues'; queues: QueueRules[] }
	| { do: 'setNode'; node: NodeOffer }
	| { do: 'removeNode'; id: string }
	| { do: 'enqueue'; task: ReadyTask }
	| { do: 'remove'; seq: number }
	| { do: 'restoreLease'; task: ReadyTask; node: string }
	| { do: 'release'; seq: number }
	| { do: 'pick'; limit: number };

const LEVELS = ['none', 'limits', 'strong'];

/** The rules written down as slowly and plainly as possible: whole lists, no index, nothing kept. */
class NaiveScheduler {
	queues: QueueRules[] = [];
	nodes = new Map<string, NodeOffer>();
	queued = new Map<number, ReadyTask>();
	leases = new Map<number, Decision>();
	/** Number of the last start out of each queue. */
	turns = new Map<string, number>();
	starts = 0;

	route(routingKey: string): QueueRules | undefined {
		const matching = this.queues.flatMap((queue) =>
			queue.bindingKeys.filter((key) => asRegExp(key).test(`${routingKey}.`)).map((key) => ({ queue, key })),
		);
		const rank = (key: string): string => `${key.split('.').map(mark).join('')}~`;
		matching.sort((a, b) => (rank(a.key) + a.queue.name < rank(b.key) + b.queue.name ? -1 : 1));
		return matching[0]?.queue;
	}

	running = (id: string): Decision[] => [...this.leases.values()].filter(({ node }) => node === id);
	tokensFree(node: NodeOffer, device: string): number {
		const held = this.running(node.id).map(({ task }) => task.needs.hardware[device] ?? 0);
		return (node.capabilities.hardware[device] ?? 0) - held.reduce((a, b) => a + b, 0);
	}
	serving = (task: ReadyTask): NodeOffer[] =>
		[...this.nodes.values()].filter(
			(node) => node.accepting && node.queues.includes(this.route(task.routingKey)!.name),
		);
	meets = ({ needs, type }: ReadyTask, { capabilities }: NodeOffer): boolean =>
		capabilities.taskTypes.includes(type) &&
		capabilities.cores >= needs.cores &&
		capabilities.memoryBytes >= needs.memoryBytes &&
		LEVELS.indexOf(capabilities.sandbox) >= LEVELS.indexOf(needs.sandbox) &&
		Object.entries(needs.hardware).every(([name, count]) => (capabilities.hardware[name] ?? 0) >= count);
	candidates(task: ReadyTask): NodeOffer[] {
		const able = this.serving(task).filter((node) => this.meets(task, node));
		const others = able.filter(({ id }) => id !== task.avoidNode);
		return others.length > 0 ? others : able;
	}
	devicesFree = (task: ReadyTask, node: NodeOffer): boolean =>
		Object.entries(task.needs.hardware).every(([name, count]) => this.tokensFree(node, name) >= count);

	rule(task: ReadyTask): WaitingReason['rule'] {
		const queue = this.route(task.routingKey);
		if (!queue) return 'no-queue';
		if (queue.paused) return 'queue-paused';
		if (this.serving(task).length === 0) return 'no-node-serves-queue';
		const candidates = this.candidates(task);
		if (candidates.length === 0) return 'no-node-meets-needs';
		const tokens = candidates.filter((node) => this.devicesFree(task, node));
		if (tokens.length === 0) return 'hardware-busy';
		return tokens.some((node) => this.hasSlot(node)) ? 'next' : 'slots-busy';
	}
	hasSlot = (node: NodeOffer): boolean => this.running(node.id).length < node.concurrency;
	inOrder = (): ReadyTask[] =>
		[...this.queued.values()].sort((a, b) => b.priority - a.priority || a.order - b.order || a.seq - b.seq);

	pick(limit: number): Decision[] {
		const decisions: Decision[] = [];
		while (decisions.length < limit) {
			const eligible = this.inOrder().filter((each) => this.rule(each) === 'next');
			const turn = (each: ReadyTask): number => this.turns.get(this.route(each.routingKey)!.name) ?? 0;
			const [task] = eligible.sort((a, b) => turn(a) - turn(b));
			if (!task) break;
			this.turns.set(this.route(task.routingKey)!.name, ++this.starts);
			const room = this.candidates(task).filter((node) => this.hasSlot(node) && this.devicesFree(task, node));
			const load = ({ id, concurrency }: NodeOffer): number => this.running(id).length / concurrency;
			room.sort((a, b) => load(a) - load(b) || (a.name < b.name ? -1 : 1));
			const decision = { task, node: room[0]!.id };
			this.queued.delete(task.seq);
			this.leases.set(task.seq, decision);
			decisions.push(decision);
		}
		return decisions;
	}

	run(command: Command): unknown {
		switch (command.do) {
			case 'setQueues':
				this.queues = command.queues;
				for (const name of this.turns.keys())
					if (!this.queues.some((queue) => queue.name === name)) this.turns.delete(name);
				return;
			case 'setNode':
				this.nodes.set(command.node.id, command.node);
				return;
			case 'removeNode':
				this.nodes.delete(command.id);
				return;
			case 'enqueue':
				if (!this.leases.has(command.task.seq) && !this.queued.has(command.task.seq))
					this.queued.set(command.task.seq, command.task);
				return;
			case 'remove':
				return this.queued.delete(command.seq);
			case 'restoreLease':
				this.queued.delete(command.task.seq);
				this.leases.set(command.task.seq, { task: command.task, node: command.node });
				return;
			case 'release':
				this.leases.delete(command.seq);
				return;
			case 'pick':
				return this.pick(command.limit);
		}
	}
}

const mark = (word: string): string => (word === '#' ? 'c' : word === '*' ? 'b' : 'a');
const asRegExp = (binding: string): RegExp =>
	new RegExp(
		`^${binding
			.split('.')
			.map((word) => (word === '#' ? '([^.]+\\.)*' : word === '*' ? '[^.]+\\.' : `${word}\\.`))
			.join('')}$`,
	);

const run = (scheduler: Scheduler, command: Command): unknown => {
	switch (command.do) {
		case 'setQueues':
			return scheduler.setQueues(command.queues);
		case 'setNode':
			return scheduler.setNode(command.node);
		case 'removeNode':
			return scheduler.removeNode(command.id);
		case 'enqueue':
			return scheduler.enqueue(command.task);
		case 'remove':
			return scheduler.remove(command.seq);
		case 'restoreLease':
			return scheduler.restoreLease(command.task, command.node);
		case 'release':
			return scheduler.release(command.seq);
		case 'pick':
			return scheduler.pick(command.limit);
	}
};

const replay = (commands: readonly Command[]): Scheduler => {
	const scheduler = new Scheduler();
	for (const command of commands) run(scheduler, command);
	return scheduler;
};

const NODES = ['n1', 'n2', 'n3', 'n4'];
const QUEUES = ['hardware', 'normal', 'priority'];
const hardware = fc.constantFrom<Record<string, number>>({}, {}, {}, { card: 1 }, { card: 2 }, { card: 1, tape: 1 });
const seq = fc.integer({ min: 1, max: 30 });
const binding = fc.constantFrom('normal.#', 'priority.#', 'hardware.*', '*.a', '#', '#.b', 'normal.a');
const some = <T>(from: T[]): fc.Arbitrary<T[]> => fc.subarray(from, { minLength: 1 });

const queues = fc.subarray(QUEUES).chain((names) =>
	fc.tuple(
		...names.map((name) =>
			fc.record({
				name: fc.constant(name),
				bindingKeys: fc
					.array(binding, { maxLength: 2 })
					.map((more) => (more.length === 1 ? more : [`${name}.#`, ...more])),
				paused: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
			}),
		),
	),
);
const node = fc.record({ n: fc.constantFrom(...NODES), same: fc.boolean() }).chain(({ n, same }) =>
	fc.record({
		id: fc.constant(n),
		name: fc.constant(same ? `z-${n}` : `node-${9 - Number(n.slice(1))}`),
		queues: fc.oneof({ weight: 2, arbitrary: fc.constant(QUEUES) }, { weight: 1, arbitrary: some(QUEUES) }),
		concurrency: fc.integer({ min: 1, max: 3 }),
		capabilities: fc.record({
			cores: fc.constantFrom(2, 8),
			memoryBytes: fc.constantFrom(100, 1000),
			hardware: fc.constantFrom<Record<string, number>>({}, { card: 1 }, { card: 2, tape: 1 }),
			sandbox: fc.constantFrom('none' as const, 'limits' as const, 'strong' as const),
			taskTypes: some(['noop', 'thumb']),
			labels: fc.constant({}),
		}),
		accepting: fc.integer({ min: 0, max: 5 }).map((x) => x > 0),
	}),
);
const task: fc.Arbitrary<ReadyTask> = fc.record({
	seq,
	owner: fc.integer({ min: 1, max: 3 }),
	routingKey: fc.constantFrom('normal.a', 'normal.b', 'priority.a', 'hardware.x', 'other.a', 'nowhere', 'normal'),
	priority: fc.constantFrom(0, 4, 4, 4, 9),
	order: fc.integer({ min: 0, max: 12 }),
	needs: fc.record({
		cores: fc.constantFrom(1, 1, 4),
		memoryBytes: fc.constantFrom(0, 0, 500),
		hardware,
		sandbox: fc.constantFrom('none' as const, 'none' as const, 'limits' as const),
	}),
	type: fc.constantFrom('noop', 'noop', 'thumb'),
	avoidNode: fc.constantFrom(null, null, null, ...NODES),
});
const command: fc.Arbitrary<Command> = fc.oneof(
	{ weight: 2, arbitrary: queues.map((list) => ({ do: 'setQueues' as const, queues: list })) },
	{ weight: 4, arbitrary: node.map((offer) => ({ do: 'setNode' as const, node: offer })) },
	{ weight: 1, arbitrary: fc.constantFrom(...NODES).map((id) => ({ do: 'removeNode' as const, id })) },
	{ weight: 12, arbitrary: task.map((ready) => ({ do: 'enqueue' as const, task: ready })) },
	{ weight: 2, arbitrary: seq.map((n) => ({ do: 'remove' as const, seq: n })) },
	{
		weight: 1,
		arbitrary: fc
			.tuple(task, fc.constantFrom(...NODES))
			.map(([ready, id]) => ({ do: 'restoreLease' as const, task: ready, node: id })),
	},
	{ weight: 5, arbitrary: seq.map((n) => ({ do: 'release' as const, seq: n })) },
	{ weight: 5, arbitrary: fc.constantFrom(1, 2, Infinity).map((limit) => ({ do: 'pick' as const, limit })) },
);
const start: Command = {
	do: 'setQueues',
	queues: QUEUES.map((name) => ({ name, bindingKeys: [`${name}.#`], paused: false })),
};
const history = fc
	.array(command, { minLength: 5, maxLength: 70, size: 'max' })
	.map((commands): Command[] => [start, ...commands]);

const shortly = (decisions: Decision[]): string[] => decisions.map(({ task, node }) => `${task.seq} on ${node}`);

describe('Scheduler against a slow oracle', () => {
	it('makes the same decisions for any history of commands, and never oversells', () => {
		let picked = 0;
		fc.assert(
			fc.property(history, (commands) => {
				const scheduler = new Scheduler();
				const naive = new NaiveScheduler();
				for (const command of commands) {
					const got = run(scheduler, command);
					const expected = naive.run(command);
					if (command.do === 'pick') {
						expect(shortly(got as Decision[])).toEqual(shortly(expected as Decision[]));
						picked += (got as Decision[]).length;
						for (const { node, task } of got as Decision[]) {
							const offer = naive.nodes.get(node)!;
							expect(scheduler.runningOn(node)).toBeLessThanOrEqual(offer.concurrency);
							// A lease that was restored may hold what its node no longer has; a start may not.
							for (const device of Object.keys(task.needs.hardware))
								expect(naive.tokensFree(offer, device)).toBeGreaterThanOrEqual(0);
						}
						if (command.limit === Infinity)
							for (const waiting of naive.queued.values()) expect(naive.rule(waiting)).not.toBe('next');
					} else expect(got).toBe(expected);
					expect(scheduler.size).toBe(naive.queued.size);
					expect(scheduler.running).toBe(naive.leases.size);
				}
				const depths = new Map(scheduler.queueDepths().map(({ queue, queued }) => [queue, queued]));
				for (const { name } of naive.queues) {
					const there = naive.inOrder().filter(({ routingKey }) => naive.route(routingKey)?.name === name);
					expect(depths.get(name)).toBe(there.length);
				}
			}),
			{ numRuns: 2_500 },
		);
		expect(picked).toBeGreaterThan(2_000); // the histories do reach decisions
	});

	it('explains every waiting task as the oracle does, with the right number of tasks ahead', () => {
		const seen = new Set<string>();
		fc.assert(
			fc.property(history, (commands) => {
				const scheduler = replay(commands);
				const naive = new NaiveScheduler();
				for (const command of commands) naive.run(command);
				for (const waiting of naive.inOrder()) {
					const reason = scheduler.explain(waiting.seq)!;
					seen.add(reason.rule);
					expect(reason.rule).toBe(naive.rule(waiting));
					expect(waitingSentence(reason)).toMatch(
						/^[A-Z][^\n]*; [^\n]*\.$|^[A-Z][^\n]*about to start\.$|but .*placed\.$/,
					);
					if (!('ahead' in reason)) continue;
					const inQueue = naive.inOrder().filter(({ routingKey }) => naive.route(routingKey)?.name === reason.queue);
					expect(reason.ahead.queue).toBe(inQueue.findIndex(({ seq }) => seq === waiting.seq));
				}
			}),
			{ numRuns: 1_000 },
		);
		expect([...seen].sort()).toEqual([
			'hardware-busy',
			'next',
			'no-node-meets-needs',
			'no-node-serves-queue',
			'no-queue',
			'queue-paused',
			'slots-busy',
		]);
	});

	it('claims only what would really unblock: each change that is named is tried', () => {
		fc.assert(
			fc.property(history, fc.nat(), (commands, nth) => {
				const naive = new NaiveScheduler();
				for (const command of commands) naive.run(command);
				const line = naive.inOrder();
				fc.pre(line.length > 0);
				const { seq, routingKey, type, needs } = line[nth % line.length]!;
				const scheduler = replay(commands);
				const reason = scheduler.explain(seq)!;
				// Alone in line it starts now if, and only if, the reason is that it is next.
				const alone = replay(commands);
				for (const other of line) if (other.seq !== seq) alone.remove(other.seq);
				expect(alone.pick(1).length === 1).toBe(reason.rule === 'next');

				const giant: NodeOffer = {
					id: 'giant',
					name: 'giant',
					queues: QUEUES,
					concurrency: 100,
					capabilities: { ...needs, cores: 64, memoryBytes: 1e12, taskTypes: [type], labels: {}, sandbox: 'strong' },
					accepting: true,
				};
				if (reason.rule === 'no-queue') {
					scheduler.setQueues([...naive.queues, { name: 'extra', bindingKeys: [routingKey], paused: false }]);
					expect(scheduler.explain(seq)?.rule).not.toBe('no-queue');
				} else if (reason.rule === 'queue-paused') {
					scheduler.setQueues(naive.queues.map((queue) => ({ ...queue, paused: false })));
					expect(scheduler.explain(seq)?.rule).not.toBe('queue-paused');
				} else if (reason.rule === 'no-node-serves-queue' || reason.rule === 'no-node-meets-needs') {
					scheduler.setNode(giant);
					expect(scheduler.explain(seq)).toMatchObject({ rule: 'next', nodes: ['giant'] });
				} else if (reason.rule === 'hardware-busy') {
					for (const holder of reason.holders) scheduler.release(holder);
					expect(['next', 'slots-busy']).toContain(scheduler.explain(seq)?.rule);
				} else if (reason.rule === 'slots-busy') {
					for (const { task } of naive.leases.values()) scheduler.release(task.seq);
					expect(scheduler.explain(seq)?.rule).toBe('next');
				}
			}),
			{ numRuns: 1_500 },
		);
	});

	it('decides the same when the same commands come again', () => {
		fc.assert(
			fc.property(history, (commands) => {
				const [one, two] = [replay(commands), replay(commands)];
				expect(shortly(one.pick(Infinity))).toEqual(shortly(two.pick(Infinity)));
			}),
			{ numRuns: 300 },
		);
	});

	it('starts the same tasks on the other queues whether or not one queue is blocked', () => {
		fc.assert(
			fc.property(history, (commands) => {
				const blocked = (rules: QueueRules[]): QueueRules[] =>
					rules.map((queue) => (queue.name === 'hardware' ? { ...queue, paused: true } : queue));
				const pausing = commands.map((c): Command => (c.do === 'setQueues' ? { ...c, queues: blocked(c.queues) } : c));
				const routes = new NaiveScheduler();
				const absent = pausing.filter((command) => {
					routes.run(command);
					return command.do !== 'enqueue';
				});
				fc.pre(commands.filter((c) => c.do === 'setQueues').length === 1);
				const others = pausing.filter(
					(c) => c.do !== 'enqueue' || routes.route(c.task.routingKey)?.name !== 'hardware',
				);
				expect(absent.length).toBeLessThanOrEqual(others.length);
				const shared = new Set(others);
				const [withIt, without] = [new Scheduler(), new Scheduler()];
				// A seq that is taken by a task of the blocked queue must not be reused by one of another.
				const taken = new Set(pausing.filter((c) => !shared.has(c)).map((c) => (c.do === 'enqueue' ? c.task.seq : 0)));
				fc.pre(!others.some((c) => c.do === 'enqueue' && taken.has(c.task.seq)));
				const starts = (scheduler: Scheduler, list: Command[]): unknown[] =>
					list.flatMap((c) => {
						const result = run(scheduler, c);
						return c.do === 'pick' ? [shortly(result as Decision[])] : [];
					});
				expect(starts(withIt, pausing)).toEqual(starts(without, others));
			}),
			{ numRuns: 300 },
		);
	});
});
