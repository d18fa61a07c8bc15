import type { History, HistoryUnit, MeasureColumn } from '../../../shared/protocol/history.ts';
import type { Output } from '../terminal/output.ts';
import { sparkline } from '../terminal/sparkline.ts';
import { printTable } from '../terminal/table.ts';
import { bytesInWords, durationInWords, localTime } from '../terminal/words.ts';

const COLUMNS = [
	{ title: 'MEASURE' },
	{ title: 'LEAST', side: 'right' as const },
	{ title: 'MEAN', side: 'right' as const },
	{ title: 'MOST', side: 'right' as const },
	{ title: 'LAST', side: 'right' as const },
	{ title: 'OVER TIME' },
];
const BARS = 40;

const numberInWords = (value: number): string => String(Number(value.toPrecision(3)));

const IN_WORDS: Record<HistoryUnit, (value: number) => string> = {
	share: (value) => `${numberInWords(value * 100)} %`,
	cores: (value) => `${numberInWords(value)} ${value === 1 ? 'core' : 'cores'}`,
	number: numberInWords,
	bytes: bytesInWords,
	'bytes/s': (value) => `${bytesInWords(value)}/s`,
	ms: (value) => (value < 1_000 ? `${numberInWords(value)} ms` : durationInWords(value)),
	'1/s': (value) => `${numberInWords(value)}/s`,
};

const rowOf = (name: string, { unit, mean, least, most }: MeasureColumn): string[] | null => {
	const there = mean.filter((value) => value !== null);
	if (there.length === 0) return null;
	const lowest = (least ?? mean).filter((value) => value !== null);
	const highest = (most ?? mean).filter((value) => value !== null);
	const words = IN_WORDS[unit];
	return [
		name,
		words(lowest.reduce((a, b) => Math.min(a, b))),
		words(there.reduce((a, b) => a + b, 0) / there.length),
		words(highest.reduce((a, b) => Math.max(a, b))),
		words(there.at(-1)!),
		sparkline(mean, BARS),
	];
};

/** One line a measure: its least, mean, most and last value, and how it went. Measures of which nothing is known are left out. */
export const printHistory = (out: Output, whose: string, { resolution, times, measures }: History): void => {
	const [first, last] = [times[0], times.at(-1)];
	if (first === undefined || last === undefined) {
		out.note(
			`Nothing is known of ${whose} in that time. See further back with --since, or more coarsely: --resolution hour`,
		);
		return;
	}
	out.line(`${whose}, by the ${resolution}, ${localTime(first)} to ${localTime(last)}`);
	const rows = Object.entries(measures).map(([name, column]) => rowOf(name, column));
	printTable(
		out,
		COLUMNS,
		rows.filter((row) => row !== null),
	);
};
