import { describe, expect, it } from 'vitest';
import type { SourceUse, SourceView } from '../../../shared/protocol/source.ts';
import { hostOf, moneyWords, nextRunAt, shareOfMonth, sourceLook, useWords, whenWords } from './source-words.ts';

const use = (more: Partial<SourceUse> = {}): SourceUse => ({
	...{ month: '2026-11', items: 120, spend: 1.2, reserved: 0, left: 880, endsAt: '2026-12-01T00:00:00Z' },
	...more,
});
const NO_CAPS = { mostItemsPerMonth: null, mostSpendPerMonth: null };
const schedule = (more: Partial<SourceView['schedules'][number]>): SourceView['schedules'][number] => ({
	...{ id: 'sch_a', name: 'a', sentence: 'every day at 07:30, UTC', state: 'active', nextRunAt: null },
	...more,
});

describe('the use of a month', () => {
	it.each([
		[use({ left: null }), NO_CAPS, null],
		[use(), { ...NO_CAPS, mostItemsPerMonth: 1_000 }, 0.12],
		[use({ reserved: 100 }), { ...NO_CAPS, mostItemsPerMonth: 1_000 }, 0.22],
		// The nearer one.
		[use(), { mostItemsPerMonth: 1_000, mostSpendPerMonth: 2 }, 0.6],
		// A cap that was lowered below what was taken.
		[use({ left: 0 }), { ...NO_CAPS, mostItemsPerMonth: 10 }, 1],
	])('%j of %j is %d', (month, caps, share) => {
		expect(shareOfMonth(month, caps)).toBe(share);
	});

	it('is said in words', () => {
		expect(useWords(use({ items: 1_200 }), { ...NO_CAPS, mostItemsPerMonth: 20_000 })).toBe(
			'1,200 of 20,000 items this month',
		);
		expect(useWords(use({ items: 1 }), NO_CAPS)).toBe('1 item this month');
		expect([moneyWords(1.5), moneyWords(0.0005), moneyWords(0)]).toEqual(['1.50', '0.0005', '0.00']);
	});
});

describe('what is most to be known of a source', () => {
	it('is that it is stopped, runs, or has used up its month', () => {
		const word = (more: object) => sourceLook({ state: 'active', use: use(), lastRun: null, ...more }).word;
		expect(word({})).toBe('Active');
		expect(word({ use: use({ left: 0 }) })).toBe('Month used up');
		expect(word({ lastRun: { state: 'open' } })).toBe('Running');
		expect(word({ state: 'stopped', lastRun: { state: 'open' } })).toBe('Stopped');
	});

	it('is when it runs', () => {
		expect(whenWords([])).toBe('only when it is asked to');
		expect(whenWords([schedule({ state: 'paused' })])).toBe('its schedule is paused');
		expect(whenWords([schedule({ state: 'paused' }), schedule({})])).toBe('every day at 07:30, UTC');
		const later = schedule({ nextRunAt: '2026-12-02T00:00:00Z' });
		expect(nextRunAt([later, schedule({ nextRunAt: '2026-12-01T00:00:00Z' }), schedule({})])).toBe(
			'2026-12-01T00:00:00Z',
		);
		expect(nextRunAt([schedule({})])).toBeNull();
	});
});

describe('a link from outside', () => {
	it.each([
		['https://www.example.org/a?b', 'example.org'],
		['http://example.org', 'example.org'],
		['javascript:alert(1)', null],
		['data:text/html,x', null],
		['//example.org', null],
		['nothing', null],
		[null, null],
	])('%s leads to %s', (link, host) => {
		expect(hostOf(link)).toBe(host);
	});
});
