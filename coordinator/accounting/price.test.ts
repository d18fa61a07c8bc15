import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PRICED, pricesSchema } from '../../shared/protocol/price-book.ts';
import { type Book, Pricer, priceBy } from './price.ts';
import { columnOf, NOTHING_USED, OF_NO_TASK, type UsageRecord, usageRow } from './usage-record.ts';

const book = (prices: Partial<Book['prices']>, more: Partial<Book> = {}): Book => ({
	...{ version: 1, startsAt: 0, classFactors: {}, ...more },
	prices: pricesSchema.parse(prices),
});
const record = (more: Partial<UsageRecord>): UsageRecord => ({
	...{ ...NOTHING_USED, ...OF_NO_TASK, at: 1, ownerSeq: 1, kind: 'attempt', ...more },
});
const amount = (of: Book, more: Partial<UsageRecord>): number => new Pricer(of).amountOf(usageRow(record(more)));

test('each price is for its unit, and bytes only for what people move', () => {
	expect(amount(book({ cpuSecond: 100 }), { userUs: 1_500_000, systemUs: 500_000 })).toBe(200);
	expect(amount(book({ memoryGibHour: 100 }), { memoryMibMs: 1_024 * 3_600_000 * 2 })).toBe(200);
	expect(amount(book({ gibStoredMonth: 100 }), { kind: 'storage', storedMibS: 1_024 * 730 * 3_600 })).toBe(100);
	expect(amount(book({ gibIn: 100 }), { kind: 'upload', bytesIn: 2 ** 31 })).toBe(200);
	expect(amount(book({ gibIn: 100, gibOut: 100 }), { bytesIn: 2 ** 31, bytesOut: 2 ** 31 })).toBe(0);
	expect(amount(book({ wallSecond: 100 }), { kind: 'upload', wallUs: 5_000_000 })).toBe(0);
	expect(amount(book({ attempt: 7 }), {})).toBe(7);
	expect(amount(book({ attempt: 7, request: 3 }), { kind: 'requests', requests: 5 })).toBe(15);
});

test('amounts are cut to whole micro-units once, after the factor of the class', () => {
	const prices = book({ cpuSecond: 1, wallSecond: 1 }, { classFactors: { standard: '1.5', free: '0' } });
	// Two halves make a whole: they are not cut one by one.
	expect(amount(prices, { userUs: 500_000, wallUs: 500_000 })).toBe(1);
	expect(amount(prices, { userUs: 500_000, wallUs: 499_999 })).toBe(0);
	expect(amount(prices, { userUs: 3_000_000, serviceClass: 'standard' })).toBe(4);
	expect(amount(prices, { userUs: 3_000_000, serviceClass: 'free' })).toBe(0);
});

test('the platform’s own loss costs nothing, and a correction keeps its amount', () => {
	const price = priceBy([book({ attempt: 7 })]);
	const loss = usageRow(record({ charged: false }));
	expect(price(loss)).toEqual(loss);
	const correction = usageRow(record({ kind: 'correction', amountMicro: -900, userUs: 9e9 }));
	expect(price(correction)).toEqual(correction);
});

test('what was used is priced by what counted then', () => {
	const price = priceBy([
		book({ attempt: 1 }, { version: 1, startsAt: 10 }),
		book({ attempt: 2 }, { version: 2, startsAt: 20 }),
	]);
	const seen = [9, 10, 19, 20].map((at) => {
		const row = price(usageRow(record({ at })));
		return [row[columnOf('price_version')], row[columnOf('amount_micro')]];
	});
	expect(seen).toEqual([
		[null, 0],
		[1, 1],
		[1, 1],
		[2, 2],
	]);
});

const quantity = fc.oneof(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
const usage = fc.record({
	...{ wallUs: quantity, userUs: quantity, systemUs: quantity, deviceUs: quantity, gpuUs: quantity },
	...{ memoryMibMs: quantity, bytesIn: quantity, bytesOut: quantity, storedMibS: quantity, requests: quantity },
	kind: fc.constantFrom('attempt' as const, 'upload' as const, 'download' as const, 'storage' as const),
});
const prices = fc.record(
	Object.fromEntries(PRICED.map((name) => [name, fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10 ** 12 }))])),
);

test('an amount is whole, at least zero, no less for more, and the same each time', () => {
	fc.assert(
		fc.property(usage, usage, prices, (one, more, asked) => {
			const of = book(asked);
			const larger = Object.fromEntries(
				Object.entries(one).map(([name, value]) =>
					typeof value === 'number'
						? [name, Math.min(Number.MAX_SAFE_INTEGER, value + (more[name as keyof typeof more] as number))]
						: [name, value],
				),
			);
			const cost = amount(of, one);
			expect(Number.isSafeInteger(cost) && cost >= 0).toBe(true);
			expect(amount(of, larger)).toBeGreaterThanOrEqual(cost);
			expect(amount(of, one)).toBe(cost);
		}),
	);
});

test('parts together never cost more than the whole, and less by at most one micro-unit a part', () => {
	const small = fc.integer({ min: 0, max: 10 ** 12 });
	fc.assert(
		fc.property(
			fc.array(small, { minLength: 1, maxLength: 20 }),
			fc.integer({ min: 0, max: 10 ** 6 }),
			(parts, price) => {
				const of = book({ cpuSecond: price });
				const sum = parts.reduce((all, userUs) => all + amount(of, { userUs }), 0);
				const whole = amount(of, { userUs: parts.reduce((all, part) => all + part, 0) });
				expect(whole - sum).toBeGreaterThanOrEqual(0);
				expect(whole - sum).toBeLessThan(parts.length);
			},
		),
	);
});
