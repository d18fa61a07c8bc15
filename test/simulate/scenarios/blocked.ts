import type { ReadyTask } from '../../../coordinator/scheduler/ready-task.ts';
import { plainClass } from '../../../coordinator/scheduler/service-class.ts';
import { Simulation } from '../../../coordinator/what-if/simulation.ts';
import type { World } from '../../../coordinator/what-if/world.ts';
import { barPlot } from '../../../shared/bar-plot.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import {
	lasting,
	PLAIN_NEEDS,
	simulatedNode,
	simulatedQueue,
	simulatedWorld,
	TaskMaker,
} from '../../support/simulated.ts';
import type { Scenario } from '../scenario.ts';

const QUEUES = ['normal', 'hardware', 'paused', 'capped'];
const CAMERA = { ...PLAIN_NEEDS, hardware: { camera: 1 } };
const FOR_EVER = Number.MAX_SAFE_INTEGER;
const OWNERS = 30;

type Blocked = { what: string; of: (owner: number) => Partial<ReadyTask> };

/** What cannot start, by why it cannot. */
const BLOCKED: readonly Blocked[] = [
	{ what: 'a full hardware queue', of: () => ({ routingKey: 'hardware.scan', needs: CAMERA }) },
	{ what: 'a paused queue', of: () => ({ routingKey: 'paused.x' }) },
	{ what: 'a capped class', of: () => ({ routingKey: 'capped.x', serviceClass: 'capped' }) },
	{ what: 'a key that reaches no queue', of: () => ({ routingKey: 'nowhere.x' }) },
	{ what: 'a need that no node meets', of: () => ({ needs: { ...PLAIN_NEEDS, cores: 1_000 } }) },
];

const worldOf = (tasks: TaskMaker): World => {
	const node = (i: number) =>
		simulatedNode(`n${i}`, 3, { queues: QUEUES, ...(i === 0 ? { hardware: { camera: 1 } } : {}) });
	const holders = [
		tasks.make(900, 0, { routingKey: 'hardware.scan', needs: CAMERA }),
		tasks.make(901, 0, { routingKey: 'capped.x', serviceClass: 'capped' }),
	];
	return simulatedWorld([0, 1, 2, 3].map(node), {
		queues: QUEUES.map((name) => simulatedQueue(name, name === 'paused')),
		classes: [plainClass('all'), { ...plainClass('capped'), band: 9, mostRunning: 1 }],
		// They hold the device and the class's only place to the end.
		leases: holders.map((task) => ({ task, node: 'n0', remainingMs: FOR_EVER })),
	});
};

/** Every start of the others, in order, with or without so many blocked tasks of each person in line. */
const startsWith = (blocked: Blocked | null, options: { scale: number; seed: number }): string[] => {
	const random = new SeededRandom(options.seed);
	const tasks = new TaskMaker();
	const starts: string[] = [];
	const lengths = new Map<number, number>();
	const simulation = new Simulation<ReadyTask>({
		at: 0,
		world: worldOf(tasks),
		runOf: ({ seq }) => lasting(lengths.get(seq) ?? FOR_EVER),
		observers: [{ started: ({ seq }, node, now) => starts.push(`${seq} ${node} ${now}`) }],
	});
	let at = 0;
	const count = Math.round(20_000 * options.scale);
	const arrivals = Array.from({ length: count }, () => {
		at += random.between(0, 300);
		const task = tasks.make(random.between(1, OWNERS), at);
		lengths.set(task.seq, random.between(100, 3_000));
		return { at, task };
	});
	if (blocked) {
		for (let i = 0; i < 3_000; i += 1) {
			const owner = 1 + (i % OWNERS);
			simulation.submit(tasks.make(owner, 0, blocked.of(owner)));
		}
	}
	simulation.run(at + 1_000_000, { arrivals });
	return starts;
};

/** What cannot start costs what can start nothing. */
export const blocked: Scenario = {
	name: 'blocked',
	title: 'What is blocked costs others nothing',
	about:
		'4 nodes with 3 slots, 30 people, 20,000 tasks of 0.1 to 3 s that come at random. The same people also have 3,000 tasks in line that cannot start. Every start (task, node, millisecond) is compared with those of the run in which the blocked tasks are not there.',
	play(options) {
		const without = startsWith(null, options);
		const compared = BLOCKED.map((one) => {
			const starts = startsWith(one, options);
			const different = without.filter((start, at) => starts[at] !== start).length;
			return { what: one.what, different: different + Math.abs(starts.length - without.length) };
		});
		return {
			figures: [
				{ what: 'starts compared', unit: '', value: without.length },
				...compared.map(({ what, different }) => ({
					what: `starts that differ because of ${what}`,
					unit: '',
					value: different,
					bar: { most: 0 },
				})),
			],
			plots: {
				blocked: barPlot({
					title: 'Starts of others that a blocked queue changes',
					xLabel: 'what is blocked',
					yLabel: 'starts that differ',
					series: ['different'],
					groups: compared.map(({ what, different }) => ({ name: what.replace(/^a /, ''), values: [different] })),
				}),
			},
		};
	},
};
