import fc from 'fast-check';
import { expect, it } from 'vitest';
import { moneyInWords } from './money-words.ts';

it.each([
	[0, '0.00'],
	[1, '0.000001'],
	[20, '0.000020'],
	[1_250_000, '1.25'],
	[-10_000, '-0.01'],
	[Number.MAX_SAFE_INTEGER, '9007199254.740991'],
])('%d millionths are %s', (micro, words) => expect(moneyInWords(micro)).toBe(words));

it('loses nothing', () => {
	fc.assert(
		fc.property(fc.maxSafeInteger(), (micro) => {
			const [whole = '', places = ''] = moneyInWords(micro).replace('-', '').split('.');
			expect(BigInt(whole + places.padEnd(6, '0')) * (micro < 0 ? -1n : 1n)).toBe(BigInt(micro));
		}),
	);
});
