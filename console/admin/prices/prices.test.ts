import { describe, expect, it } from 'vitest';
import { type PriceVersion, pricesSchema } from '../../../shared/protocol/price-book.ts';
import { draftOf, newPricesOf, pricesOf } from './new-prices.ts';
import { priceLines } from './price-changes.ts';
import { amountAt } from './price-effect.ts';

const book = (prices: object, classFactors: Record<string, string> = {}) => ({
	...{ prices: pricesSchema.parse(prices), classFactors },
});
const version: PriceVersion = {
	...book({ cpuSecond: 20, gibIn: 1_500_000 }, { lab: '1.5' }),
	...{ version: 1, from: '2026-01-01T00:00:00Z', to: null, state: 'current', currency: 'CHF', note: '' },
	...{ createdAt: '2026-01-01T00:00:00Z', createdBy: 'usr_1' },
};

describe('new prices', () => {
	it('begin with those that count, and come out as they went in', () => {
		const draft = draftOf(version);
		expect(draft.prices).toMatchObject({ cpuSecond: '0.00002', gibIn: '1.5', request: '' });
		expect(newPricesOf(draft)).toEqual({
			...book({ cpuSecond: 20, gibIn: 1_500_000 }, { lab: '1.5' }),
			currency: 'CHF',
			note: '',
		});
	});

	it('begin to count at a time of UTC', () => {
		expect(newPricesOf({ ...draftOf(null), from: '2026-05-01T00:00' })?.from).toBe('2026-05-01T00:00:00.000Z');
	});

	it.each([
		['an amount that is none', { prices: { ...draftOf(null).prices, attempt: '1,5' } }],
		['one below zero', { prices: { ...draftOf(null).prices, attempt: '-1' } }],
		['a factor that is none', { factors: [{ serviceClass: 'lab', factor: 'x' }] }],
		['a currency that is none', { currency: 'eu' }],
	])('are not sent with %s', (_, wrong) => expect(newPricesOf({ ...draftOf(null), ...wrong })).toBeNull());

	it('have no factor for a class that was not chosen', () => {
		expect(pricesOf({ ...draftOf(null), factors: [{ serviceClass: '', factor: '2' }] })?.classFactors).toEqual({});
	});
});

it('two versions are compared line by line, without what is free in both', () => {
	const before = book({ cpuSecond: 10, request: 1 }, { old: '2' });
	const lines = priceLines(version, before).map(({ key, before: was, now, isChanged }) => [key, was, now, isChanged]);
	expect(lines).toEqual([
		['cpuSecond', 10, 20, true],
		['gibIn', 0, 1_500_000, true],
		['request', 1, 0, true],
		['class lab', null, 1.5, true],
		['class old', 2, null, true],
	]);
	expect(priceLines(version, null).every(({ isChanged }) => !isChanged)).toBe(true);
});

it('a month is worth what its quantities are at other prices', () => {
	const used = {
		serviceClass: 'lab',
		all: {
			...{
				cpuMs: 10_000,
				memoryMibMs: 1_024 * 3_600_000 * 2,
				deviceMs: 0,
				gpuMs: 0,
				bytesIn: 3 * 2 ** 30,
				bytesOut: 0,
			},
			...{ storedMibS: 1_024 * 3_600 * 730, requests: 4, nodes: { bytesIn: 2 ** 30, bytesOut: 0 } },
		},
		attempts: { records: 5, wallMs: 20_000 },
	};
	expect(amountAt(used, book({ cpuSecond: 20 }))).toBe(200);
	expect(amountAt(used, book({ cpuSecond: 20 }, { lab: '1.5' }))).toBe(300);
	// What nodes fetched is no upload.
	expect(amountAt(used, book({ gibIn: 7 }))).toBe(14);
	expect(amountAt(used, book({ wallSecond: 1, attempt: 2, memoryGibHour: 3, gibStoredMonth: 11, request: 1 }))).toBe(
		20 + 10 + 6 + 11 + 4,
	);
	expect(amountAt({ ...used, serviceClass: null, attempts: null }, book({ attempt: 2 }, { lab: '9' }))).toBe(0);
});
