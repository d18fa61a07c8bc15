import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { RunLogLine } from '../tasks/child-messages.ts';
import { LineSplitter } from './line-splitter.ts';
import { LogCap } from './log-cap.ts';

const split = (chunks: readonly Buffer[]): string[] => {
	const lines: string[] = [];
	const splitter = new LineSplitter((line) => lines.push(line));
	for (const chunk of chunks) splitter.add(chunk);
	splitter.end();
	return lines;
};

describe('lines', () => {
	it('are the same however the bytes are cut, also within a character', () => {
		const line = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll(/[\r\n]/g, ' '));
		fc.assert(
			fc.property(
				fc.array(line, { minLength: 1, maxLength: 10 }),
				fc.array(fc.integer({ min: 1, max: 7 })),
				(lines, cuts) => {
					const bytes = Buffer.from(`${lines.join('\n')}\n`);
					const chunks: Buffer[] = [];
					let at = 0;
					for (const cut of cuts) {
						chunks.push(bytes.subarray(at, at + cut));
						at += cut;
					}
					chunks.push(bytes.subarray(at));
					expect(split(chunks)).toEqual(lines);
				},
			),
		);
	});

	it('end with \\n or \\r\\n, and the last one needs no end', () => {
		expect(split([Buffer.from('a\r\nb\n\nc')])).toEqual(['a', 'b', '', 'c']);
		expect(split([Buffer.from('a\n')])).toEqual(['a']);
		expect(split([])).toEqual([]);
	});

	it('that never end are cut, so that they do not fill the memory', () => {
		const lines = split(Array.from({ length: 100 }, () => Buffer.alloc(1_000, 'x')));
		expect(lines.join('')).toHaveLength(100_000);
		expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(8_192);
	});

	it('of broken UTF-8 are still lines', () => {
		expect(split([Buffer.from([0x61, 0xff, 0xc3, 0x0a, 0x62])])).toEqual(['a��', 'b']);
	});
});

describe('the log of a run', () => {
	const out = (text: string): RunLogLine => ({ stream: 'out', text });

	it('goes out a hundred lines at a time, or when a moment has passed, or when flushed', () => {
		vi.useFakeTimers();
		try {
			const sent: RunLogLine[][] = [];
			const log = new LogCap((lines) => sent.push(lines));
			for (let i = 0; i < 250; i++) log.add(out(`line ${i}`));
			expect(sent.map((lines) => lines.length)).toEqual([100, 100]);
			vi.advanceTimersByTime(100);
			expect(sent.flat()).toHaveLength(250);
			log.add(out('last'));
			log.flush();
			expect(sent.flat().at(-1)).toEqual(out('last'));
			log.flush();
			expect(sent).toHaveLength(4);
		} finally {
			vi.useRealTimers();
		}
	});

	it('is cut at 1 MiB, and says so once', () => {
		const sent: RunLogLine[] = [];
		const log = new LogCap((lines) => sent.push(...lines));
		for (let i = 0; i < 3_000; i++) log.add(out('x'.repeat(1_000)));
		log.flush();
		expect(log.isCut).toBe(true);
		const bytes = sent.reduce((sum, { text }) => sum + text.length + 1, 0);
		expect(bytes).toBeLessThan(1024 * 1024 + 200);
		expect(sent.filter(({ stream }) => stream === 'system')).toEqual([
			{ stream: 'system', text: 'The log is cut here: it is longer than 1 MiB.' },
		]);
	});

	it('has long lines in pieces that a message may hold', () => {
		const sent: RunLogLine[] = [];
		const log = new LogCap((lines) => sent.push(...lines));
		log.add(out('y'.repeat(20_000)));
		log.add(out(''));
		log.flush();
		expect(sent.map(({ text }) => text.length)).toEqual([8192, 8192, 3616, 0]);
	});
});
