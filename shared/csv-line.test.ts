import { expect, test } from 'vitest';
import { csvLine } from './csv-line.ts';

test.each(['=1+1', '+1', '-1', '@sum', '\tx', '\rx'])('%j is text and no formula', (text) => {
	expect(csvLine([text])).toMatch(/^"?'/);
});

test('numbers stay numbers, and quotes, commas and line breaks stay within their cell', () => {
	expect(csvLine([-1.5, true, null, 'a,b', 'say "x"', 'a\nb', 'plain'])).toBe(
		'-1.5,true,,"a,b","say ""x""","a\nb",plain\r\n',
	);
});
