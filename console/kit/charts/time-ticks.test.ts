import { expect, it } from 'vitest';
import { timeTicks } from './time-ticks.ts';

/** In the zone of whoever looks, as everything else on the screens. */
const at = (day: number, hour: number, minute = 0, second = 0): number =>
	new Date(2026, 2, day, hour, minute, second).getTime() / 1_000;

it('says times of the day by 24 hours, and below the first of each day which day that is', () => {
	expect(timeTicks([at(3, 22), at(3, 23), at(4, 0), at(4, 1)], 3_600)).toEqual([
		...['22:00\n3 Mar 2026', '23:00', '00:00\n4 Mar 2026', '01:00'],
	]);
	expect(timeTicks([at(3, 14, 5, 0), at(3, 14, 5, 30)], 30)).toEqual(['14:05:00\n3 Mar 2026', '14:05:30']);
});

it('says days as the rest of the screens does', () => {
	expect(timeTicks([at(3, 0), at(10, 0)], 7 * 86_400)).toEqual(['3 Mar 2026', '10 Mar 2026']);
});
