import type { ReadyTask } from '../../../coordinator/scheduler/ready-task.ts';
import { plainClass } from '../../../coordinator/scheduler/service-class.ts';
import { Simulation } from '../../../coordinator/what-if/simulation.ts';
import { Tally } from '../../../coordinator/what-if/tally.ts';
import { linePlot } from '../../../shared/line-plot.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { lasting, simulatedNode, simulatedWorld, TaskMaker } from '../../support/simulated.ts';
import type { Scenario } from '../scenario.ts';

const HOUR_MS = 3_600_000;
const BURST = 8;
const EVERY_MS = 5 * 60_000;

/** Idle-only work has what nobody wants, and gives it back when somebody does. */
export const idleWork: Scenario = {
	name: 'idle-work',
	title: 'Idle-only work gives way',
	about:
		'A day on 16 slots. Idle-only tasks of one to two hours fill all of them; every five minutes eight tasks of 20 to 40 s come in another class. Idle-only work is asked for its slots and has given them back a second later. One slot in eight is kept for short tasks, so long idle-only work does not fill it.',
	play({ scale, seed }) {
		const until = Math.max(2, 24 * scale) * HOUR_MS;
		const random = new SeededRandom(seed);
		const tasks = new TaskMaker();
		const waits: number[] = [];
		const tally = new Tally<ReadyTask>({ from: 0, until });
		const simulation: Simulation = new Simulation<ReadyTask>({
			at: 0,
			world: simulatedWorld([simulatedNode('a', 8), simulatedNode('b', 8)], {
				classes: [plainClass('all'), { ...plainClass('idle'), idleOnly: true }],
			}),
			runOf: ({ serviceClass }) =>
				lasting(serviceClass === 'idle' ? random.between(HOUR_MS, 2 * HOUR_MS) : random.between(20_000, 40_000)),
			observers: [
				tally,
				{
					started({ serviceClass, order }, _, now) {
						if (serviceClass === 'all') waits.push(now - order);
					},
				},
			],
		});
		for (let i = 0; i < 16 * 30; i += 1) simulation.submit(tasks.make(1, 0, { serviceClass: 'idle', type: 'long' }));
		for (let at = EVERY_MS; at < until; at += EVERY_MS) {
			simulation.run(at);
			for (let i = 0; i < BURST; i += 1) simulation.submit(tasks.make(2, at));
		}
		simulation.run(until);
		const { used, preempted } = tally.outcome(simulation);
		return {
			figures: [
				{ what: 'longest wait behind idle-only work', unit: 'ms', value: Math.max(...waits), bar: { most: 2_000 } },
				{ what: 'tasks that came while idle-only work had all slots', unit: '', value: waits.length },
				{ what: 'runs of idle-only work that gave way', unit: '', value: preempted, bar: { least: 1 } },
				{ what: 'slots in use', unit: '%', value: used * 100 },
			],
			plots: {
				'idle-work': linePlot({
					title: 'Wait of each task that found all slots taken by idle-only work',
					xLabel: 'task',
					xMost: waits.length,
					yLabel: 'wait, ms',
					lines: [{ name: 'wait', values: waits }],
				}),
			},
		};
	},
};
