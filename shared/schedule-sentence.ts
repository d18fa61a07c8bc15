import { durationInWords } from './duration-words.ts';

/** The times of a schedule, as its form has them. */
export interface SentenceRule {
	cron: string | null;
	everyMs: number | null;
	timeZone: string;
}

/** A map, since what somebody typed is looked up in it: an object would know `constructor`. */
const NICKNAMES = new Map([
	['@hourly', '0 * * * *'],
	['@daily', '0 0 * * *'],
	['@midnight', '0 0 * * *'],
	['@weekly', '0 0 * * 0'],
	['@monthly', '0 0 1 * *'],
	['@yearly', '0 0 1 1 *'],
	['@annually', '0 0 1 1 *'],
]);
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
	...['January', 'February', 'March', 'April', 'May', 'June'],
	...['July', 'August', 'September', 'October', 'November', 'December'],
];
/** More times a day than these are not read out. */
const MOST_TIMES = 6;

/** `7`, `1,3`, `1-5`, `MON-FRI` as numbers in order; null for anything else. */
const numbersOf = (field: string, names: readonly string[] = [], first = 0): number[] | null => {
	const one = (text: string): number => {
		if (/^\d{1,2}$/.test(text)) return Number(text);
		const at = names.findIndex((name) => name.slice(0, 3).toUpperCase() === text.toUpperCase());
		return at < 0 ? Number.NaN : at + first;
	};
	const found = new Set<number>();
	for (const part of field.split(',')) {
		const [low = Number.NaN, high = low, ...more] = part.split('-').map(one);
		if (Number.isNaN(low) || Number.isNaN(high) || more.length > 0 || high < low) return null;
		for (let n = low; n <= high; n += 1) found.add(n);
	}
	return [...found].sort((a, b) => a - b);
};

const stepOf = (field: string): number | null => {
	const match = /^\*\/(\d{1,2})$/.exec(field);
	return match ? Number(match[1]) : null;
};

const listed = (words: readonly string[]): string =>
	words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
const two = (n: number): string => String(n).padStart(2, '0');
const every = (n: number, what: string): string => (n === 1 ? `every ${what}` : `every ${n} ${what}s`);

/** On which days; null when that cannot be said in a few words. */
const daysInWords = (day: string, month: string, week: string): string | null => {
	const months = month === '*' ? [] : numbersOf(month, MONTHS, 1);
	if (months === null || months.some((n) => n < 1 || n > 12)) return null;
	const names = months.map((n) => MONTHS[n - 1] as string);
	if (day === '*' && week === '*') return names.length === 0 ? 'every day' : `every day in ${listed(names)}`;
	if (day === '*') {
		// Sunday is both 0 and 7.
		const days = numbersOf(week, DAYS)?.map((n) => n % 7);
		if (!days || days.some((n) => n < 0 || n > 6)) return null;
		const within = names.length === 0 ? '' : ` in ${listed(names)}`;
		if (days.join() === '1,2,3,4,5') return `every weekday (Monday to Friday)${within}`;
		const ordered = [...new Set(days)].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7));
		return `every ${listed(ordered.map((n) => DAYS[n] as string))}${within}`;
	}
	if (week !== '*') return null;
	if (day === 'L') return names.length === 0 ? 'on the last day of every month' : `on the last day of ${listed(names)}`;
	const days = numbersOf(day);
	if (!days || days.length > MOST_TIMES) return null;
	if (names.length === 0) return `on day ${listed(days.map(String))} of every month`;
	return names.length === 1 ? `every year on ${listed(days.map(String))} ${names[0]}` : null;
};

const cronInWords = (cron: string, timeZone: string): string | null => {
	const [minute, hour, day, month, week, ...more] = (NICKNAMES.get(cron.toLowerCase()) ?? cron).split(' ');
	if (!minute || !hour || !day || !month || !week || more.length > 0) return null;
	const days = daysInWords(day, month, week);
	if (days === null) return null;
	const on = days === 'every day' ? '' : `, ${days}`;
	const zone = days === 'every day' ? '' : `, ${timeZone}`;
	const minutes = numbersOf(minute);
	const hours = numbersOf(hour);
	if (minutes && hours) {
		const times = hours.flatMap((h) => minutes.map((m) => `${two(h)}:${two(m)}`));
		return times.length > MOST_TIMES ? null : `${days} at ${listed(times)}, ${timeZone}`;
	}
	if (hour === '*' && minute === '*') return `every minute${on}${zone}`;
	const step = stepOf(minute);
	if (hour === '*' && step !== null && step > 0 && 60 % step === 0) return `${every(step, 'minute')}${on}${zone}`;
	if (!minutes || minutes.length > MOST_TIMES) return null;
	const past = minutes.join() === '0' ? '' : `, at ${listed(minutes.map((m) => `:${two(m)}`))}`;
	if (hour === '*') return `every hour${past}${on}${zone}`;
	const hourStep = stepOf(hour);
	if (hourStep === null || hourStep === 0 || 24 % hourStep !== 0) return null;
	return `${every(hourStep, 'hour')} from midnight${past}${on}, ${timeZone}`;
};

/** When a schedule runs, in words: `every day at 07:30, Europe/London`. What has no short words is told as the pattern. */
export const scheduleSentence = ({ cron, everyMs, timeZone }: SentenceRule): string => {
	if (cron === null)
		return `every ${durationInWords(everyMs ?? 0)
			.replace(/ 0 (s|min|h)$/, '')
			.replace(/\.0 s$/, ' s')}`;
	return cronInWords(cron, timeZone) ?? `by the pattern ${cron}, ${timeZone}`;
};
