import { moneyInWords } from '../../shared/money-words.ts';

/** `1.25 EUR`; without a currency nothing has a price. */
export const costWords = (micro: number, currency: string | null): string =>
	currency === null && micro === 0 ? 'free' : `${moneyInWords(micro)} ${currency ?? ''}`.trim();

/** GiB over hours: `12.3 GiB h`. */
export const storedWords = (mibS: number): string =>
	`${(mibS / 1024 / 3_600).toLocaleString('en', { maximumFractionDigits: 2 })} GiB h`;
