import type { TaskUsage } from '../../shared/protocol/task.ts';
import { type UsageRow, valueIn } from '../accounting/usage-record.ts';

/** What people are shown of a metered fact, and the columns that it is kept in. */
const SEEN = {
	wallUs: 'wall_us',
	userUs: 'user_us',
	systemUs: 'system_us',
	deviceUs: 'device_us',
	gpuUs: 'gpu_us',
	peakMemoryBytes: 'peak_memory_bytes',
	memoryMibMs: 'memory_mib_ms',
	readBytes: 'read_bytes',
	writtenBytes: 'written_bytes',
	bytesIn: 'bytes_in',
	bytesOut: 'bytes_out',
} as const;
type Figure = keyof typeof SEEN;
const FIGURES = Object.keys(SEEN) as Figure[];

export type MeteredUsage = Record<Figure, number> & { measured: string | null; flags: string | null };

/** The columns of a {@link MeteredUsage} in a select. */
export const meteredColumns = (alias: string): string =>
	[...FIGURES.map((figure) => `${alias}.${SEEN[figure]} AS ${figure}`), `${alias}.measured`, `${alias}.flags`].join(
		', ',
	);

const NOTHING = {
	...(Object.fromEntries(FIGURES.map((figure) => [figure, 0])) as Record<Figure, number>),
	flags: null,
};

export const meteredIn = (row: UsageRow): MeteredUsage => ({
	...(Object.fromEntries(FIGURES.map((figure) => [figure, valueIn(row, SEEN[figure])])) as Record<Figure, number>),
	measured: valueIn(row, 'measured') as string | null,
	flags: valueIn(row, 'flags') as string | null,
});

const flagsOf = ({ flags }: MeteredUsage): string[] => (flags === null ? [] : flags.split(','));

export const seenUsage = (used: MeteredUsage): TaskUsage => ({
	wallMs: used.wallUs / 1_000,
	cpuMs: (used.userUs + used.systemUs) / 1_000,
	userMs: used.userUs / 1_000,
	systemMs: used.systemUs / 1_000,
	peakMemoryBytes: used.peakMemoryBytes,
	memoryMibMs: used.memoryMibMs,
	readBytes: used.readBytes,
	writtenBytes: used.writtenBytes,
	deviceMs: used.deviceUs / 1_000,
	gpuMs: used.gpuUs / 1_000,
	bytesIn: used.bytesIn,
	bytesOut: used.bytesOut,
	measured: used.measured,
	flags: flagsOf(used),
});

/** Times and bytes add up in whole units, memory is the highest peak. */
export const seenUsageOfAll = (all: readonly MeteredUsage[]): TaskUsage => {
	const total: MeteredUsage = { ...NOTHING, measured: all[0]?.measured ?? null };
	for (const used of all) {
		for (const figure of FIGURES) {
			if (figure === 'peakMemoryBytes') total[figure] = Math.max(total[figure], used[figure]);
			else total[figure] += used[figure];
		}
		if (used.measured !== total.measured) total.measured = 'mixed';
	}
	return { ...seenUsage(total), flags: [...new Set(all.flatMap(flagsOf))] };
};
