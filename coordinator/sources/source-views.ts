import type { SourceRunView, SourceUse, SourceView } from '../../shared/protocol/source.ts';
import { scheduleSentence } from '../../shared/schedule-sentence.ts';
import { ruleOf } from '../schedules/schedule-row.ts';
import { type Caps, leftOf, type Use } from '../source-runs/allowance.ts';
import { endOfMonth, monthName, monthOf } from '../source-runs/month.ts';
import type { ListedSource, RunRow, ScheduleOfSource } from './find-store.ts';
import { moneyOf } from './money.ts';

const instant = (at: number): string => new Date(at).toISOString();
const maybe = (at: number | null): string | null => (at === null ? null : instant(at));

export const runViewOf = ({ seq: _, startedAt, finishedAt, more, ...run }: RunRow): SourceRunView => ({
	...run,
	more: more === 1,
	startedAt: instant(startedAt),
	finishedAt: maybe(finishedAt),
});

/** Of a month that is over nothing is left. */
export const useViewOf = (caps: Caps, month: number, use: Use, now: number): SourceUse => ({
	month: monthName(month),
	items: use.items,
	spend: moneyOf(use.spendMicros),
	reserved: use.reserved,
	left: month < monthOf(now) ? 0 : leftOf(caps, use),
	endsAt: instant(endOfMonth(month)),
});

const scheduleViewOf = ({ id, name, state, nextAt, ...rule }: ScheduleOfSource) => ({
	...{ id, name, state, sentence: scheduleSentence(ruleOf(rule)), nextRunAt: maybe(nextAt) },
});

export const sourceViewOf = (row: ListedSource, now: number): SourceView => {
	const { id, version, owner, name, type, dataset, state, reason } = row;
	return {
		...{ id, version, owner, name, type, dataset, state, reason },
		parameters: JSON.parse(row.parameters) as SourceView['parameters'],
		secrets: JSON.parse(row.secrets) as SourceView['secrets'],
		mostItemsPerMonth: row.mostItems,
		pricePerItem: moneyOf(row.priceMicros),
		mostSpendPerMonth: row.mostSpendMicros === null ? null : moneyOf(row.mostSpendMicros),
		lastSuccessAt: maybe(row.lastOkAt),
		lastRun: row.lastRun && runViewOf(row.lastRun),
		use: useViewOf(row, monthOf(now), row.use, now),
		schedules: row.schedules.map(scheduleViewOf),
		createdAt: instant(row.createdAt),
		updatedAt: instant(row.updatedAt),
	};
};
