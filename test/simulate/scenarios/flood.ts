import type { ReadyTask } from '../../../coordinator/scheduler/ready-task.ts';
import { Simulation } from '../../../coordinator/what-if/simulation.ts';
import { linePlot } from '../../../shared/line-plot.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { lasting, simulatedNode, simulatedWorld, TaskMaker } from '../../support/simulated.ts';
import type { Scenario } from '../scenario.ts';

const NEWCOMERS = 100;
const EVERY_MS = 10_000;

/** One person's flood lets others in with the next slot that becomes free. */
export const flood: Scenario = {
	name: 'flood',
	title: 'A flood and newcomers',
	about:
		'One person puts 100,000 tasks of 0.5 to 1.5 s into line at once; there are 4 slots. Then every ten seconds somebody new comes with one task. Counted is how often a slot became free between the newcomer’s arrival and start.',
	play({ scale, seed }) {
		const random = new SeededRandom(seed);
		const tasks = new TaskMaker();
		const releasesBefore: number[] = [];
		const waits: number[] = [];
		const waiting = new Map<number, { at: number; releases: number; lastAt: number }>();
		const simulation = new Simulation<ReadyTask>({
			at: 0,
			world: simulatedWorld([simulatedNode('n', 4)]),
			runOf: () => lasting(random.between(500, 1_500)),
			observers: [
				{
					// Slots that become free in one millisecond are one release.
					ended(_, __, ___, now) {
						for (const one of waiting.values()) {
							if (one.lastAt !== now) one.releases += 1;
							one.lastAt = now;
						}
					},
					started({ seq }, _, now) {
						const one = waiting.get(seq);
						if (!one) return;
						waiting.delete(seq);
						releasesBefore.push(one.releases);
						waits.push(now - one.at);
					},
				},
			],
		});
		const flooded = Math.max(10_000, Math.round(100_000 * scale));
		for (let i = 0; i < flooded; i += 1) simulation.submit(tasks.make(1, 0));
		for (let i = 1; i <= NEWCOMERS; i += 1) {
			simulation.run(i * EVERY_MS);
			const task = tasks.make(1 + i, simulation.now);
			waiting.set(task.seq, { at: simulation.now, releases: 0, lastAt: -1 });
			simulation.submit(task);
		}
		simulation.run((NEWCOMERS + 1) * EVERY_MS);
		return {
			figures: [
				{ what: 'newcomers that started', unit: `of ${NEWCOMERS}`, value: waits.length, bar: { least: NEWCOMERS } },
				{
					what: 'most releases of a slot before a newcomer’s start',
					unit: '',
					value: Math.max(...releasesBefore),
					bar: { most: 1 },
				},
				{ what: 'longest wait of a newcomer', unit: 'ms', value: Math.max(...waits) },
				{ what: 'tasks of the flood still in line at the end', unit: '', value: simulation.scheduler.size },
			],
			plots: {
				flood: linePlot({
					title: 'Wait of each newcomer behind a flood of 100,000 tasks',
					xLabel: 'newcomer',
					xMost: NEWCOMERS,
					yLabel: 'wait, ms',
					lines: [{ name: 'wait', values: waits }],
				}),
			},
		};
	},
};
