import { expect, test } from 'vitest';
import { isWithinBounds } from './json-bounds.ts';

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

test('arrays and objects may lie so deep in each other and no deeper', () => {
	const bounds = { depth: 64, values: 1_000 };
	expect(isWithinBounds(nested(64), bounds)).toBe(true);
	expect(isWithinBounds(nested(65), bounds)).toBe(false);
	expect(isWithinBounds({ a: { b: nested(62) } }, bounds)).toBe(true);
	expect(isWithinBounds({ a: { b: nested(63) } }, bounds)).toBe(false);
	expect(isWithinBounds(nested(1_000_000), bounds)).toBe(false);
});

test('all values count, and there may be so many', () => {
	const bounds = { depth: 3, values: 5 };
	expect(isWithinBounds([1, 2, 3, 4], bounds)).toBe(true);
	expect(isWithinBounds([1, 2, 3, 4, 5], bounds)).toBe(false);
	expect(isWithinBounds({ a: [1], b: null, c: 'x' }, bounds)).toBe(true);
	expect(isWithinBounds({ a: [1], b: null, c: 'x', d: {} }, bounds)).toBe(false);
	for (const plain of [null, true, 0, '', undefined]) expect(isWithinBounds(plain, { depth: 0, values: 1 })).toBe(true);
});
