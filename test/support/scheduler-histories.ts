import fc from 'fast-check';
import { type ClassRules, plainClass } from '../../coordinator/scheduler/service-class.ts';
import type { Command, ModelTask } from './scheduler-commands.ts';

const NODES = ['n1', 'n2', 'n3', 'n4'];
export const QUEUES = ['hardware', 'normal', 'priority'];
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
		concurrency: fc.constantFrom(1, 1, 2, 3, 4),
		capabilities: fc.record({
			cores: fc.constantFrom(2, 8),
			memoryBytes: fc.constantFrom(100, 1000),
			hardware: fc.constantFrom<Record<string, number>>({}, { card: 1 }, { card: 2, tape: 1 }),
			sandbox: fc.constantFrom('none' as const, 'limits' as const, 'strong' as const),
			taskTypes: some(['noop', 'thumb']),
			labels: fc.constantFrom<Record<string, string>>({}, { zone: 'a' }, { zone: 'b' }),
		}),
		accepting: fc.integer({ min: 0, max: 5 }).map((x) => x > 0),
		policy: fc.constantFrom(
			undefined,
			undefined,
			undefined,
			{ taskTypes: ['thumb'], reservedFor: [] },
			{ taskTypes: null, reservedFor: ['card', 'zone'] },
		),
	}),
);
const task: fc.Arbitrary<ModelTask> = fc.record({
	seq,
	owner: fc.integer({ min: 1, max: 3 }),
	serviceClass: fc.constantFrom('a', 'b', 'c', 'unset'),
	routingKey: fc.constantFrom('normal.a', 'normal.b', 'priority.a', 'hardware.x', 'other.a', 'nowhere', 'normal'),
	priority: fc.constantFrom(0, 4, 4, 4, 9),
	order: fc.integer({ min: 0, max: 12 }),
	needs: fc.record({
		cores: fc.constantFrom(1, 1, 4),
		memoryBytes: fc.constantFrom(0, 0, 500),
		hardware,
		labels: fc.constantFrom<Record<string, string>>({}, {}, {}, {}, { zone: 'a' }),
		sandbox: fc.constantFrom('none' as const, 'none' as const, 'limits' as const),
	}),
	type: fc.constantFrom('noop', 'noop', 'thumb'),
	avoidNode: fc.constantFrom(null, null, null, ...NODES),
	boosted: fc.constantFrom(false, false, false, false, true),
	inputs: fc.subarray(['x', 'y', 'z']),
});
const classes: fc.Arbitrary<ClassRules[]> = fc.tuple(
	...['a', 'b', 'c'].map((id) =>
		fc.record({
			id: fc.constant(id),
			band: fc.constantFrom(4, 5, 5, 6),
			weight: fc.constantFrom(1, 1, 4),
			idleOnly: fc.constantFrom(false, false, false, true),
			mostRunning: fc.constantFrom(null, null, 1, 3),
			mostRunningOfUser: fc.constantFrom(null, null, 1, 2),
			mostCores: fc.constantFrom(null, null, null, 4, 6),
			mostMemoryBytes: fc.constantFrom(null, null, null, 600),
			mostOfType: fc.constantFrom<Record<string, number>>({}, {}, { noop: 1 }, { thumb: 2 }),
			starts: fc.constantFrom(null, null, { perMinute: 1, burst: 2 }, { perMinute: 60, burst: 1 }),
		}),
	),
);
const act = fc.oneof(
	{ weight: 2, arbitrary: queues.map((list) => ({ do: 'setQueues' as const, queues: list })) },
	{ weight: 1, arbitrary: classes.map((list) => ({ do: 'setClasses' as const, classes: list })) },
	{
		weight: 1,
		arbitrary: fc
			.record({ type: fc.constantFrom('noop', 'thumb'), cost: fc.constantFrom(5, 1_000, 60_000) })
			.map((one) => ({ do: 'learnCosts' as const, costs: [one] })),
	},
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
	{
		weight: 5,
		arbitrary: fc
			.tuple(seq, fc.constantFrom(null, 0, 5, 700, 60_000))
			.map(([n, cost]) => ({ do: 'release' as const, seq: n, cost })),
	},
	{ weight: 5, arbitrary: fc.constantFrom(1, 2, Infinity).map((limit) => ({ do: 'pick' as const, limit })) },
);
const command: fc.Arbitrary<Command> = fc
	.tuple(act, fc.constantFrom(0, 0, 1, 1_000, 200_000, 900_000))
	.map(([what, after]) => ({ ...what, after }));
const start: Command = {
	do: 'setQueues',
	queues: QUEUES.map((name) => ({ name, bindingKeys: [`${name}.#`], paused: false })),
	after: 0,
};
/** Whatever may be done to a scheduler that has three queues and some classes, in any order. */
export const histories: fc.Arbitrary<Command[]> = fc
	.tuple(classes, fc.array(command, { minLength: 5, maxLength: 70, size: 'max' }))
	.map(([list, commands]): Command[] => [start, { do: 'setClasses', classes: list, after: 0 }, ...commands]);

const plainTask = (n: number): ModelTask => ({
	...{ seq: n, owner: 1, serviceClass: 'a', routingKey: 'normal.a', priority: 4, order: n, type: 'noop' },
	...{ boosted: false, avoidNode: null, inputs: [] },
	needs: { cores: 1, memoryBytes: 0, hardware: {}, labels: {}, sandbox: 'none' },
});

/** A task that waits for its class's rate: histories by chance have one so seldom that a test might see none. */
export const RATE_HISTORY: Command[] = [
	start,
	{ do: 'setClasses', classes: [{ ...plainClass('a'), starts: { perMinute: 1, burst: 1 } }], after: 0 },
	{
		do: 'setNode',
		node: {
			...{ id: 'n1', name: 'n1', queues: QUEUES, concurrency: 2, accepting: true },
			capabilities: { cores: 8, memoryBytes: 1000, hardware: {}, sandbox: 'none', taskTypes: ['noop'], labels: {} },
		},
		after: 0,
	},
	...[1, 2].map((seq): Command => ({ do: 'enqueue', task: plainTask(seq), after: 0 })),
	{ do: 'pick', limit: 2, after: 0 },
];
