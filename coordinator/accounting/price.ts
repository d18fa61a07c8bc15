import type { Priced, Prices } from '../../shared/protocol/price-book.ts';
import { columnOf, type UsageRow } from './usage-record.ts';

/** A version of the price book as stored. */
export interface Book {
	version: number;
	startsAt: number;
	prices: Prices;
	/** Decimal numbers with at most four places. */
	classFactors: Record<string, string>;
}

type Column = Parameters<typeof columnOf>[0];

const GIB = 1n << 30n;
const MIB_IN_GIB = 1024n;
const SECOND_US = 1_000_000n;
const HOUR_S = 3_600n;

/** Columns that a price is for, how many of their units make one that is priced, and of which facts; null: of all. */
const MEASURES: readonly [priced: Priced, column: Column, unit: bigint, kind: string | null][] = [
	['cpuSecond', 'user_us', SECOND_US, null],
	['cpuSecond', 'system_us', SECOND_US, null],
	['wallSecond', 'wall_us', SECOND_US, 'attempt'],
	['memoryGibHour', 'memory_mib_ms', MIB_IN_GIB * HOUR_S * 1_000n, null],
	['deviceSecond', 'device_us', SECOND_US, null],
	['gpuSecond', 'gpu_us', SECOND_US, null],
	// What goes between coordinator and nodes is the platform's own matter.
	['gibIn', 'bytes_in', GIB, 'upload'],
	['gibOut', 'bytes_out', GIB, 'download'],
	['gibStoredMonth', 'stored_mib_s', MIB_IN_GIB * HOUR_S * 730n, null],
	['request', 'requests', 1n, null],
];

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));
/** All units are whole parts of it, so that sums are exact before they are cut to whole micro-units once. */
const COMMON = MEASURES.reduce((all, [, , unit]) => (all / gcd(all, unit)) * unit, 1n);
const FACTOR_ONE = 10_000n;
const MOST = BigInt(Number.MAX_SAFE_INTEGER);

const KIND = columnOf('kind');
const CHARGED = columnOf('charged');
const CLASS = columnOf('service_class');
const VERSION = columnOf('price_version');
const AMOUNT = columnOf('amount_micro');

const factorOf = (text: string): bigint => {
	const [whole = '0', places = ''] = text.split('.');
	return BigInt(whole) * FACTOR_ONE + BigInt(places.padEnd(4, '0'));
};

/** A price book ready to be used: only what has a price is looked at. */
export class Pricer {
	readonly version: number;
	readonly startsAt: number;
	readonly #weights: readonly { index: number; weight: bigint; kind: string | null }[];
	readonly #attempt: bigint;
	readonly #factors: ReadonlyMap<string, bigint>;

	constructor({ version, startsAt, prices, classFactors }: Book) {
		this.version = version;
		this.startsAt = startsAt;
		this.#weights = MEASURES.filter(([priced]) => prices[priced] > 0).map(([priced, column, unit, kind]) => ({
			index: columnOf(column),
			weight: BigInt(prices[priced]) * (COMMON / unit),
			kind,
		}));
		this.#attempt = BigInt(prices.attempt) * COMMON;
		this.#factors = new Map(Object.entries(classFactors).map(([name, factor]) => [name, factorOf(factor)]));
	}

	/** Millionths of the currency, cut to the whole below; what is not charged costs nothing. */
	amountOf(row: UsageRow): number {
		if (row[CHARGED] === 0 || row[KIND] === 'correction') return 0;
		const kind = row[KIND];
		let sum = kind === 'attempt' ? this.#attempt : 0n;
		for (const { index, weight, kind: only } of this.#weights) {
			const quantity = row[index] as number;
			if (quantity > 0 && (only === null || only === kind)) sum += BigInt(quantity) * weight;
		}
		if (sum === 0n) return 0;
		const amount = (sum * (this.#factors.get(row[CLASS] as string) ?? FACTOR_ONE)) / (COMMON * FACTOR_ONE);
		return amount > MOST ? Number.MAX_SAFE_INTEGER : Number(amount);
	}

	/** The fact with its price; corrections carry their own amount. */
	priced(row: UsageRow): UsageRow {
		if (row[CHARGED] === 0 || row[KIND] === 'correction') return row;
		const copy = [...row];
		copy[VERSION] = this.version;
		copy[AMOUNT] = this.amountOf(row);
		return copy;
	}
}

/** Gives a metered fact the price of when it happened. */
export type PriceRow = (row: UsageRow) => UsageRow;

const AT = columnOf('at');

/** Prices by the version that counted then, of versions in any order; without one a fact has no price. */
export const priceBy = (books: readonly Book[]): PriceRow => {
	const newestFirst = books.map((book) => new Pricer(book)).sort((a, b) => b.startsAt - a.startsAt);
	return (row) => {
		for (const pricer of newestFirst) if (pricer.startsAt <= (row[AT] as number)) return pricer.priced(row);
		return row;
	};
};
