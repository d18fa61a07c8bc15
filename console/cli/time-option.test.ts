import { expect, it } from 'vitest';
import { timeOption } from './time-option.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const ahead = timeOption('ahead', () => NOW);
const ago = timeOption('ago', () => NOW);

it.each([
	['2h', '2026-03-01T14:00:00.000Z', '2026-03-01T10:00:00.000Z'],
	['1.5d', '2026-03-03T00:00:00.000Z', '2026-02-28T00:00:00.000Z'],
	['0s', '2026-03-01T12:00:00.000Z', '2026-03-01T12:00:00.000Z'],
	['2026-04-01T08:00:00Z', '2026-04-01T08:00:00.000Z', '2026-04-01T08:00:00.000Z'],
	['2026-04-01T08:00+02:00', '2026-04-01T06:00:00.000Z', '2026-04-01T06:00:00.000Z'],
	['2026-04-01T08:00:00.250Z', '2026-04-01T08:00:00.250Z', '2026-04-01T08:00:00.250Z'],
])('takes %s from now and back from now', (text, later, earlier) => {
	expect(ahead(text)).toBe(later);
	expect(ago(text)).toBe(earlier);
});

it('takes times without a zone, and days, as they are on this machine', () => {
	expect(ahead('2026-04-01T08:00')).toBe(new Date(2026, 3, 1, 8).toISOString());
	expect(ahead('2026-04-01')).toBe(new Date(2026, 3, 1).toISOString());
});

it.each([
	'',
	'soon',
	'2026',
	'90',
	'-2h',
	'May 5',
	'2026-13-01',
	'2026-04-01T25:00',
	'999999999999d',
	'2026-04-01T08:00 or so',
])('refuses %j with a word about what it takes', (text) => {
	expect(() => ahead(text)).toThrow(/2026-03-01T08:00.*2h from now/);
	expect(() => ago(text)).toThrow(/2026-03-01T08:00.*2h ago/);
});
