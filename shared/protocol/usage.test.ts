import { expect, test } from 'vitest';
import { usageCorrectionSchema, usageCutQuerySchema } from './usage.ts';

const wordsOf = (value: object): string[] =>
	usageCorrectionSchema.safeParse(value).error?.issues.map(({ message }) => message) ?? [];

test('what is wrong with a correction is told in words', () => {
	expect(wordsOf({ owner: 'ada', amountMicro: -250_000, reason: 'a broken node' })).toEqual([]);
	expect(wordsOf({ owner: 'ada', amountMicro: 0.5 })).toEqual([
		expect.stringContaining('a whole number of millionths'),
		'must say why; the person reads it',
	]);
	expect(wordsOf({ owner: 'ada', amountMicro: 1, reason: ' ' })).toEqual(['must say why; the person reads it']);
});

test('usage is asked for by days as by instants', () => {
	const day = (from: string) => usageCutQuerySchema.safeParse({ from });
	expect(day('2026-11-01').success).toBe(true);
	expect(day('2026-11-01T00:00:00+01:00').success).toBe(true);
	expect(day('2026-11-31').error?.issues[0]?.message).toMatch(/^must be a day or an instant/);
	expect(day('soon').success).toBe(false);
});
