import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell, csvLine } from './csv-line.ts';

describe('a line of CSV', () => {
	it('is read back by another program as it was, but for what is guarded', () => {
		fc.assert(
			fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }), (cells) => {
				const [row] = parse(csvLine(cells), { relax_column_count: true }) as string[][];
				if (cells.length === 1 && cells[0] === '') return;
				const unseen = /(?![\t\n\r])[\p{Bidi_Control}\p{Cc}]/u;
				fc.pre(!cells.some((cell) => unseen.test(cell)));
				expect(row?.map((cell) => cell.replace(/^'/, ''))).toEqual(cells.map((cell) => cell.replace(/^'/, '')));
			}),
		);
	});

	it.each(['=1+1', '+1+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '-'])('runs nothing of %j', (text) => {
		expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/);
	});

	it.each([
		['invoice\u202efdp.exe', 'invoice\\u202efdp.exe'],
		['\u2066a\u2069\u200f\u061c', '\\u2066a\\u2069\\u200f\\u061c'],
		['a\0b\x1b[31m\x9b', 'a\\u0000b\\u001b[31m\\u009b'],
		['\u202e=1', '\\u202e=1'],
	])('shows what would not be seen in %j', (text, shown) => expect(csvCell(text)).toBe(shown));

	it.each([-1, '-1', '-1.5', 12, 'a=b', ''])('leaves %j alone', (value) => expect(csvCell(value)).toBe(String(value)));

	it('keeps numbers as such, and quotes, commas and line breaks within their cell', () => {
		expect(csvLine([-1.5, true, null, 'a,b', 'say "x"', 'a\nb', 'plain'])).toBe(
			'-1.5,true,,"a,b","say ""x""","a\nb",plain\r\n',
		);
	});
});
