import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../../shared/protocol/task.ts';
import { appendLines, MOST_LINES, printable, visible } from './log-lines.ts';

const line = (seq: number): LogLine => ({ seq, at: '2026-03-10T12:00:00.000Z', stream: 'out', text: `line ${seq}` });

describe('a log', () => {
	it('grows by what is new only', () => {
		const two = appendLines([], [line(0), line(1)]);
		expect(appendLines(two, [line(1)])).toBe(two);
		expect(appendLines(two, [line(1), line(2)]).map(({ seq }) => seq)).toEqual([0, 1, 2]);
	});

	it('keeps the newest lines', () => {
		const many = appendLines(
			[],
			Array.from({ length: MOST_LINES + 5 }, (_, seq) => line(seq)),
		);
		expect(many).toHaveLength(MOST_LINES);
		expect(many[0]?.seq).toBe(5);
	});
});

describe('a log line', () => {
	it.each([
		['\u001b[31mred\u001b[0m', 'red'],
		['\u001b]0;title\u0007text', 'text'],
		['\u001b]8;;http://evil\u001b\\link', 'link'],
		['a\tb\r\u0000c', 'a\tbc'],
		['abc\u202Egpj.exe', 'abcgpj.exe'],
		['naïve 日本 🙂', 'naïve 日本 🙂'],
	])('%j is shown as %j', (text, shown) => expect(printable(text)).toBe(shown));

	it.each([
		['\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
		['a\tb\r\u0000\u007f', 'a\tb\\x0d\\x00\\x7f'],
		['abc\u202Egpj.exe\u009b', 'abc\\u202egpj.exe\\x9b'],
		['␛[2J␀␡', '\\x1b[2J\\x00\\x7f'],
		['<b>naïve</b> 日本 🙂', '<b>naïve</b> 日本 🙂'],
	])('%j is made visible as %j', (text, shown) => expect(visible(text)).toBe(shown));

	it('never holds a control character but the tab', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
				expect(printable(text)).not.toMatch(/[^\P{Cc}\t]/u);
				expect(visible(text)).not.toMatch(/[^\P{Cc}\t]/u);
			}),
		);
	});
});
