import type { UsageMetric } from '../../shared/protocol/usage-metric.ts';
import type { CounterRow, Stored } from './counter-store.ts';

/** An attempt that goes on now. */
export interface LiveAttempt {
	ownerSeq: number;
	type: string;
	startedAt: number;
}

/** How MServe counts what we keep in whole microseconds, bytes and MiB x s. */
const UNITS = {
	attempt: { unit: 's', size: 1e-6 },
	upload: { unit: 'bytes', size: 1 },
	download: { unit: 'bytes', size: 1 },
	storage: { unit: 'bytes x s', size: 2 ** 20 },
} as const;

const iso = (at: number): string => new Date(at).toISOString();

/** What goes on now beside what was reported. */
interface InProgress {
	many: number;
	rate: number;
	since: number | null;
	cumulative: number;
}
const NOTHING: InProgress = { many: 0, rate: 0, since: null, cumulative: 0 };

const metricOf = (
	metric: string,
	kind: CounterRow['kind'],
	rows: readonly CounterRow[],
	now: InProgress = NOTHING,
): UsageMetric => {
	const { unit, size } = UNITS[kind];
	const sum = (of: (row: CounterRow) => number): number => rows.reduce((all, row) => all + of(row), 0);
	const isEmpty = rows.length === 0;
	const last = isEmpty ? null : iso(Math.max(...rows.map(({ lastAt }) => lastAt)));
	return {
		...{ metric: `http://mserve/${metric}`, unit },
		time: isEmpty ? null : iso(Math.min(...rows.map(({ firstAt }) => firstAt))),
		reports: sum(({ reports }) => reports) + now.many,
		total: sum(({ total }) => total) * size,
		squares: sum(({ squares }) => squares) * size * size,
		min: isEmpty ? null : Math.min(...rows.map(({ least }) => least)) * size,
		max: isEmpty ? null : Math.max(...rows.map(({ most }) => most)) * size,
		nInProgress: now.many,
		rate: now.rate,
		rateTime: now.since === null ? last : iso(now.since),
		rateCumulative: now.cumulative,
	};
};

/** Attempts under way: each second of each is a second; what they have taken until the newest began is not reported yet. */
const progressOf = (live: readonly LiveAttempt[]): InProgress => {
	if (live.length === 0) return NOTHING;
	const since = Math.max(...live.map(({ startedAt }) => startedAt));
	const cumulative = live.reduce((sum, { startedAt }) => sum + (since - startedAt), 0) / 1_000;
	return { many: live.length, rate: live.length, since, cumulative };
};

/** Everything in MServe's form: what is stored, moved, and run, in all and by task type, with success and failure. */
export const usageMetrics = (
	counters: readonly CounterRow[],
	stored: Stored,
	live: readonly LiveAttempt[],
): UsageMetric[] => {
	const ofKind = (kind: CounterRow['kind']) => counters.filter((row) => row.kind === kind);
	const attempts = ofKind('attempt');
	const runs = (name: string, rows: readonly CounterRow[], now: readonly LiveAttempt[]): UsageMetric[] => [
		metricOf(name, 'attempt', rows, progressOf(now)),
		...(['success', 'failed'] as const).map((outcome) => {
			const over = rows.filter((row) => row.outcome === outcome);
			return metricOf(`${name}/${outcome}/`, 'attempt', over);
		}),
	];
	const types = [...new Set([...attempts, ...live].map(({ type }) => type))].sort();
	const storing: InProgress = {
		...{ many: stored.files, rate: stored.bytes, since: stored.meteredAt },
		cumulative: stored.rest / 1_000,
	};
	return [
		metricOf('disc', 'storage', ofKind('storage'), storing),
		metricOf('ingest', 'upload', ofKind('upload')),
		metricOf('access', 'download', ofKind('download')),
		...runs('jobruntime', attempts, live),
		...types.flatMap((type) =>
			runs(
				`task/${type}`,
				attempts.filter((row) => row.type === type),
				live.filter((one) => one.type === type),
			),
		),
	];
};
