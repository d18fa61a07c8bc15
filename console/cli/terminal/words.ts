/** Beside the other words that commands use; the server says sizes and durations in the same way. */
export { bytesInWords } from '../../../shared/byte-words.ts';
export { durationInWords } from '../../../shared/duration-words.ts';

/** An instant of the server in local time, to the second: `2026-03-01 07:30:00`. */
export const localTime = (iso: string): string => {
	const at = new Date(iso);
	const two = (n: number) => String(n).padStart(2, '0');
	const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
	return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
};

/** `1 file`, `2 files`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
