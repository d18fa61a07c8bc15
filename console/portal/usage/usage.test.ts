import { describe, expect, it } from 'vitest';
import type { OwnBudgets } from '../../../shared/protocol/budget.ts';
import type { UsageAnswer } from '../../../shared/protocol/usage.ts';
import { costWords } from '../../kit/money.ts';
import { dayInWords, daysOf, monthAfter, monthInWords, monthOfUrl, periodOfMonth } from '../../kit/month.ts';
import { barsOf, chartSummary } from './chart-data.ts';
import { budgetLimits, heldWords, ownBudget } from './limits.ts';
import { workRows } from './usage-words.ts';

const NOW = Date.parse('2026-03-03T12:00:00Z');
const NOTHING = {
	...{ records: 1, tasks: 0, wallMs: 0, cpuMs: 0, userMs: 0, systemMs: 0, deviceMs: 0, gpuMs: 0, memoryMibMs: 0 },
	...{ readBytes: 0, writtenBytes: 0, bytesIn: 0, bytesOut: 0, storedMibS: 0, requests: 0, amountMicro: 0 },
};
const item = (day: string, what: string, more: Partial<typeof NOTHING> = {}): UsageAnswer['items'][number] => ({
	...{ day, what, ...NOTHING, ...more },
});

describe('a month', () => {
	it.each([
		['2026-02', '2026-02'],
		['2026-03', '2026-03'],
		['2026-04', '2026-03'],
		['2026-13', '2026-03'],
		['', '2026-03'],
		['<b>', '2026-03'],
	])('of the address %j is %s', (text, month) => expect(monthOfUrl(text, NOW)).toBe(month));

	it('has neighbours, words, a beginning and an end', () => {
		expect([monthAfter('2026-01', -1), monthAfter('2026-12', 1)]).toEqual(['2025-12', '2027-01']);
		expect(monthInWords('2026-03')).toBe('March 2026');
		expect(dayInWords('2026-03-01')).toBe('1 Mar');
		expect(periodOfMonth('2024-02')).toEqual({ from: '2024-02-01T00:00:00.000Z', to: '2024-03-01T00:00:00.000Z' });
	});

	it('has days up to today', () => {
		expect(daysOf('2026-03', NOW)).toEqual(['2026-03-01', '2026-03-02', '2026-03-03']);
		expect(daysOf('2024-02', NOW)).toHaveLength(29);
	});
});

describe('the chart', () => {
	const items = [
		item('2026-03-01', 'noop', { amountMicro: 5, cpuMs: 1_000, bytesIn: 9_000 }),
		item('2026-03-01', 'upload', { amountMicro: 2, bytesIn: 700 }),
		item('2026-03-03', 'noop', { amountMicro: 1_000_000 }),
	];
	const days = daysOf('2026-03', NOW);

	it('has a bar for each day, and what it comes to until then', () => {
		expect(barsOf('cost', items, days)).toEqual([
			{ day: '2026-03-01', value: 7, soFar: 7 },
			{ day: '2026-03-02', value: 0, soFar: 7 },
			{ day: '2026-03-03', value: 1_000_000, soFar: 1_000_007 },
		]);
		expect(barsOf('transfer', items, days)[0]?.value).toBe(700);
	});

	it('is told in words', () => {
		expect(chartSummary('cost', barsOf('cost', items, days), 'EUR', 2_000_000)).toBe(
			'1.000007 EUR in all of 2.00 EUR that you may use, on 2 of 3 days; the most on 3 Mar: 1.00 EUR.',
		);
		expect(chartSummary('tasks', barsOf('tasks', items, days), null, null)).toBe('0 tasks in all.');
	});
});

it('kinds of work are told in their own units, the dearest first', () => {
	const items = [
		item('2026-03-01', 'resize', { tasks: 2, cpuMs: 1_500, amountMicro: 5 }),
		item('2026-03-02', 'resize', { tasks: 1, cpuMs: 500, amountMicro: 5 }),
		item('2026-03-02', 'storage', { storedMibS: 1024 * 3_600 * 2.5, amountMicro: 7 }),
		item('2026-03-02', 'download', { bytesOut: 1_500, amountMicro: 99 }),
	];
	expect(workRows(items, (type) => `The ${type}`).map(({ title, words, isTask }) => [title, words, isTask])).toEqual([
		['Downloads', '1.5 kB in 1 download', false],
		['The resize', '3 tasks, 2.0 s CPU', true],
		['Storage', '2.5 GiB h stored', false],
	]);
});

it.each([
	[0, null, 'free'],
	[0, 'EUR', '0.00 EUR'],
	[-1, 'EUR', '-0.000001 EUR'],
])('%d %s is %s', (micro, currency, words) => expect(costWords(micro, currency)).toBe(words));

describe('budgets', () => {
	const standing = {
		...{ amountMicro: 10_000_000, spentMicro: 7_000_000, reservedMicro: 1_000_000, leftMicro: 2_000_000 },
		...{ id: `bud_${'0'.repeat(26)}`, warnAtPercent: 80, action: 'hold' as const, state: 'warn' as const },
	};
	const budgets: OwnBudgets = {
		...{ month: '2026-03', monthEndsAt: '2026-04-01T00:00:00.000Z', currency: 'EUR', heldTasks: 1 },
		items: [
			{ ...standing, owner: { kind: 'person', id: 'usr_1', name: 'ada' } },
			{ ...standing, owner: { kind: 'group', id: 'grp_1', name: 'Lab' } },
		],
	};

	it('are limits, one’s own a line in the chart, and say what waits for them', () => {
		const [own, group] = budgetLimits(budgets);
		expect(own).toMatchObject({ name: 'Your budget', used: 7_000_000, reserved: 1_000_000, nearAt: 0.8 });
		expect([group?.name, group?.note]).toEqual(['Budget of the group Lab', 'What it has no room for is held.']);
		expect(own?.words(2_000_000)).toBe('2.00 EUR');
		expect([ownBudget(budgets), ownBudget({ ...budgets, items: [] })]).toEqual([10_000_000, null]);
		expect(heldWords(budgets)).toBe('1 task of yours waits for a budget');
		expect(heldWords({ ...budgets, heldTasks: 0 })).toBeNull();
	});
});
