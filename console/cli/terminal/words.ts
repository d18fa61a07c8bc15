/** Beside the other words that commands use; the server says durations in the same way. */
export { durationInWords } from '../../../shared/duration-words.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** 1500 -> `1.5 kB`: powers of 1000, as in the portal. */
export const bytesInWords = (bytes: number): string => {
	let value = bytes;
	let unit = 0;
	// 999.5 would be shown as 1000.
	while (value >= (unit === 0 ? 1_000 : 999.5) && unit < UNITS.length - 1) {
		value /= 1_000;
		unit += 1;
	}
	const digits = unit === 0 || value >= 99.95 ? 0 : 1;
	return `${value.toFixed(digits)} ${UNITS[unit]}`;
};

/** An instant of the server in local time, to the second: `2026-03-01 07:30:00`. */
export const localTime = (iso: string): string => {
	const at = new Date(iso);
	const two = (n: number) => String(n).padStart(2, '0');
	const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
	return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
};

/** `1 file`, `2 files`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
