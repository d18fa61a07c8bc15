import { plainClass } from '../../../coordinator/scheduler/service-class.ts';
import { barPlot } from '../../../shared/bar-plot.ts';
import { simulatedNode, simulatedWorld } from '../../support/simulated.ts';
import { type BusyPerson, busyDay } from '../busy-day.ts';
import type { Scenario } from '../scenario.ts';

const HOUR_MS = 3_600_000;
const WEIGHTS = { four: 4, two: 2, one: 1 };

/** Classes of a band share by weight, however many people are in each. */
export const weights: Scenario = {
	name: 'weights',
	title: 'Weights 4 : 2 : 1',
	about:
		'A day on 8 slots. Three classes of one band with the weights 4, 2 and 1; one person is in the first, three are in the second, sixteen in the third. All have tasks of 0.5 to 20 s in line at every moment.',
	play({ scale, seed }) {
		const classOf = (owner: number) => (owner === 1 ? 'four' : owner <= 4 ? 'two' : 'one');
		const people = Array.from({ length: 20 }, (_, i): BusyPerson => {
			const owner = i + 1;
			return { owner, serviceClass: classOf(owner), type: 'short', ms: [500, 20_000], inLine: 50 };
		});
		const classes = Object.entries(WEIGHTS).map(([id, weight]) => ({ ...plainClass(id), weight }));
		const world = simulatedWorld([simulatedNode('n', 8)], { classes });
		const { outcome } = busyDay({ world, people, until: 24 * HOUR_MS * scale, seed });
		const total = outcome.classes.reduce((sum, { costMs }) => sum + costMs, 0);
		const shares = Object.entries(WEIGHTS).map(([id, weight]) => {
			const share = (outcome.classes.find(({ name }) => name === id)?.costMs ?? 0) / total;
			return { id, weight, share, fair: weight / 7 };
		});
		return {
			figures: [
				...shares.map(({ id, share }) => ({ what: `share of class ${id}`, unit: '%', value: share * 100 })),
				{
					what: 'largest distance from the weight’s share',
					unit: 'percentage points',
					value: 100 * Math.max(...shares.map(({ share, fair }) => Math.abs(share - fair))),
					bar: { most: 3 },
				},
			],
			plots: {
				weights: barPlot({
					title: 'Shares of classes with the weights 4, 2 and 1',
					xLabel: 'class',
					yLabel: '% of the time in slots',
					series: ['by weight', 'got'],
					groups: shares.map(({ id, share, fair }) => ({ name: id, values: [fair * 100, share * 100] })),
				}),
			},
		};
	},
};
