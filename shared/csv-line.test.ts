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
				expect(row?.map((cell) => cell.replace(/^'/, ''))).toEqual(cells.map((cell) => cell.replace(/^'/, '')));
			}),
		);
	});

	it.each(['=1+1', '+1+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '-'])('runs nothing of %j', (text) => {
		expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/);
	});

	it.each([-1, '-1', '-1.5', 12, 'a=b', ''])('leaves %j alone', (value) => expect(csvCell(value)).toBe(String(value)));

	it('keeps numbers as such, and quotes, commas and line breaks within their cell', () => {
		expect(csvLine([-1.5, true, null, 'a,b', 'say "x"', 'a\nb', 'plain'])).toBe(
			'-1.5,true,,"a,b","say ""x""","a\nb",plain\r\n',
		);
	});
});
