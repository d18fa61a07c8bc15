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
	rows: readonly { keys: readonly (string | null)[]; sums: UsageSums; more?: readonly (number | string | null)[] }[],
	more: readonly string[] = [],
): void => {
	out.verbatim(csvLine([...keys, ...SUM_COLUMNS, ...more]));
	for (const row of rows) {
		out.verbatim(csvLine([...row.keys, ...sumCells(row.sums), ...(row.more ?? [])]));
	}
};

/** What went to and from nodes. */
type Moved = Pick<UsageSums, 'bytesIn' | 'bytesOut'>;

/** FETCHED and RETURNED are by nodes, IN and OUT by people. */
export const sumColumns = (currency: string | null) =>
	[
		...['TASKS', 'CPU', 'WALL', 'IN', 'OUT', 'FETCHED', 'RETURNED', 'STORED', 'REQUESTS'],
		currency === null ? 'COST' : `COST ${currency}`,
	].map((title) => ({ title, side: 'right' as const }));

/** MiB x s as GiB x h, which is what people have. */
const storedInWords = (mibSeconds: number): string => `${(mibSeconds / 1_024 / 3_600).toFixed(3)} GiB h`;

/** What went to and from nodes in some of these sums. */
export const movedBy = <T extends Moved>(items: readonly T[], isByNode: (item: T) => boolean): Moved =>
	items
		.filter(isByNode)
		.reduce((sum, one) => ({ bytesIn: sum.bytesIn + one.bytesIn, bytesOut: sum.bytesOut + one.bytesOut }), {
			bytesIn: 0,
			bytesOut: 0,
		});

/** Tells whoever wonders why it has cost nothing. */
export const freeWords = ({ freeBefore }: { freeBefore: string | null }): string[] =>
	freeBefore === null ? [] : [`What was used before ${utcInWords(freeBefore)} is free: there was no price yet.`];

/** An instant as UTC, as short as it can be: `2026-03-01`, `2026-03-01 10:00`. */
export const utcInWords = (iso: string): string => {
	const text = new Date(iso).toISOString();
	if (text.endsWith('T00:00:00.000Z')) return text.slice(0, 10);
	return text.slice(0, text.endsWith(':00.000Z') ? 16 : 19).replace('T', ' ');
};

/** What a table shows of sums. */
export const sumWords = (sums: UsageSums, nodes: Moved): string[] => [
	String(sums.tasks),
	durationInWords(sums.cpuMs),
	durationInWords(sums.wallMs),
	bytesInWords(sums.bytesIn - nodes.bytesIn),
	bytesInWords(sums.bytesOut - nodes.bytesOut),
	bytesInWords(nodes.bytesIn),
	bytesInWords(nodes.bytesOut),
	storedInWords(sums.storedMibS),
	String(sums.requests),
	moneyInWords(sums.amountMicro),
];
