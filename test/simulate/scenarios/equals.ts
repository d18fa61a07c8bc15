import { barPlot } from '../../../shared/bar-plot.ts';
import { simulatedNode, simulatedWorld } from '../../support/simulated.ts';
import { type BusyPerson, busyDay } from '../busy-day.ts';
import type { Scenario } from '../scenario.ts';

const HOUR_MS = 3_600_000;

/** Equal people share by cost, however long their tasks are. */
export const equals: Scenario = {
	name: 'equals',
	title: 'Equal people',
	about:
		'A day on 8 slots. 20 people of one class always have work: ten with tasks of 20 to 100 s, ten with tasks of 0.5 to 3 s. What counts is the time in slots that each of them gets.',
	play({ scale, seed }) {
		const people = Array.from({ length: 20 }, (_, i): BusyPerson => {
			const isLong = i % 2 === 1;
			const ms = isLong ? ([20_000, 100_000] as const) : ([500, 3_000] as const);
			return { owner: i + 1, serviceClass: 'all', type: isLong ? 'long' : 'short', ms, inLine: 50 };
		});
		const world = simulatedWorld([simulatedNode('n', 8)]);
		const { outcome, tally } = busyDay({ world, people, until: 24 * HOUR_MS * scale, seed });
		const costs = tally.costsOf('all');
		const minutes = (owner: number) => (costs.get(owner) ?? 0) / 60_000;
		return {
			figures: [
				{ what: 'Jain’s index by cost', unit: '', value: outcome.classes[0]!.jain, bar: { least: 0.99 } },
				{ what: 'slots in use', unit: '%', value: outcome.used * 100 },
				{ what: 'tasks ended', unit: '', value: outcome.ended },
			],
			plots: {
				equals: barPlot({
					title: 'Time in slots of 20 equal people',
					xLabel: 'person (odd numbers: short tasks, even numbers: long ones)',
					yLabel: 'minutes in slots',
					series: ['minutes'],
					groups: people.map(({ owner }) => ({ name: String(owner), values: [minutes(owner)] })),
				}),
			},
		};
	},
};
