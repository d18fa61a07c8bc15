import { expect, test } from 'vitest';
import { plainText } from './plain-text.ts';

test('what a terminal would obey is shown, and all other text stays as it is', () => {
	expect(plainText('\u001b[31mred\u0007\r\nnext')).toBe('␛[31mred␇␍␊next');
	expect(plainText('\u009b2J \u202egpj.exe \u007f\0')).toBe('\ufffd2J \ufffdgpj.exe ␡␀');
	expect(plainText('a\tb ü 日本 👩‍👩‍👧 <b>')).toBe('a\tb ü 日本 👩‍👩‍👧 <b>');
});
