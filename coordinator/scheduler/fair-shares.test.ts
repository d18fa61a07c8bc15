import { describe, expect, it } from 'vitest';
import { type BusyPerson, busyDay } from '../../test/simulate/busy-day.ts';
import { simulatedNode, simulatedWorld } from '../../test/support/simulated.ts';
import { AGEING_MS } from './next-start.ts';
import { plainClass } from './service-class.ts';

const DAY_MS = 24 * 3_600_000;

const busyPerson = (owner: number, serviceClass: string, ms: number): BusyPerson => ({
	owner,
	serviceClass,
	type: 'short',
	ms: [ms, ms],
	inLine: 10,
});

/** What the scenarios of `test/simulate` do not prove; shares, floods and the lowest band's bound are theirs. */
describe('people who always have work', () => {
	it('get one start, and no more, for each time that their band has aged past the one above', () => {
		const starts: number[] = [];
		const world = simulatedWorld([simulatedNode('n', 2)], {
			classes: [
				{ ...plainClass('high'), band: 7 },
				{ ...plainClass('low'), band: 4 },
			],
		});
		busyDay({
			world,
			people: [busyPerson(1, 'high', 1_000), busyPerson(2, 'low', 1_000)],
			until: 11 * AGEING_MS,
			seed: 7,
			observers: [{ started: ({ owner }, _, now) => owner === 2 && starts.push(Math.floor(now / AGEING_MS)) }],
		});
		// Above band 7 after four times five minutes, at 20 and at 40 minutes.
		expect(starts).toEqual([4, 8]);
	});

	it('go on in the same order after months', () => {
		const starts = new Map<number, number>();
		busyDay({
			world: simulatedWorld([simulatedNode('n', 1)]),
			people: [1, 2, 3].map((owner) => busyPerson(owner, 'all', DAY_MS / 4)),
			until: 100 * DAY_MS,
			seed: 7,
			observers: [{ started: ({ owner }) => starts.set(owner, (starts.get(owner) ?? 0) + 1) }],
		});
		const counts = [1, 2, 3].map((owner) => starts.get(owner) ?? 0);
		expect(counts.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(400);
		expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
	});
});
