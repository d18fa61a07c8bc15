import type { ReadyTask } from '../../../coordinator/scheduler/ready-task.ts';
import { plainClass } from '../../../coordinator/scheduler/service-class.ts';
import { linePlot } from '../../../shared/line-plot.ts';
import { simulatedNode, simulatedWorld } from '../../support/simulated.ts';
import { type BusyPerson, busyDay } from '../busy-day.ts';
import type { Scenario } from '../scenario.ts';

const HOUR_MS = 3_600_000;
const RATE = { perMinute: 30, burst: 5 };

/** A class starts no faster than its rate, and the slots go to others meanwhile. */
export const startRate: Scenario = {
	name: 'start-rate',
	title: 'A rate of starts',
	about:
		'Four hours on 8 slots. A class of band 7 that may start 30 tasks a minute (5 at once after a rest) always has tasks of half a second in line, and so has a plain class of band 5.',
	play({ scale, seed }) {
		const hours = Math.max(0.5, 4 * scale);
		const byMinute = new Array<number>(hours * 60).fill(0);
		const started = ({ serviceClass }: ReadyTask, _: string, now: number) => {
			if (serviceClass === 'rated') byMinute[Math.min(byMinute.length - 1, Math.floor(now / 60_000))]! += 1;
		};
		const person = (owner: number, serviceClass: string): BusyPerson => ({
			owner,
			serviceClass,
			type: 'short',
			ms: [500, 500],
			inLine: 20,
		});
		const classes = [{ ...plainClass('rated'), band: 7, starts: RATE }, plainClass('plain')];
		const world = simulatedWorld([simulatedNode('n', 8)], { classes });
		const people = [person(1, 'rated'), person(2, 'plain')];
		const { outcome } = busyDay({ world, people, until: hours * HOUR_MS, seed, observers: [{ started }] });
		const later = byMinute.slice(1);
		return {
			figures: [
				{ what: 'most starts in a minute', unit: '', value: Math.max(...later), bar: { most: RATE.perMinute + 1 } },
				{ what: 'fewest starts in a minute', unit: '', value: Math.min(...later), bar: { least: RATE.perMinute - 1 } },
				{ what: 'slots in use', unit: '%', value: outcome.used * 100, bar: { least: 99 } },
			],
			plots: {
				'start-rate': linePlot({
					title: 'Starts of a class that may start 30 tasks a minute',
					xLabel: 'minutes',
					xMost: byMinute.length,
					yLabel: 'starts a minute',
					lines: [{ name: 'starts', values: byMinute }],
				}),
			},
		};
	},
};
