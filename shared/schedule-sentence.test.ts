import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scheduleSentence } from './schedule-sentence.ts';

const cron = (pattern: string, timeZone = 'Europe/London') =>
	scheduleSentence({ cron: pattern, everyMs: null, timeZone });

test.each([
	['30 7 * * *', 'every day at 07:30, Europe/London'],
	['0 7,19 * * *', 'every day at 07:00 and 19:00, Europe/London'],
	['30 7 * * 1-5', 'every weekday (Monday to Friday) at 07:30, Europe/London'],
	['30 7 * * MON-FRI', 'every weekday (Monday to Friday) at 07:30, Europe/London'],
	['0 6 * * 0,6', 'every Saturday and Sunday at 06:00, Europe/London'],
	['0 6 * * 7', 'every Sunday at 06:00, Europe/London'],
	['0 0 1 * *', 'on day 1 of every month at 00:00, Europe/London'],
	['0 0 L * *', 'on the last day of every month at 00:00, Europe/London'],
	['5 4 24 12 *', 'every year on 24 December at 04:05, Europe/London'],
	['0 9 * JUN *', 'every day in June at 09:00, Europe/London'],
	['* * * * *', 'every minute'],
	['*/15 * * * *', 'every 15 minutes'],
	['*/15 * * * 1', 'every 15 minutes, every Monday, Europe/London'],
	['0 * * * *', 'every hour'],
	['10,40 * * * *', 'every hour, at :10 and :40'],
	['0 */6 * * *', 'every 6 hours from midnight, Europe/London'],
	['@daily', 'every day at 00:00, Europe/London'],
	// Not every 25 minutes: it begins anew each hour.
	['*/25 * * * *', 'by the pattern */25 * * * *, Europe/London'],
	['0 0 13 * 5', 'by the pattern 0 0 13 * 5, Europe/London'],
	['constructor', 'by the pattern constructor, Europe/London'],
	['__proto__', 'by the pattern __proto__, Europe/London'],
	['0 0 * * 1#2', 'by the pattern 0 0 * * 1#2, Europe/London'],
])('%s: %s', (pattern, sentence) => {
	expect(cron(pattern)).toBe(sentence);
});

test('intervals', () => {
	const words = (everyMs: number) => scheduleSentence({ cron: null, everyMs, timeZone: 'UTC' });
	expect(words(600_000)).toBe('every 10 min');
	expect(words(90_000)).toBe('every 1 min 30 s');
	expect(words(86_400_000)).toBe('every 1 d');
	expect(words(10_000)).toBe('every 10 s');
});

test('whatever is typed, there is a sentence', () => {
	const pattern = fc.oneof(fc.string(), fc.stringMatching(/^([0-9*,/#LW-]{1,6} ){4}[0-9A-Z*,/#L-]{1,6}$/));
	fc.assert(fc.property(pattern, (text) => cron(text).length > 0));
});
