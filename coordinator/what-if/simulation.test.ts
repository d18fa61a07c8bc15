import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lasting, simulatedNode, simulatedWorld, TaskMaker } from '../../test/support/simulated.ts';
import type { ReadyTask } from '../scheduler/ready-task.ts';
import { plainClass } from '../scheduler/service-class.ts';
import type { Observer } from './observer.ts';
import { Simulation } from './simulation.ts';
import { Tally } from './tally.ts';
import type { Arrival, Change, Run, World } from './world.ts';

interface Start {
	seq: number;
	node: string;
	at: number;
}

const simulate = (
	world: World,
	input: {
		arrivals?: readonly Arrival[];
		changes?: readonly Change[];
		until: number;
		runOf?: (task: ReadyTask) => Run;
	},
) => {
	const starts: Start[] = [];
	const tally = new Tally({ from: 0, until: input.until });
	const starting = { started: ({ seq }: ReadyTask, node: string, at: number) => starts.push({ seq, node, at }) };
	const simulation = new Simulation({
		at: 0,
		world,
		runOf: input.runOf ?? (() => lasting(100)),
		observers: [starting, tally],
	});
	simulation.run(input.until, input);
	return { starts, simulation, outcome: tally.outcome(simulation) };
};

describe('Simulation', () => {
	it('lets one server with fixed service times serve in order of arrival', () => {
		const tasks = new TaskMaker();
		const arrivals = [0, 50, 120, 400].map((at) => ({ at, task: tasks.make(1, at) }));
		const { starts, outcome } = simulate(simulatedWorld([simulatedNode('n', 1)]), { arrivals, until: 1_000 });
		expect(starts.map(({ at }) => at)).toEqual([0, 100, 200, 400]);
		const [all] = outcome.classes;
		// Waits of 0, 50, 80 and 0.
		expect(all?.waits).toMatchObject({ tasks: 4, started: 4, meanMs: 32.5, p50Ms: 0, mostMs: 80 });
		expect(all?.waits.p99Ms).toBeCloseTo(80, 0);
		expect(outcome).toMatchObject({ started: 4, ended: 4, neverStarted: 0, lost: 0, removed: 0 });
		expect(outcome.used).toBeCloseTo(0.4, 9);
		expect(all?.costMs).toBe(400);
	});

	it('agrees with the formula for waits at one server with random arrivals and fixed service times', () => {
		// M/D/1: mean wait = rho / (2 (1 - rho)) of the service time.
		const rho = 0.8;
		const tasks = new TaskMaker();
		let state = 1;
		const uniform = () => {
			state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
			return (state + 0.5) / 2 ** 32;
		};
		const arrivals: Arrival[] = [];
		for (let at = 0; arrivals.length < 50_000; at += (-Math.log(uniform()) * 100) / rho) {
			arrivals.push({ at, task: tasks.make(1, at) });
		}
		const { outcome } = simulate(simulatedWorld([simulatedNode('n', 1)]), { arrivals, until: 8_000_000 });
		const expected = (rho / (2 * (1 - rho))) * 100;
		expect(Math.abs(outcome.classes[0]!.waits.meanMs / expected - 1)).toBeLessThan(0.08);
	});

	it('lets two people take turns though one came with all tasks first', () => {
		const tasks = new TaskMaker();
		const arrivals = [
			...[1, 1, 1, 1].map((owner) => ({ at: 0, task: tasks.make(owner, 0) })),
			...[2, 2].map((owner) => ({ at: 10, task: tasks.make(owner, 10) })),
		];
		const { starts } = simulate(simulatedWorld([simulatedNode('n', 1)]), { arrivals, until: 1_000 });
		expect(starts.map(({ seq }) => seq)).toEqual([1, 5, 2, 6, 3, 4]);
	});

	it('never runs more of a class than its cap, and says what is left in line', () => {
		const tasks = new TaskMaker();
		const arrivals = Array.from({ length: 5 }, () => ({ at: 0, task: tasks.make(1, 0) }));
		const world = simulatedWorld([simulatedNode('n', 4)], { classes: [{ ...plainClass('all'), mostRunning: 2 }] });
		const { starts, outcome } = simulate(world, { arrivals, until: 199 });
		expect(starts.map(({ at }) => at)).toEqual([0, 0, 100, 100]);
		expect(outcome).toMatchObject({ started: 4, ended: 2, neverStarted: 1 });
		expect(outcome.classes[0]?.waits).toMatchObject({ tasks: 5, started: 4, mostMs: 199 });
	});

	it('goes on with what ran and stood in line at the start', () => {
		const tasks = new TaskMaker();
		const [running, waiting] = [tasks.make(1, 0), tasks.make(1, 0)];
		const leases = [{ task: running, node: 'n', remainingMs: 30 }];
		const world = simulatedWorld([simulatedNode('n', 1)], { line: [waiting], leases });
		const { starts, outcome } = simulate(world, { until: 500 });
		expect(starts).toEqual([{ seq: 2, node: 'n', at: 30 }]);
		expect(outcome).toMatchObject({ started: 1, ended: 2 });
	});

	it('runs a task again as often as it is told to', () => {
		const tasks = new TaskMaker();
		const arrivals = [{ at: 0, task: tasks.make(1, 0) }];
		const starts: number[] = [];
		const runOf = (_: ReadyTask, run: number): Run => ({ ms: 10, cost: null, againAfterMs: run < 3 ? 5 : null });
		const world = simulatedWorld([simulatedNode('n', 1)]);
		const simulation = new Simulation({
			at: 0,
			world,
			runOf,
			observers: [{ started: (_, __, now) => starts.push(now) }],
		});
		simulation.run(1_000, { arrivals });
		expect(starts).toEqual([0, 15, 30]);
	});

	it('gives a lost node’s work to another one, and leaves it alone when the node comes back in time', () => {
		const tasks = new TaskMaker();
		const arrivals = [{ at: 0, task: tasks.make(1, 0) }];
		const [a, b] = [simulatedNode('a', 1), simulatedNode('b', 1)];
		const runOf = () => lasting(100_000);
		const gone: Change[] = [{ at: 1_000, do: 'removeNode', id: 'a' }];
		const lost = simulate(simulatedWorld([a, b]), { arrivals, changes: gone, until: 200_000, runOf });
		expect(lost.starts).toEqual([
			{ seq: 1, node: 'a', at: 0 },
			{ seq: 1, node: 'b', at: 11_000 },
		]);
		expect(lost.outcome).toMatchObject({ lost: 1, ended: 1 });
		const back: Change[] = [...gone, { at: 10_000, do: 'setNode', node: a }];
		const kept = simulate(simulatedWorld([a, b]), { arrivals, changes: back, until: 200_000, runOf });
		expect(kept.starts).toHaveLength(1);
		expect(kept.outcome).toMatchObject({ lost: 0, ended: 1 });
	});

	it('does not start what was removed before its time came', () => {
		const tasks = new TaskMaker();
		const arrivals = [0, 0].map((at) => ({ at, task: tasks.make(1, at) }));
		const changes: Change[] = [{ at: 50, do: 'remove', seq: 2 }];
		const { starts, outcome } = simulate(simulatedWorld([simulatedNode('n', 1)]), { arrivals, changes, until: 1_000 });
		expect(starts).toHaveLength(1);
		expect(outcome).toMatchObject({ removed: 1, neverStarted: 0 });
	});
});

/** A fleet that changes, tasks that come, some of them removed, some run twice. */
const worlds = fc.record({
	slots: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
	tasks: fc.array(
		fc.record({
			at: fc.integer({ min: 0, max: 90_000 }),
			owner: fc.integer({ min: 1, max: 4 }),
			serviceClass: fc.constantFrom('high', 'low', 'idle'),
			ms: fc.integer({ min: 1, max: 40_000 }),
			again: fc.boolean(),
			removedAfter: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: null }),
		}),
		{ maxLength: 60 },
	),
	leaves: fc.array(
		fc.record({
			node: fc.nat(3),
			at: fc.integer({ min: 0, max: 60_000 }),
			awayMs: fc.integer({ min: 1, max: 60_000 }),
		}),
		{ maxLength: 3 },
	),
});

type Drawn = typeof worlds extends fc.Arbitrary<infer D> ? D : never;

describe('any simulation', () => {
	const CLASSES = [
		{ ...plainClass('high'), band: 7, mostRunning: 3 },
		{ ...plainClass('low'), band: 3, mostRunningOfUser: 1 },
		{ ...plainClass('idle'), idleOnly: true },
	];

	const play = ({ slots, tasks: given, leaves }: Drawn) => {
		const nodes = slots.map((concurrency, i) => simulatedNode(`n${i}`, concurrency));
		const tasks = new TaskMaker();
		const runs = new Map<number, (typeof given)[number]>();
		const changes: Change[] = [];
		const arrivals = [...given]
			.sort((a, b) => a.at - b.at)
			.map((one) => {
				const task = tasks.make(one.owner, one.at, { serviceClass: one.serviceClass });
				runs.set(task.seq, one);
				if (one.removedAfter !== null) changes.push({ at: one.at + one.removedAfter, do: 'remove', seq: task.seq });
				return { at: one.at, task };
			});
		for (const { node, at, awayMs } of leaves) {
			const left = nodes[node];
			if (!left) continue;
			changes.push({ at, do: 'removeNode', id: left.id }, { at: at + awayMs, do: 'setNode', node: left });
		}
		changes.sort((a, b) => a.at - b.at);
		const running = new Map<string, Set<number>>(nodes.map(({ id }) => [id, new Set()]));
		const log: string[] = [];
		const inLine = new Set<number>();
		const onEach = (what: string, { seq }: ReadyTask, now: number, node = '') =>
			log.push(`${what} ${seq} ${now} ${node}`);
		const giveBack = (task: ReadyTask, node: string) => expect(running.get(node)!.delete(task.seq)).toBe(true);
		const observer: Observer<ReadyTask> = {
			arrived(task, now) {
				onEach('arrived', task, now);
				expect(inLine.has(task.seq)).toBe(false);
				inLine.add(task.seq);
			},
			started(task, node, now) {
				onEach('started', task, now, node);
				expect(inLine.delete(task.seq), 'it stood in line').toBe(true);
				const here = running.get(node)!;
				here.add(task.seq);
				expect(here.size).toBeLessThanOrEqual(nodes.find(({ id }) => id === node)!.concurrency);
			},
			ended(task, node, _, now) {
				onEach('ended', task, now, node);
				giveBack(task, node);
			},
			lost(task, node, _, now) {
				onEach('lost', task, now, node);
				giveBack(task, node);
			},
			removed(task, now) {
				onEach('removed', task, now);
				expect(inLine.delete(task.seq)).toBe(true);
			},
		};
		const runOf = ({ seq }: ReadyTask, run: number): Run => {
			const { ms, again } = runs.get(seq)!;
			return { ms, cost: run > 1 ? ms : null, againAfterMs: again && run === 1 ? 1_000 : null };
		};
		const world = simulatedWorld(nodes, { classes: CLASSES });
		const simulation = new Simulation({ at: 0, world, runOf, observers: [observer] });
		simulation.run(100_000, { arrivals, changes });
		return { log, inLine, running, arrivals, simulation };
	};

	it('starts every task, leaves it in line, or removes it; no slot runs two', () => {
		fc.assert(
			fc.property(worlds, (drawn) => {
				const { log, inLine, running, arrivals, simulation } = play(drawn);
				const seen = (what: string) =>
					new Set(log.filter((l) => l.startsWith(what)).map((l) => Number(l.split(' ')[1])));
				const [started, removed] = [seen('started'), seen('removed')];
				for (const { task } of arrivals) {
					expect(started.has(task.seq) || removed.has(task.seq) || inLine.has(task.seq)).toBe(true);
				}
				expect(simulation.scheduler.size).toBe(inLine.size);
				const busy = [...running.values()].reduce((sum, here) => sum + here.size, 0);
				expect([...simulation.leases]).toHaveLength(busy);
			}),
			{ numRuns: 200 },
		);
	});

	it('goes the same way when it is run again', () => {
		fc.assert(
			fc.property(worlds, (drawn) => {
				expect(play(drawn).log).toEqual(play(drawn).log);
			}),
			{ numRuns: 50 },
		);
	});
});
