import type { NodeOffer } from '../../../coordinator/scheduler/node-slots.ts';
import type { ReadyTask } from '../../../coordinator/scheduler/ready-task.ts';
import { plainClass } from '../../../coordinator/scheduler/service-class.ts';
import { Simulation } from '../../../coordinator/what-if/simulation.ts';
import { Tally } from '../../../coordinator/what-if/tally.ts';
import type { Arrival } from '../../../coordinator/what-if/world.ts';
import { linePlot } from '../../../shared/line-plot.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { lasting, simulatedNode, simulatedQueue, simulatedWorld, TaskMaker } from '../../support/simulated.ts';
import type { Scenario } from '../scenario.ts';

const HOURS = 4;
const HOUR_MS = 3_600_000;
const SLOTS = 4;
const QUEUES = Array.from({ length: 50 }, (_, i) => `q${i}`);
const USERS = 1_000;
/** Of the slots, on average over the time in which tasks come; half as much again in its middle, when a line forms. */
const LOAD = 0.65;

const CLASSES = [
	{ ...plainClass('priority'), band: 7 },
	{ ...plainClass('standard'), weight: 4 },
	{ ...plainClass('bulk'), weight: 1 },
	{ ...plainClass('background'), band: 2 },
];
const classOf = (owner: number): string =>
	CLASSES[owner % 20 === 0 ? 0 : owner % 4 === 1 ? 2 : owner % 4 === 2 ? 3 : 1]!.id;

/** A machine serves three queues that lie side by side, so that each queue has machines in common with others. */
const nodeOf = (i: number): NodeOffer =>
	simulatedNode(`n${i}`, SLOTS, { queues: [0, 1, 2].map((step) => QUEUES[(i + step) % QUEUES.length]!) });

const arrivalsOf = function* (count: number, random: SeededRandom): Generator<Arrival> {
	const tasks = new TaskMaker();
	const total = HOURS * HOUR_MS;
	for (let i = 0; i < count; i += 1) {
		// Twice as many a minute in the middle of the time as on average, and none at its ends.
		const share = (i + 0.5) / count;
		const at = Math.round((total * Math.acos(1 - 2 * share)) / Math.PI);
		// Some people have far more than others: the square puts half of all tasks on a quarter of them.
		const owner = 1 + Math.floor(random.next() ** 2 * USERS);
		const queue = QUEUES[random.between(0, QUEUES.length - 1)]!;
		const type = random.next() < 0.8 ? 'short' : 'long';
		yield {
			at,
			task: tasks.make(owner, at, {
				serviceClass: classOf(owner),
				type,
				routingKey: `${queue}.${type}`,
				priority: random.between(3, 5),
			}),
		};
	}
};

/** The size that the issue asks for, through the same core. */
export const bigFleet: Scenario = {
	name: 'big-fleet',
	title: 'A big fleet',
	about:
		'10,000 nodes with 4 slots that serve three of 50 queues each; 1,000 people in four classes (band 7; band 5 with the weights 4 and 1; band 2) hand in 1,000,000 tasks in four hours, most of them in the middle, so that the line grows and goes again.',
	play({ scale, seed }) {
		const random = new SeededRandom(seed);
		const [nodes, count] = [Math.max(50, Math.round(10_000 * scale)), Math.round(1_000_000 * scale)];
		const meanMs = (LOAD * nodes * SLOTS * HOURS * HOUR_MS) / count;
		const lengthOf = ({ type }: ReadyTask) => {
			const mean = type === 'short' ? meanMs / 2 : meanMs * 3;
			return Math.min(-Math.log(1 - random.next()), 8) * mean;
		};
		const until = (HOURS + 2) * HOUR_MS;
		const tally = new Tally({ from: 0, until, groupOf: () => 'all' });
		const began = performance.now();
		const simulation = new Simulation<ReadyTask>({
			at: 0,
			world: simulatedWorld(
				Array.from({ length: nodes }, (_, i) => nodeOf(i)),
				{
					queues: QUEUES.map((name) => simulatedQueue(name)),
					classes: CLASSES,
				},
			),
			runOf: (task) => lasting(lengthOf(task)),
			observers: [tally],
		});
		const built = performance.now();
		const cpuBefore = process.cpuUsage();
		simulation.run(until, { arrivals: arrivalsOf(count, random) });
		const took = performance.now() - built;
		const { user, system } = process.cpuUsage(cpuBefore);
		const cpuSeconds = (user + system) / 1e6;
		const outcome = tally.outcome(simulation);
		const rows = outcome.classes.map(
			({ name, waits }) =>
				`| ${name} | ${waits.tasks} | ${seconds(waits.p50Ms)} | ${seconds(waits.p90Ms)} | ${seconds(waits.p99Ms)} | ${seconds(waits.mostMs)} |`,
		);
		return {
			figures: [
				{ what: 'nodes', unit: '', value: nodes },
				{ what: 'tasks started', unit: '', value: outcome.started, bar: { least: count } },
				{ what: 'never started', unit: '', value: outcome.neverStarted, bar: { most: 0 } },
				{ what: 'time to take in the nodes', unit: 's', value: (built - began) / 1_000 },
				// Of the processor: other work on the machine does not count.
				{ what: 'processor time to simulate', unit: 's', value: cpuSeconds, bar: { most: 300 } },
				{ what: 'time to simulate by the clock', unit: 's', value: took / 1_000 },
				{ what: 'arrivals, starts and ends a second', unit: '', value: (3 * outcome.started) / cpuSeconds },
				{ what: 'slots in use over all', unit: '%', value: outcome.used * 100 },
			],
			plots: {
				'big-fleet-depth': linePlot({
					title: 'Tasks in line by class',
					xLabel: 'hours',
					xMost: until / HOUR_MS,
					yLabel: 'tasks in line',
					lines: outcome.classes.map(({ name, depth }) => ({ name, values: depth })),
				}),
				'big-fleet-use': linePlot({
					title: 'Slots in use',
					xLabel: 'hours',
					xMost: until / HOUR_MS,
					yLabel: '% of all slots',
					lines: outcome.groups.map(({ name, used }) => ({ name, values: used.map((one) => one * 100) })),
				}),
			},
			tables: [
				[
					'Waits in seconds:',
					'',
					'| class | tasks | p50 | p90 | p99 | longest |',
					'|---|--:|--:|--:|--:|--:|',
					...rows,
				].join('\n'),
			],
		};
	},
};

const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
