import type { UsageKind, UsageRecordQuery } from '../../shared/protocol/usage.ts';
import { readOperation } from '../database/operation.ts';
import { preparePersonSeq } from './people.ts';
import { DAY_MS } from './rollup-cubes.ts';

/** Records that one page looks at, so that a rare filter does not hold a reader for long. */
const SCANNED_AT_ONCE = 200_000;

export interface RecordRow {
	seq: number;
	at: number;
	owner: string | null;
	kind: UsageKind;
	task: string | null;
	attempt: number | null;
	charged: 0 | 1;
	node: string | null;
	type: string | null;
	queue: string | null;
	class: string | null;
	wallUs: number;
	cpuUs: number;
	peakMemoryBytes: number;
	bytesIn: number;
	bytesOut: number;
	storedMibS: number;
	requests: number;
	measured: string | null;
	flags: string | null;
	priceVersion: number | null;
	amountMicro: number;
	reason: string | null;
}

/** Metered facts, the newest first. A page may be short and yet have a next. `keptFrom`: of before there are sums only. Throws `not-found`. */
export const listUsageRecords = readOperation('accounting.list-records', (db) => {
	const newest = db.prepare('SELECT coalesce(max(seq), 0) FROM usage_records').pluck();
	const gone = db.prepare('SELECT to_seq FROM usage_forgotten').pluck();
	const summed = db.prepare('SELECT max(day) FROM usage_purges').pluck();
	const personSeq = preparePersonSeq(db);
	const select = db.prepare(
		`SELECT r.seq, r.at, coalesce(u.id, d.user_id) AS owner, r.kind, t.id AS task, r.attempt, r.charged, r.node, r.task_type AS type, r.queue,
		        r.service_class AS class, r.wall_us AS wallUs, r.user_us + r.system_us AS cpuUs,
		        r.peak_memory_bytes AS peakMemoryBytes, r.bytes_in AS bytesIn, r.bytes_out AS bytesOut,
		        r.stored_mib_s AS storedMibS, r.requests, r.measured, r.flags, r.price_version AS priceVersion,
		        r.amount_micro AS amountMicro, c.reason
		 FROM (SELECT * FROM usage_records
		       WHERE seq < @before AND seq >= @floor AND at >= @from AND at < @to AND (@owner IS NULL OR owner_seq = @owner)
		         AND (@kind IS NULL OR kind = @kind) AND (@type IS NULL OR task_type = @type)
		         AND (@queue IS NULL OR queue = @queue) AND (@node IS NULL OR node = @node)
		         AND (@class IS NULL OR service_class = @class)
		       ORDER BY seq DESC LIMIT @limit) r
		 LEFT JOIN users u ON u.seq = r.owner_seq LEFT JOIN deleted_people d ON d.user_seq = r.owner_seq
		 LEFT JOIN tasks t ON t.seq = r.task_seq AND t.owner_seq = r.owner_seq
		 LEFT JOIN usage_corrections c ON c.seq = r.seq ORDER BY r.seq DESC`,
	);
	return (args: {
		filter: Omit<UsageRecordQuery, 'limit' | 'cursor' | 'from' | 'to'> & { from: number; to: number };
		before: number | null;
		limit: number;
	}): { items: RecordRow[]; next: number | null; keptFrom: number | null } => {
		const { owner = null, kind = null, type = null, queue = null, node = null, from, to } = args.filter;
		const before = args.before ?? (newest.get() as number) + 1;
		const first = (gone.get() as number) + 1;
		const floor = Math.max(first, before - SCANNED_AT_ONCE);
		const last = summed.get() as number | null;
		const keptFrom = last === null ? null : last + DAY_MS;
		const items = select.all({
			...{ before, floor, from, to, kind, type, queue, node, limit: args.limit },
			class: args.filter.class ?? null,
			owner: owner === null ? null : personSeq(owner),
		}) as RecordRow[];
		if (items.length === args.limit) return { items, next: items.at(-1)!.seq, keptFrom };
		return { items, next: floor > first ? floor : null, keptFrom };
	};
});

export const RECORD_OPERATIONS = [listUsageRecords];
