/** What is summed, as columns of usage_records and of usage_rollups alike, after `records` and `tasks`, which are counted. */
export const SUMMED = [
	...['wall_us', 'user_us', 'system_us', 'device_us', 'gpu_us', 'memory_mib_ms', 'read_bytes', 'written_bytes'],
	...['bytes_in', 'bytes_out', 'stored_mib_s', 'requests', 'amount_micro'],
] as const;
export const SUMS = ['records', 'tasks', ...SUMMED] as const;

/** What it is summed by, in the order of the key of usage_rollups. */
export const DIMENSIONS = [
	...(['owner_seq', 'service_class', 'queue', 'node', 'task_type', 'kind', 'charged'] as const),
] as const;

export type Grain = 'hour' | 'day' | 'month';

/**
 * Kinds of roll-up. Whose and where are the dimensions with many values, and a machine works for everybody: without
 * one of the two a day has hundreds of times fewer rows, without both next to none. So whoever asks for people reads
 * sums without nodes, and the other way round; whoever asks for both reads those with all.
 */
export interface Cube {
	code: number;
	grain: Grain;
	without: readonly ('owner_seq' | 'node')[];
}

export const CUBES: readonly Cube[] = [
	{ code: 0, grain: 'hour', without: [] },
	{ code: 1, grain: 'day', without: [] },
	{ code: 2, grain: 'day', without: ['node'] },
	{ code: 3, grain: 'day', without: ['owner_seq'] },
	{ code: 4, grain: 'day', without: ['owner_seq', 'node'] },
	{ code: 5, grain: 'month', without: [] },
	{ code: 6, grain: 'month', without: ['node'] },
	{ code: 7, grain: 'month', without: ['owner_seq'] },
	{ code: 8, grain: 'month', without: ['owner_seq', 'node'] },
];

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** First millisecond of the hour, day or month (UTC) in which an instant lies. */
export const startOf = (grain: Grain, at: number): number => {
	if (grain === 'hour') return Math.floor(at / HOUR_MS) * HOUR_MS;
	if (grain === 'day') return Math.floor(at / DAY_MS) * DAY_MS;
	const date = new Date(at);
	return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
};

/** First millisecond of the next one. */
export const nextOf = (grain: Grain, start: number): number => {
	if (grain === 'hour') return start + HOUR_MS;
	if (grain === 'day') return start + DAY_MS;
	const date = new Date(start);
	return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
};

/** Roll-ups to be added: of which cube, beginning when, and under which key they are shown. */
export type Bucket = [cube: number, at: number, key: number];

/**
 * The fewest roll-ups that make up a time, from and to whole hours: months within, days at their ends, hours at theirs.
 * `keyed` shows hours or days apart; days begin `zoneMs` before they do in UTC.
 */
export const bucketsOf = (
	period: { from: number; to: number },
	needs: { owner: boolean; node: boolean },
	keyed: 'hour' | 'day' | null,
	zoneMs = 0,
): Bucket[] => {
	const fits = ({ without }: Cube): boolean =>
		without.includes('owner_seq') !== needs.owner && without.includes('node') !== needs.node;
	const codeOf = (grain: Grain): number =>
		CUBES.find((cube) => cube.grain === grain && (grain === 'hour' || fits(cube)))!.code;
	const coarsest: Grain[] = ['month', 'day', 'hour'];
	const grains = keyed === 'hour' || (keyed === 'day' && zoneMs !== 0) ? (['hour'] as const) : coarsest;
	const usable = keyed === 'day' ? grains.filter((grain) => grain !== 'month') : grains;
	const keyOf = (at: number): number => {
		if (keyed === 'hour') return at;
		return keyed === 'day' ? startOf('day', at + zoneMs) - zoneMs : 0;
	};
	const buckets: Bucket[] = [];
	for (let at = period.from; at < period.to; ) {
		const grain = usable.find((one) => startOf(one, at) === at && nextOf(one, at) <= period.to) ?? 'hour';
		buckets.push([codeOf(grain), at, keyOf(at)]);
		at = nextOf(grain, at);
	}
	return buckets;
};
