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

/** Whose, where and when something was metered, and what it costs. */
export interface UsageFact {
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

/** A metered fact as it is written once and never changed. */
export interface UsageRecord extends UsageFact, UsageQuantities {}

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

/** Stored by position: every seal is a hash over the values in this order, so that none is moved, added or taken away. */
export const USAGE_COLUMNS = [
	...(['at', 'owner_seq', 'kind', 'task_seq', 'attempt', 'charged', 'node', 'task_type', 'queue'] as const),
	...(['service_class', 'wall_us', 'user_us', 'system_us', 'device_us', 'gpu_us', 'peak_memory_bytes'] as const),
	...(['memory_mib_ms', 'read_bytes', 'written_bytes', 'bytes_in', 'bytes_out', 'stored_mib_s', 'requests'] as const),
	...(['measured', 'flags', 'price_version', 'amount_micro'] as const),
] as const;

export type UsageColumn = (typeof USAGE_COLUMNS)[number];

/** Where in a row a column's value is. */
export const columnOf = (column: UsageColumn): number => USAGE_COLUMNS.indexOf(column);

/** Of its two halves, so that what comes for every attempt need not be copied into one. */
export const rowOf = (fact: UsageFact, used: UsageQuantities): (number | string | null)[] => [
	fact.at,
	fact.ownerSeq,
	fact.kind,
	fact.taskSeq,
	fact.attempt,
	fact.charged ? 1 : 0,
	fact.node,
	fact.taskType,
	fact.queue,
	fact.serviceClass,
	used.wallUs,
	used.userUs,
	used.systemUs,
	used.deviceUs,
	used.gpuUs,
	used.peakMemoryBytes,
	used.memoryMibMs,
	used.readBytes,
	used.writtenBytes,
	used.bytesIn,
	used.bytesOut,
	used.storedMibS,
	used.requests,
	fact.measured,
	fact.flags,
	fact.priceVersion,
	fact.amountMicro,
];

export const usageRow = (record: UsageRecord): UsageRow => rowOf(record, record);

/** What a written fact says in a column. */
export const valueIn = (row: UsageRow, column: UsageColumn): number | string | null => row[columnOf(column)] ?? null;

/** Writes a metered fact inside somebody's transaction; gives its number. */
export const prepareUsageRecord = (db: Database): ((row: UsageRow) => number) => {
	const insert = db.prepare(
		`INSERT INTO usage_records (${USAGE_COLUMNS.join(', ')}) VALUES (${USAGE_COLUMNS.map(() => '?').join(', ')})`,
	);
	return (row) => insert.run(...row).lastInsertRowid as number;
};
