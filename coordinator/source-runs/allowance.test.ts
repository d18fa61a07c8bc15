import { expect, test } from 'vitest';
import { type Caps, leftOf, mostOfRun, type Use } from './allowance.ts';
import { endOfMonth, monthName, monthOf } from './month.ts';

const NONE: Use = { items: 0, spendMicros: 0, reserved: 0, reservedMicros: 0 };
const caps = (own: Partial<Caps>): Caps => ({ mostItems: null, mostSpendMicros: null, priceMicros: 0, ...own });

test('what is left of a month is the least of both caps, less what open runs may take', () => {
	expect(leftOf(caps({}), { ...NONE, items: 1e9 })).toBeNull();
	expect(leftOf(caps({ mostItems: 100 }), NONE)).toBe(100);
	expect(leftOf(caps({ mostItems: 100 }), { ...NONE, items: 40, reserved: 50 })).toBe(10);
	// 0.10 at 0.003 an item.
	const paid = caps({ mostSpendMicros: 100_000, priceMicros: 3_000 });
	expect(leftOf(paid, NONE)).toBe(33);
	expect(leftOf(paid, { ...NONE, spendMicros: 90_000, reservedMicros: 6_000 })).toBe(1);
	expect(leftOf({ ...paid, mostItems: 20 }, NONE)).toBe(20);
	expect(leftOf({ ...paid, mostItems: 50 }, NONE)).toBe(33);
});

test('a cap below what was taken leaves nothing, and never less', () => {
	expect(leftOf(caps({ mostItems: 10 }), { ...NONE, items: 40 })).toBe(0);
	expect(leftOf(caps({ mostSpendMicros: 0, priceMicros: 1 }), NONE)).toBe(0);
});

test('a run may bring as many as are left, and as its parameters say', () => {
	expect(mostOfRun(null, { maxItems: 100 })).toBe(100);
	expect(mostOfRun(30, { maxItems: 100 })).toBe(30);
	expect(mostOfRun(300, { maxItems: 100 })).toBe(100);
	expect(mostOfRun(300, {})).toBe(300);
	for (const maxItems of ['9', -1, 0.5, Number.NaN]) expect(mostOfRun(null, { maxItems })).toBeNull();
});

test('months begin and end by UTC, also from one year to the next', () => {
	const last = Date.parse('2026-12-31T23:59:59.999Z');
	expect(monthName(monthOf(last))).toBe('2026-12');
	expect(endOfMonth(monthOf(last))).toBe(last + 1);
	expect(monthName(monthOf(last + 1))).toBe('2027-01');
	expect(monthOf(last + 1)).toBe(monthOf(last) + 1);
});
