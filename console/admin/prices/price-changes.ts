import { PRICED, type Priced, type PriceVersion } from '../../../shared/protocol/price-book.ts';

type Book = Pick<PriceVersion, 'prices' | 'classFactors'>;

/** A price or a class's factor, and what it was before; null: there is none. */
export interface PriceLine {
	key: string;
	priced: Priced | null;
	/** Of a factor: whose. */
	serviceClass: string | null;
	before: number | null;
	now: number | null;
	isChanged: boolean;
}

/** What a version says, each beside what the one before it said. What neither names is left out. */
export const priceLines = (now: Book, before: Book | null): PriceLine[] => {
	const prices = PRICED.map((priced): PriceLine => {
		const [was, is] = [before === null ? null : before.prices[priced], now.prices[priced]];
		return {
			...{ key: priced, priced, serviceClass: null, before: was, now: is },
			isChanged: was !== null && was !== is,
		};
	});
	const factorOf = (book: Book | null, name: string): number | null => {
		const factor = book?.classFactors[name];
		return factor === undefined ? null : Number(factor);
	};
	const names = [...new Set([...Object.keys(before?.classFactors ?? {}), ...Object.keys(now.classFactors)])].sort();
	const factors = names.map((name): PriceLine => {
		const [was, is] = [factorOf(before, name), factorOf(now, name)];
		return {
			...{ key: `class ${name}`, priced: null, serviceClass: name, before: was, now: is },
			isChanged: before !== null && was !== is,
		};
	});
	return [...prices.filter((line) => line.now !== 0 || (line.before ?? 0) !== 0), ...factors];
};
