import type { Database } from 'better-sqlite3';
import type { UsageKind } from '../../shared/protocol/usage.ts';

/** The quantities of a metered fact, all whole numbers: times in microseconds, memory over time in MiB x ms. */
export interface UsageQuantities {
	wallUs: number;
	userUs: number;
	systemUs: number;
	deviceUs: number;
	gpuUs: number;
	peakMemoryBytes: number;
	memoryMibMs: number;
	readBytes: number;
	writtenBytes: number;
	bytesIn: number;
	bytesOut: number;
	storedMibS: number;
	requests: number;
}

/** A metered fact as it is written once and never changed. */
export interface UsageRecord extends UsageQuantities {
	/** Milliseconds since 1970, by the coordinator's clock. */
	at: number;
	ownerSeq: number;
	kind: UsageKind;
	taskSeq: number | null;
	attempt: number | null;
	/** False: the platform's own loss. */
	charged: boolean;
	node: string | null;
	taskType: string | null;
	queue: string | null;
	serviceClass: string | null;
	/** How CPU and memory were measured; null: not at all. */
	measured: string | null;
	/** Names of figures that could not be and were cut, by comma. */
	flags: string | null;
	priceVersion: number | null;
	/** Millionths of the price book's currency. */
	amountMicro: number;
}

export const NOTHING_USED: UsageQuantities = {
	wallUs: 0,
	userUs: 0,
	systemUs: 0,
	deviceUs: 0,
	gpuUs: 0,
	peakMemoryBytes: 0,
	memoryMibMs: 0,
	readBytes: 0,
	writtenBytes: 0,
	bytesIn: 0,
	bytesOut: 0,
	storedMibS: 0,
	requests: 0,
};

export const OF_NO_TASK = {
	...{ taskSeq: null, attempt: null, node: null, taskType: null, queue: null, serviceClass: null },
	...{ charged: true, measured: null, flags: null, priceVersion: null, amountMicro: 0 },
} as const;

/** A metered fact's values in the order of {@link USAGE_COLUMNS}: this crosses threads for every attempt, and an array does so at a third of the cost. */
export type UsageRow = readonly (number | string | null)[];

export const USAGE_COLUMNS = [
	...(['at', 'owner_seq', 'kind', 'task_seq', 'attempt', 'charged', 'node', 'task_type', 'queue'] as const),
	...(['service_class', 'wall_us', 'user_us', 'system_us', 'device_us', 'gpu_us', 'peak_memory_bytes'] as const),
	...(['memory_mib_ms', 'read_bytes', 'written_bytes', 'bytes_in', 'bytes_out', 'stored_mib_s', 'requests'] as const),
	...(['measured', 'flags', 'price_version', 'amount_micro'] as const),
] as const;

export type UsageColumn = (typeof USAGE_COLUMNS)[number];

/** Where in a row a column's value is. */
export const columnOf = (column: UsageColumn): number => USAGE_COLUMNS.indexOf(column);

export const usageRow = (record: UsageRecord): UsageRow => [
	record.at,
	record.ownerSeq,
	record.kind,
	record.taskSeq,
	record.attempt,
	record.charged ? 1 : 0,
	record.node,
	record.taskType,
	record.queue,
	record.serviceClass,
	record.wallUs,
	record.userUs,
	record.systemUs,
	record.deviceUs,
	record.gpuUs,
	record.peakMemoryBytes,
	record.memoryMibMs,
	record.readBytes,
	record.writtenBytes,
	record.bytesIn,
	record.bytesOut,
	record.storedMibS,
	record.requests,
	record.measured,
	record.flags,
	record.priceVersion,
	record.amountMicro,
];

/** What a written fact says in a column. */
export const valueIn = (row: UsageRow, column: UsageColumn): number | string | null => row[columnOf(column)] ?? null;

/** Writes a metered fact inside somebody's transaction; gives its number. */
export const prepareUsageRecord = (db: Database): ((row: UsageRow) => number) => {
	const insert = db.prepare(
		`INSERT INTO usage_records (${USAGE_COLUMNS.join(', ')}) VALUES (${USAGE_COLUMNS.map(() => '?').join(', ')})`,
	);
	return (row) => insert.run(...row).lastInsertRowid as number;
};
