import type { UsagePeriod } from '../../../shared/client/usage.ts';
import { csvLine } from '../../../shared/csv-line.ts';
import { moneyInWords } from '../../../shared/money-words.ts';
import type { UsageSums } from '../../../shared/protocol/usage.ts';
import { SUM_COLUMNS, sumCells } from '../../../shared/usage-csv.ts';
import { usageError } from '../failure.ts';
import type { Output } from '../terminal/output.ts';
import { bytesInWords, durationInWords } from '../terminal/words.ts';

export interface PeriodOptions {
	from?: string;
	to?: string;
	month?: string;
}

const instantOf = (option: string, text: string): string => {
	const at = Date.parse(text);
	if (Number.isNaN(at)) throw usageError(`${option} ${text}: must be a day or an instant, such as 2026-03-01.`);
	return new Date(at).toISOString();
};

/** The time that the options mean; days and months are those of UTC. */
export const periodOf = ({ from, to, month }: PeriodOptions): UsagePeriod => {
	if (month === undefined) {
		return {
			from: from === undefined ? undefined : instantOf('--from', from),
			to: to === undefined ? undefined : instantOf('--to', to),
		};
	}
	const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
	if (year === undefined || from !== undefined || to !== undefined) {
		throw usageError('--month takes a month such as 2026-03, and neither --from nor --to beside it.');
	}
	const start = (more: number): string => new Date(Date.UTC(Number(year), Number(number) - 1 + more, 1)).toISOString();
	return { from: start(0), to: start(1) };
};

/** Writes sums as CSV, with what they are told apart by before them. */
export const printCsv = (
	out: Output,
	keys: readonly string[],
	rows: readonly { keys: readonly (string | null)[]; sums: UsageSums; more?: readonly number[] }[],
	more: readonly string[] = [],
): void => {
	out.verbatim(csvLine([...keys, ...SUM_COLUMNS, ...more]));
	for (const row of rows) {
		out.verbatim(csvLine([...row.keys, ...sumCells(row.sums), ...(row.more ?? [])]));
	}
};

export const SUM_TITLES = ['TASKS', 'CPU', 'WALL', 'IN', 'OUT', 'COST'].map((title) => ({
	title,
	side: 'right' as const,
}));

/** What a table shows of sums. */
export const sumWords = (sums: UsageSums): string[] => [
	String(sums.tasks),
	durationInWords(sums.cpuMs),
	durationInWords(sums.wallMs),
	bytesInWords(sums.bytesIn),
	bytesInWords(sums.bytesOut),
	moneyInWords(sums.amountMicro),
];
