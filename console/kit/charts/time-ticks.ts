import { formatDay } from '../format.ts';

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/**
 * What stands below the ticks of an axis of time, in seconds since 1970, which are so far apart: times of the day as people
 * here write them, and below the first of each day which day that is.
 */
export const timeTicks = (ticks: readonly number[], apart: number): string[] => {
	let before = '';
	return ticks.map((tick) => {
		const at = new Date(tick * 1_000);
		const day = formatDay(at);
		const isOther = day !== before;
		before = day;
		if (apart >= DAY) return day;
		const time = at.toLocaleTimeString('en-GB', {
			...{ hour: '2-digit', minute: '2-digit' },
			...(apart < MINUTE ? { second: '2-digit' } : {}),
		});
		return isOther ? `${time}\n${day}` : time;
	});
};
