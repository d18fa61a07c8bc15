import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Output } from './output.ts';
import { printable } from './printable.ts';
import { ProgressBar, progressLine } from './progress-bar.ts';
import { layTable } from './table.ts';
import { padded, shortened, textWidth } from './text-width.ts';
import { TransferMeter } from './transfer-meter.ts';
import { bytesInWords, durationInWords } from './words.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 60 });

describe('printable', () => {
	it('never lets through what a terminal obeys', () => {
		fc.assert(
			fc.property(anyText, (text) => {
				// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
				expect(printable(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/u);
			}),
		);
	});

	it('leaves ordinary text alone, whatever the script', () => {
		for (const text of ['plain', 'Grüße', '日本語', 'שלום', '👩‍👩‍👧']) expect(printable(text)).toBe(text);
	});

	it('shows escapes of terminals as text', () => {
		expect(printable('\u001b[2J\r\n\u009b31m')).toBe('\\x1b[2J\\r\\n\\x9b31m');
	});
});

describe('text width', () => {
	it('counts cells, not characters', () => {
		expect([textWidth('abc'), textWidth('日本'), textWidth('e\u0301'), textWidth('👍')]).toEqual([3, 4, 1, 2]);
	});

	it('shortens and pads to the cells there are', () => {
		expect(shortened('日本語', 4)).toBe('日…');
		expect(padded('é', 3, 'right')).toBe('  é');
		fc.assert(
			fc.property(anyText, fc.integer({ min: 0, max: 30 }), (text, cells) => {
				expect(textWidth(shortened(printable(text), cells))).toBeLessThanOrEqual(cells);
			}),
		);
	});
});

describe('layTable', () => {
	const columns = [{ title: 'NAME' }, { title: 'SIZE', side: 'right' as const }, { title: 'NOTE' }];
	const texts = (rows: ReturnType<typeof layTable>) => rows.map((row) => row.map(({ text }) => text).join(''));

	it('aligns by the widest cell and leaves nothing out when it is not for a terminal', () => {
		const rows = layTable(
			columns,
			[
				['日本', '5', 'x'.repeat(200)],
				['a', '1234', ''],
			],
			null,
		);
		expect(texts(rows)).toEqual(['NAME  SIZE  NOTE', `日本     5  ${'x'.repeat(200)}`, 'a     1234  ']);
	});

	it('shortens the last column to the terminal', () => {
		for (const row of texts(layTable(columns, [['a', '5', 'x'.repeat(200)]], 40)))
			expect(textWidth(row)).toBeLessThanOrEqual(40);
	});

	it('keeps rows in their lines whatever the cells hold', () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(anyText, anyText, anyText)), (rows) => {
				const laid = texts(layTable(columns, rows, null));
				expect(laid).toHaveLength(rows.length + 1);
				for (const row of laid) expect(printable(row)).toBe(row);
			}),
		);
	});
});

describe('TransferMeter', () => {
	it('tells speed and remaining time of what goes over the network, not of what was there', () => {
		let now = 0;
		const meter = new TransferMeter(() => now);
		meter.expect(10_000);
		meter.skip(4_000);
		expect(meter.figures).toMatchObject({ doneBytes: 4_000, share: 0.4, bytesPerSecond: null, remainingMs: null });
		meter.move(0);
		for (let second = 0; second < 3; second += 1) {
			meter.move(1_000);
			now += 1_000;
		}
		// The first sample is where the measuring begins.
		const { bytesPerSecond, remainingMs, doneBytes } = meter.figures;
		expect(doneBytes).toBe(7_000);
		expect(bytesPerSecond).toBeCloseTo(2_000 / 3, 5);
		expect(remainingMs).toBeCloseTo(4_500, 5);
	});

	it('forgets how it began, and comes to a standstill when nothing moves', () => {
		let now = 0;
		const meter = new TransferMeter(() => now);
		meter.expect(1_000_000);
		meter.move(500_000);
		for (let i = 0; i < 60; i += 1) {
			now += 100;
			meter.move(10);
		}
		expect(meter.figures.bytesPerSecond).toBeLessThan(120);
		const before = meter.figures.bytesPerSecond ?? 0;
		now += 60_000;
		expect(meter.figures.bytesPerSecond ?? 0).toBeLessThan(before / 5);
	});

	it('stays between nothing and everything whatever is told', () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: -1_000, max: 2_000 })), (moves) => {
				const meter = new TransferMeter(() => 0);
				meter.expect(1_500);
				for (const bytes of moves) meter.move(bytes);
				expect(meter.figures.share).toBeGreaterThanOrEqual(0);
				expect(meter.figures.share).toBeLessThanOrEqual(1);
			}),
		);
	});
});

describe('progressLine', () => {
	const figures = {
		doneBytes: 500_000,
		totalBytes: 1_000_000,
		share: 0.5,
		bytesPerSecond: 1_000_000,
		remainingMs: 500,
	};

	it('tells share, bytes, speed and the time left', () => {
		expect(progressLine(figures, '/a.jpg', 120)).toBe(
			'████████████░░░░░░░░░░░░  50 %  500 kB of 1.0 MB  1.0 MB/s  500 ms left  /a.jpg',
		);
	});

	it('fits every width', () => {
		fc.assert(
			fc.property(anyText, fc.integer({ min: 1, max: 200 }), (label, width) => {
				expect(textWidth(progressLine(figures, label, width))).toBeLessThanOrEqual(width);
			}),
		);
	});
});

describe('ProgressBar', () => {
	it('draws when its line is another one, and again after a line has gone out', async () => {
		vi.useFakeTimers();
		try {
			const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
			const out = new Output({ stdout: new PassThrough(), stderr: stream, noColor: true });
			let line = 'one';
			using _bar = new ProgressBar(stream, out, () => line);
			const drawn = (ms: number) => {
				vi.advanceTimersByTime(ms);
				return String(stream.read() ?? '');
			};
			expect(drawn(1_000)).toBe('\r\u001b[2Kone');
			line = 'two';
			expect(drawn(1_000)).toBe('\r\u001b[2Ktwo');
			out.note('said');
			expect(drawn(1_000)).toBe('\r\u001b[2Ksaid\n\r\u001b[2Ktwo');
		} finally {
			vi.useRealTimers();
		}
	});
});

describe('words', () => {
	it('tells sizes and durations as people do', () => {
		expect([0, 999, 1_000, 1_536, 999_999, 5e9].map(bytesInWords)).toEqual([
			'0 B',
			'999 B',
			'1.0 kB',
			'1.5 kB',
			'1.0 MB',
			'5.0 GB',
		]);
		expect([0, 999, 1_500, 59_400, 95_000, 3_600_000, 90_000_000].map(durationInWords)).toEqual([
			'0 ms',
			'999 ms',
			'1.5 s',
			'59 s',
			'1 min 35 s',
			'1 h',
			'1 d 1 h',
		]);
	});
});

describe('Output', () => {
	const written = (noColor: boolean, isTTY: boolean) => {
		const stdout = Object.assign(new PassThrough(), { isTTY });
		new Output({ stdout, stderr: new PassThrough(), noColor }).line('ok', 'green');
		return String(stdout.read());
	};

	it('uses colour on a terminal only, and never with NO_COLOR', () => {
		expect(written(false, true)).toBe('\u001b[32mok\u001b[0m\n');
		expect(written(true, true)).toBe('ok\n');
		expect(written(false, false)).toBe('ok\n');
	});
});
