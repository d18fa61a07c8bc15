import type { Tick } from '../../../shared/line-plot.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const STEPS_MS = [
	...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000),
	...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
	...[1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR_MS),
];
const MOST_TICKS = 9;
/** In longer times the hours since the beginning say more than a clock that goes round and round. */
const LONGEST_MS = 48 * HOUR_MS;

export const isShortTime = (from: number, to: number): boolean => to > from && to - from <= LONGEST_MS;

const two = (n: number): string => String(n).padStart(2, '0');

/** Local clock time, with seconds where `stepMs` has need of them. */
export const clock = (at: number, stepMs: number): string => {
	const date = new Date(at);
	const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
	return stepMs < MINUTE_MS ? `${time}:${two(date.getSeconds())}` : time;
};

/** Round local clock times of a short time, at most nine. */
export const clockTicks = (from: number, to: number): Tick[] => {
	const step = STEPS_MS.find((one) => (to - from) / one < MOST_TICKS) ?? 24 * HOUR_MS;
	const offset = new Date(from).getTimezoneOffset() * MINUTE_MS;
	const ticks: Tick[] = [];
	for (let at = Math.ceil((from - offset) / step) * step + offset; at <= to; at += step) {
		ticks.push({ share: (at - from) / (to - from), text: clock(at, step) });
	}
	return ticks;
};
