import { expect, it } from 'vitest';
import { moneyInWords } from './money-words.ts';
import { readMoney } from './read-money.ts';

it.each([
	['12.5', 12_500_000],
	[' 0.000001 ', 1],
	['-0.25', -250_000],
	['-0', 0],
	['999999999.999999', 999_999_999_999_999],
	['1,5', null],
	['1e3', null],
	['0.0000001', null],
	['1000000000', null],
	['', null],
	['--1', null],
])('%j is %s', (text, micro) => expect(readMoney(text)).toBe(micro));

it('reads what is written', () => {
	for (const micro of [0, 1, -1, 1_250_000, 123_456_789]) expect(readMoney(moneyInWords(micro))).toBe(micro);
});
