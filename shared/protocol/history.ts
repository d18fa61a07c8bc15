import { z } from 'zod';
import { FAILURE_CLASSES } from './agent-link.ts';
import { instantSchema } from './task.ts';

/** What a number of a history counts. `share` goes from 0 to 1; `cores` is how many are busy. */
export const HISTORY_UNITS = ['share', 'cores', 'number', 'bytes', 'bytes/s', 'ms', '1/s'] as const;
export type HistoryUnit = (typeof HISTORY_UNITS)[number];

/** Why attempts fail: what the agent said, or `lost` when nobody could say anything any more. */
export const FAILURE_REASONS = [...FAILURE_CLASSES, 'lost'] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** The measure that counts failures of one reason. */
export const failedMeasure = (reason: FailureReason): string =>
	`failed${reason.charAt(0).toUpperCase()}${reason.slice(1)}PerSecond`;
/** Stored by position, among the measures below: a reason that is new, moved or taken away raises HISTORY_VERSION. */
const FAILURES = Object.fromEntries(FAILURE_REASONS.map((reason) => [failedMeasure(reason), '1/s' as const]));

/** What is measured of a queue, and of a service class. */
const FLOW = {
	/** Tasks in line, and how long the one has stood there that came first. */
	depth: 'number',
	oldestMs: 'ms',
	/** Attempts that run. */
	running: 'number',
	/** Tasks put in line, starts, and attempts that ended. */
	inPerSecond: '1/s',
	startedPerSecond: '1/s',
	outPerSecond: '1/s',
	/** How long those stood in line that started, half and nineteen of twenty of them. */
	waitP50Ms: 'ms',
	waitP95Ms: 'ms',
	...FAILURES,
} as const satisfies Record<string, HistoryUnit>;

/**
 * What is measured of each kind of thing, with its unit. The order is that of the stored rows: new measures go to the end,
 * and whoever takes one away or moves one raises HISTORY_VERSION.
 */
export const HISTORY_MEASURES = {
	node: {
		running: 'number',
		cpuLoad: 'share',
		load1: 'number',
		memoryUsedBytes: 'bytes',
		diskUsedBytes: 'bytes',
		diskTotalBytes: 'bytes',
		diskReadBytesPerSecond: 'bytes/s',
		diskWriteBytesPerSecond: 'bytes/s',
		networkInBytesPerSecond: 'bytes/s',
		networkOutBytesPerSecond: 'bytes/s',
		gpuLoad: 'share',
		gpuMemoryUsedBytes: 'bytes',
		gpuMemoryTotalBytes: 'bytes',
		eventLoopLagMs: 'ms',
		cacheBytes: 'bytes',
	},
	queue: FLOW,
	class: FLOW,
	coordinator: {
		cpuLoad: 'cores',
		memoryBytes: 'bytes',
		eventLoopLagMs: 'ms',
		commitP50Ms: 'ms',
		commitMostMs: 'ms',
		commitsPerSecond: '1/s',
		ledgerWaiting: 'number',
		walBytes: 'bytes',
		diskFreeBytes: 'bytes',
		depth: 'number',
		running: 'number',
		inPerSecond: '1/s',
		outPerSecond: '1/s',
		...FAILURES,
		startedPerSecond: '1/s',
		waitP50Ms: 'ms',
		waitP95Ms: 'ms',
	},
} as const satisfies Record<string, Record<string, HistoryUnit>>;
export const HISTORY_VERSION = 1;
export type HistoryKind = keyof typeof HISTORY_MEASURES;
export const HISTORY_KINDS = Object.keys(HISTORY_MEASURES) as HistoryKind[];
/** A stored row marks what is there in 32 bits. */
export const MOST_MEASURES = 32;

export const measuresOf = (kind: HistoryKind): readonly string[] => Object.keys(HISTORY_MEASURES[kind]);
export const unitOf = (kind: HistoryKind, measure: string): HistoryUnit =>
	(HISTORY_MEASURES[kind] as Record<string, HistoryUnit>)[measure] ?? 'number';

/** How fine history is kept, and for how long: what is coarser holds the least, the mean and the most of its time. */
export const RESOLUTIONS = {
	second: { stepMs: 1_000, keptMs: 3_600_000 },
	minute: { stepMs: 60_000, keptMs: 7 * 86_400_000 },
	hour: { stepMs: 3_600_000, keptMs: 366 * 86_400_000 },
} as const;
export const resolutionSchema = z.enum(['second', 'minute', 'hour']);
export type Resolution = z.infer<typeof resolutionSchema>;

/** Points of one answer at the most. */
export const MOST_HISTORY_POINTS = 4_000;

export const historyQuerySchema = z.strictObject({
	/** An hour before `to` unless told. */
	from: instantSchema.optional(),
	/** Now unless told. */
	to: instantSchema.optional(),
	/** The finest that covers the time in so many points as an answer holds, unless told. */
	resolution: resolutionSchema.optional(),
	/** Which measures, by commas; all unless told. */
	measures: z
		.string()
		.max(1_000)
		.transform((text) => text.split(',').map((name) => name.trim()))
		.optional(),
});

const valuesSchema = z.array(z.number().nullable());
/** Columns beside `times`, as long as it; null where nothing was measured. */
export const measureColumnSchema = z.object({
	unit: z.enum(HISTORY_UNITS),
	mean: valuesSchema,
	/** Of a second there is only one value. */
	least: valuesSchema.optional(),
	most: valuesSchema.optional(),
});
export type MeasureColumn = z.infer<typeof measureColumnSchema>;

export const historySchema = z.object({
	resolution: resolutionSchema,
	from: instantSchema,
	to: instantSchema,
	/** Beginnings of the seconds, minutes or hours of which something is known, in order. */
	times: z.array(instantSchema),
	measures: z.record(z.string(), measureColumnSchema),
});
export type History = z.infer<typeof historySchema>;
