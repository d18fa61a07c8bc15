import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	formatBytes,
	formatDuration,
	formatEstimate,
	formatExact,
	formatPercent,
	formatRelative,
	plural,
} from './format.ts';

describe('sizes', () => {
	it.each([
		[0, '0 B'],
		[999, '999 B'],
		[1_000, '1.0 kB'],
		[1_500_000, '1.5 MB'],
		[99_960, '100 kB'],
		[999_949, '1.0 MB'],
		[2 ** 31, '2.1 GB'],
		[-1, '–'],
		[Number.NaN, '–'],
	])('of %d bytes read %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

	it('never show more than four characters of number', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 10 ** 15 }), (bytes) => {
				expect(formatBytes(bytes)).toMatch(/^\d{1,3}(\.\d)? [kMGTP]?B$/);
			}),
		);
	});
});

describe('durations', () => {
	it.each([
		[0, '0 ms'],
		[999.4, '999 ms'],
		[999.6, '1.0 s'],
		[9_960, '10 s'],
		[59_700, '1 min'],
		[125_000, '2 min 5 s'],
		[3_600_000, '1 h'],
		[12_000_000, '3 h 20 min'],
		[187_200_000, '2 d 4 h'],
	])('of %d ms read %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

	it.each([
		[400, 'a few seconds'],
		[21_000, 'about 25 s'],
		[55_000, 'about 1 min'],
		[7_200_000, 'about 2 h'],
	])('that are guesses are rounded: %d ms is %s', (ms, text) => expect(formatEstimate(ms)).toBe(text));
});

describe('times', () => {
	const now = new Date('2026-03-10T12:00:00Z');
	it.each([
		['2026-03-10T11:59:55Z', 'just now'],
		['2026-03-10T12:00:05Z', 'in a moment'],
		['2026-03-10T11:59:20Z', '40 s ago'],
		['2026-03-10T11:55:00Z', '5 min ago'],
		['2026-03-10T15:00:00Z', 'in 3 h'],
		['2026-03-06T12:00:00Z', '4 d ago'],
		['2026-01-06T12:00:00Z', '6 Jan 2026'],
	])('%s reads %s', (at, text) => expect(formatRelative(new Date(at), now)).toBe(text));

	it('are exact with the zone on request', () => {
		expect(formatExact(now, 'Europe/Berlin')).toMatch(/^10 Mar 2026, 13:00:00 /);
	});
});

describe('counts', () => {
	it('agree with their noun', () => {
		expect(plural(1, 'file')).toBe('1 file');
		expect(plural(12_345, 'file')).toBe('12,345 files');
		expect(plural(0, 'entry', 'entries')).toBe('0 entries');
	});

	it('show a share that is not whole yet as less than 100 %', () => {
		expect(formatPercent(0.9999)).toBe('99 %');
		expect(formatPercent(1)).toBe('100 %');
		expect(formatPercent(7)).toBe('100 %');
	});
});
