import type { UsageAnswer } from '../../../shared/protocol/usage.ts';
import { dayInWords } from '../../kit/month.ts';
import { type Measure, measured, valueWords } from './usage-words.ts';

export interface DayBar {
	day: string;
	value: number;
	/** Of all days up to this one. */
	soFar: number;
}

/** One bar for each day, also for those on which nothing was. */
export const barsOf = (measure: Measure, items: UsageAnswer['items'], days: readonly string[]): DayBar[] => {
	const byDay = new Map<string, number>();
	for (const item of items) byDay.set(item.day, (byDay.get(item.day) ?? 0) + measured(measure, item));
	let soFar = 0;
	return days.map((day) => {
		const value = byDay.get(day) ?? 0;
		soFar += value;
		return { day, value, soFar };
	});
};

/** What there is to see, for those who do not: the whole, the highest day, and the limit. */
export const chartSummary = (
	measure: Measure,
	bars: readonly DayBar[],
	currency: string | null,
	limit: number | null,
): string => {
	const words = (value: number): string => valueWords(measure, value, currency);
	const highest = bars.reduce<DayBar | null>((top, bar) => (top === null || bar.value > top.value ? bar : top), null);
	const total = bars.at(-1)?.soFar ?? 0;
	if (highest === null || highest.value <= 0) return `${words(total)} in all.`;
	const used = bars.filter(({ value }) => value !== 0).length;
	const ofLimit = limit === null ? '' : ` of ${words(limit)} that you may use`;
	return `${words(total)} in all${ofLimit}, on ${used} of ${bars.length} days; the most on ${dayInWords(highest.day)}: ${words(highest.value)}.`;
};
