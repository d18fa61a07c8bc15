import { csvLine } from './csv-line.ts';
import type { UsageAnswer, UsageSums } from './protocol/usage.ts';

/** Columns of sums in every CSV: names and order stay; what comes new comes last. */
export const SUM_COLUMNS = [
	...(['records', 'tasks', 'wallMs', 'cpuMs', 'userMs', 'systemMs', 'deviceMs', 'gpuMs', 'memoryMibMs'] as const),
	...(['readBytes', 'writtenBytes', 'bytesIn', 'bytesOut', 'storedMibS', 'requests', 'amountMicro'] as const),
] as const satisfies readonly (keyof UsageSums)[];

export const sumCells = (sums: UsageSums): number[] => SUM_COLUMNS.map((column) => sums[column]);

/** What somebody has used by day and kind of work. */
export const ownUsageCsv = ({ items, currency }: Pick<UsageAnswer, 'items' | 'currency'>): string =>
	[
		csvLine(['dayUtc', 'what', ...SUM_COLUMNS, 'currency']),
		...items.map(({ day, what, ...sums }) => csvLine([day, what, ...sumCells(sums), currency])),
	].join('');
