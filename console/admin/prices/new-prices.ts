import { moneyInWords } from '../../../shared/money-words.ts';
import {
	classFactorSchema,
	type NewPrices,
	PRICED,
	type Priced,
	type Prices,
	type PriceVersion,
	pricesSchema,
} from '../../../shared/protocol/price-book.ts';
import { readMoney } from '../../../shared/read-money.ts';

/** What is typed into the form. */
export interface PriceDraft {
	/** As a field for a time gives it, in UTC; empty: at once. */
	from: string;
	currency: string;
	prices: Record<Priced, string>;
	factors: readonly { serviceClass: string; factor: string }[];
	note: string;
}

/** Millionths as a person writes them: `0.00002`, nothing for what is free. */
const written = (micro: number): string => (micro === 0 ? '' : moneyInWords(micro).replace(/\.?0+$/, ''));

/** What one begins with: the prices that count. */
export const draftOf = (book: PriceVersion | null): PriceDraft => ({
	...{ from: '', currency: book?.currency ?? 'EUR', note: '' },
	prices: Object.fromEntries(PRICED.map((one) => [one, written(book?.prices[one] ?? 0)])) as Record<Priced, string>,
	factors: Object.entries(book?.classFactors ?? {}).map(([serviceClass, factor]) => ({ serviceClass, factor })),
});

export const isAmount = (text: string): boolean => text.trim() === '' || (readMoney(text) ?? -1) >= 0;
export const isFactor = (text: string): boolean => classFactorSchema.safeParse(text.trim()).success;

/** The prices of a draft; null while something in it is no price. */
export const pricesOf = ({
	prices,
	factors,
}: PriceDraft): { prices: Prices; classFactors: Record<string, string> } | null => {
	if (!PRICED.every((one) => isAmount(prices[one])) || !factors.every(({ factor }) => isFactor(factor))) return null;
	const parsed = pricesSchema.safeParse(
		Object.fromEntries(PRICED.map((one) => [one, prices[one].trim() === '' ? 0 : readMoney(prices[one])])),
	);
	if (!parsed.success) return null;
	const named = factors.filter(({ serviceClass }) => serviceClass !== '');
	return {
		prices: parsed.data,
		classFactors: Object.fromEntries(named.map(({ serviceClass, factor }) => [serviceClass, factor.trim()])),
	};
};

/** What is sent; null while it cannot be. */
export const newPricesOf = (draft: PriceDraft): NewPrices | null => {
	const book = pricesOf(draft);
	if (book === null || !/^[A-Z]{3}$/.test(draft.currency)) return null;
	const at = draft.from === '' ? null : Date.parse(`${draft.from}Z`);
	if (at !== null && Number.isNaN(at)) return null;
	return {
		...book,
		...{ currency: draft.currency, note: draft.note.trim() },
		...(at === null ? {} : { from: new Date(at).toISOString() }),
	};
};
