import { expect, test } from 'vitest';
import { policyOf } from '../../test/support/policy-book.ts';
import { namingClassLimit, timeLimitsOf } from './time-limits.ts';

test.each([
	['no class limit', { softMs: 300_000, hardMs: 330_000 }, null, { softMs: 300_000, hardMs: 330_000 }],
	['a class limit beyond the type’s', { softMs: 1_000, hardMs: 5_000 }, 2_000, { softMs: 1_000, hardMs: 5_000 }],
	['a tighter class', { softMs: 300_000, hardMs: 310_000 }, 60_000, { softMs: 60_000, hardMs: 70_000 }],
	['a type with much grace', { softMs: 300_000, hardMs: 3_600_000 }, 60_000, { softMs: 60_000, hardMs: 90_000 }],
	['a type without grace', { softMs: 300_000, hardMs: 300_000 }, 60_000, { softMs: 60_000, hardMs: 60_000 }],
	['a type that is killed before it is asked', { softMs: 9_000, hardMs: 500 }, 1_000, { softMs: 1_000, hardMs: 500 }],
])('%s', (_, limits, longestRunMs, expected) => {
	expect(timeLimitsOf(limits, longestRunMs)).toEqual(expected);
});

test('a failure names the class only when it was the class that gave less time', () => {
	const limits = { softMs: 300_000, hardMs: 330_000 };
	const timeout = { class: 'timeout', code: 'soft-limit', message: 'Stopped.' } as const;
	const tight = policyOf('guests', { longestRunMs: 5_000 });
	expect(namingClassLimit(timeout, limits, tight).message).toBe(
		'Stopped. The service class guests lets a task run 5000 ms (longestRunMs); its type would let it run 300000 ms.',
	);
	expect(namingClassLimit(timeout, { softMs: 5_000, hardMs: 6_000 }, tight)).toBe(timeout);
	expect(namingClassLimit(timeout, limits, policyOf('standard', {}))).toBe(timeout);
	const other = { class: 'input', code: 'x', message: 'Bad.' } as const;
	expect(namingClassLimit(other, limits, tight)).toBe(other);
});
