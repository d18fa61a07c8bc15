import { AGEING_MS } from '../../../coordinator/scheduler/next-start.ts';
import type { ReadyTask } from '../../../coordinator/scheduler/ready-task.ts';
import { plainClass } from '../../../coordinator/scheduler/service-class.ts';
import { linePlot } from '../../../shared/line-plot.ts';
import { simulatedNode, simulatedWorld } from '../../support/simulated.ts';
import { type BusyPerson, busyDay } from '../busy-day.ts';
import type { Scenario } from '../scenario.ts';

const HOUR_MS = 3_600_000;
const BANDS = { high: 7, low: 4 };
/** Bands between, one more, and the task that has the slot. */
const BOUND_MS = (BANDS.high - BANDS.low + 1) * AGEING_MS + 1_000;

/** A band that is outranked all day still gets a start within its bound; idle-only work gets none. */
export const lowestBand: Scenario = {
	name: 'lowest-band',
	title: 'The lowest band and idle-only work',
	about:
		'Six hours on 2 slots. Somebody in band 7, somebody in band 4 and somebody in an idle-only class always have tasks of one second in line, so the highest band could take every slot. Counted is the time from one start of the lower band to the next.',
	play({ scale, seed }) {
		const person = (owner: number, serviceClass: string): BusyPerson => ({
			owner,
			serviceClass,
			type: 'short',
			ms: [1_000, 1_000],
			inLine: 10,
		});
		const classes = [
			{ ...plainClass('high'), band: BANDS.high },
			{ ...plainClass('low'), band: BANDS.low },
			{ ...plainClass('idle'), band: 9, idleOnly: true },
		];
		const starts = new Map<string, number>();
		const gaps: number[] = [];
		let last = 0;
		const heard = (task: ReadyTask, _: string, now: number) => {
			starts.set(task.serviceClass, (starts.get(task.serviceClass) ?? 0) + 1);
			if (task.serviceClass !== 'low') return;
			gaps.push(now - last);
			last = now;
		};
		const world = simulatedWorld([simulatedNode('n', 2)], { classes });
		const people = [person(1, 'high'), person(2, 'low'), person(3, 'idle')];
		busyDay({ world, people, until: Math.max(6 * scale, 1) * HOUR_MS, seed, observers: [{ started: heard }] });
		return {
			figures: [
				{
					what: 'longest time without a start of the lower band',
					unit: 's',
					value: Math.max(...gaps) / 1_000,
					bar: { most: BOUND_MS / 1_000 },
				},
				{ what: 'starts of the lower band', unit: '', value: starts.get('low') ?? 0, bar: { least: 2 } },
				{ what: 'starts of the higher band', unit: '', value: starts.get('high') ?? 0 },
				{ what: 'starts of the idle-only class', unit: '', value: starts.get('idle') ?? 0, bar: { most: 0 } },
			],
			plots: {
				'lowest-band': linePlot({
					title: 'Time from one start of band 4 to the next, below a full band 7',
					xLabel: 'start',
					xMost: gaps.length,
					yLabel: 'seconds',
					lines: [
						{ name: 'since the last', values: gaps.map((gap) => gap / 1_000) },
						{ name: 'stated bound', values: gaps.map(() => BOUND_MS / 1_000), dashed: true },
					],
				}),
			},
		};
	},
};
