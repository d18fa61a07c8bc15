import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFinalTaskState, type TaskState } from '../../shared/protocol/task.ts';
import { rounds } from '../support/chaos-length.ts';
import { invariantViolations } from '../support/check-invariants.ts';
import { playClock } from '../support/played-clock.ts';
import type { Outcome } from '../support/played-settlement.ts';
import { indexFaults } from '../support/queue-index.ts';
import { LEASE_MS, NODES, type Node, QueueWorld } from '../support/queue-world.ts';
import { seededRandom } from '../support/seeded-random.ts';

const RUNS = rounds(75, 10_000);
const TIMEOUT = rounds(120_000, 3_600_000);

playClock();

const node = fc.constantFrom(...NODES);
const outcome = fc.constantFrom(
	...(['succeeded', 'succeeded', 'succeeded', 'failed', 'hopeless', 'crashed', 'returned', 'cancelled'] as const),
);
const times = fc.record(
	{ after: fc.boolean(), inMs: fc.integer({ min: 1, max: 60_000 }), forMs: fc.integer({ min: 1, max: 60_000 }) },
	{ requiredKeys: [] },
);
const command = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.record({
			do: fc.constant('submit' as const),
			count: fc.integer({ min: 1, max: 4 }),
			options: fc.oneof(fc.constant({}), times),
		}),
	},
	{ weight: 3, arbitrary: fc.record({ do: fc.constantFrom(...(['connect', 'heartbeat'] as const)), node }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constantFrom(...(['drain', 'cut', 'die'] as const)), node }) },
	{ weight: 6, arbitrary: fc.record({ do: fc.constant('settle' as const), node, outcome }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant('late' as const), at: fc.nat(), node, outcome }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constantFrom(...(['cancel', 'retry'] as const)), at: fc.nat() }) },
	{
		weight: 5,
		arbitrary: fc.record({
			do: fc.constant('steer' as const),
			verb: fc.constantFrom(
				...(['hold', 'hold', 'release', 'release', 'boost', 'unboost', 'move', 'retry', 'cancel'] as const),
			),
			at: fc.nat(),
			key: fc.constantFrom('normal.noop', 'normal.moved', 'priority.noop'),
			/** Of many: at once, without waiting for the answer of the one before. */
			all: fc.boolean(),
			wait: fc.boolean(),
		}),
	},
	{ weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 40_000 }) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('disk' as const), isFull: fc.boolean() }) },
	// Both at once: their answers come together.
	{ weight: 2, arbitrary: fc.record({ do: fc.constant('settle-and-cancel' as const), node, outcome }) },
);
/** `returned` never ends anything: it costs nothing. */
const ending = fc.constantFrom(...(['succeeded', 'succeeded', 'failed', 'crashed'] as const));
const dead = fc.constantFrom(null, ...NODES);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

const perform = async (world: QueueWorld, step: Command): Promise<void> => {
	switch (step.do) {
		case 'submit':
			return world.submit(step.count, step.options);
		case 'connect':
		case 'heartbeat':
		case 'drain':
		case 'cut':
		case 'die':
			return world[step.do](step.node);
		case 'settle': {
			const [ref] = world.held.get(step.node)?.values() ?? [];
			return ref && world.connected.has(step.node) ? world.settle(step.node, ref, step.outcome) : undefined;
		}
		case 'late': {
			const past = world.old[step.at % Math.max(1, world.old.length)];
			// Whoever holds the task by now is the one from whom a stale word could be taken for a fresh one.
			return past ? world.settle(world.holderOf(past.task) ?? step.node, past, step.outcome) : undefined;
		}
		case 'cancel':
		case 'retry': {
			const id = world.submitted[step.at % Math.max(1, world.submitted.length)];
			return id ? world[step.do](id) : undefined;
		}
		case 'steer': {
			const id = world.submitted[step.at % Math.max(1, world.submitted.length)];
			if (!id) return;
			// All at once are only held and let go: a model in which everything is cancelled would soon be over.
			const isAll = step.all && ['hold', 'release', 'boost'].includes(step.verb);
			const done = world.steer(step.verb, isAll ? null : id, step.verb === 'move' ? step.key : undefined);
			return step.wait ? done : undefined;
		}
		case 'pass':
			return world.pass(step.ms);
		case 'crash':
			return world.crash();
		case 'disk':
			world.diskIsFull = step.isFull;
			return;
		case 'settle-and-cancel': {
			const [ref] = world.held.get(step.node)?.values() ?? [];
			if (!ref || !world.connected.has(step.node)) return;
			await Promise.all([world.settle(step.node, ref, step.outcome), world.cancel(ref.task)]);
			return;
		}
	}
};

/** The trouble is over: all nodes but the one that died are there and end their work in one way, and time passes. */
const heal = async (world: QueueWorld, ending: Outcome, dead: Node | null): Promise<void> => {
	world.diskIsFull = false;
	if (dead !== null) world.die(dead);
	for (const each of NODES) if (each !== dead) world.connect(each);
	await world.turn();
	await world.steer('release', null);
	// No node serves the other queue.
	await world.steer('move', null, 'normal.noop');
	for (let quiet = 0; quiet < 4; ) {
		await world.turn();
		let settled = 0;
		for (const each of NODES) {
			for (const ref of [...(world.held.get(each)?.values() ?? [])]) {
				await world.settle(each, ref, ending);
				settled += 1;
			}
		}
		if (settled > 0) continue;
		// Back-offs, delays and leases of what never arrived end in their own time.
		await world.pass(LEASE_MS);
		for (const each of NODES) world.heartbeat(each);
		if ([...world.held.values()].every((held) => held.size === 0)) quiet += 1;
		else quiet = 0;
	}
};

test('P23: whatever nodes, people, time and crashes do, nothing is lost, everything ends, and ends once', {
	timeout: TIMEOUT,
}, async (context) => {
	const { seed } = seededRandom(context);
	const ends: Record<string, number> = {};
	await fc.assert(
		fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 60 }), ending, dead, async (steps, last, dead) => {
			await using world = await QueueWorld.open();
			for (const step of steps) {
				await perform(world, step);
				await world.turn();
			}
			expect(await invariantViolations({ data: world.data, settled: false })).toEqual([]);
			for (let i = 0; i < 6; i++) await world.turn();
			expect(indexFaults(world)).toEqual([]);
			await heal(world, last, dead);
			expect(indexFaults(world)).toEqual([]);
			expect(world.queue.running).toBe(0);
			expect(world.unended).toEqual([]);
			expect(world.overTwice).toEqual([]);
			const states = world.states();
			for (const id of world.submitted) {
				const state = states.get(id) as TaskState;
				expect(isFinalTaskState(state), `${id} is ${state}`).toBe(true);
				ends[state] = (ends[state] ?? 0) + 1;
			}
			expect(world.staleAccepted).toEqual([]);
			for (const [id, count] of world.accepted) expect(count, id).toBe(1);
			expect(await invariantViolations({ data: world.data })).toEqual([]);
		}),
		{ numRuns: RUNS, seed },
	);
	// A model that never gets anywhere would prove nothing.
	expect(Object.keys(ends).sort()).toEqual(['cancelled', 'expired', 'failed', 'quarantined', 'succeeded']);
});
