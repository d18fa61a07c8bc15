import { monthOf } from './month.ts';

/** What is summed, as columns of usage_records and of usage_rollups alike, after `records` and `tasks`, which are counted. */
export const SUMMED = [
	...['wall_us', 'user_us', 'system_us', 'device_us', 'gpu_us', 'memory_mib_ms', 'read_bytes', 'written_bytes'],
	...['bytes_in', 'bytes_out', 'stored_mib_s', 'requests', 'amount_micro'],
] as const;
/** Stored by position: the hashes over what was forgotten are made of the sums in this order, so that none is moved, added or taken away. */
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
	/** Summed with each record, as budgets need it; the others are made of hours once the day is over. */
	atOnce: boolean;
}

/** What each person uses in a month, and what all do. */
export const MONTHS_OF_PEOPLE: Cube = { code: 6, grain: 'month', without: ['node'], atOnce: true };
export const MONTHS_OF_ALL: Cube = { code: 8, grain: 'month', without: ['owner_seq', 'node'], atOnce: true };

export const CUBES: readonly Cube[] = [
	{ code: 0, grain: 'hour', without: [], atOnce: true },
	{ code: 1, grain: 'day', without: [], atOnce: false },
	{ code: 2, grain: 'day', without: ['node'], atOnce: false },
	{ code: 3, grain: 'day', without: ['owner_seq'], atOnce: false },
	{ code: 4, grain: 'day', without: ['owner_seq', 'node'], atOnce: false },
	{ code: 5, grain: 'month', without: [], atOnce: false },
	MONTHS_OF_PEOPLE,
	{ code: 7, grain: 'month', without: ['owner_seq'], atOnce: false },
	MONTHS_OF_ALL,
];

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** First millisecond of the hour, day or month (UTC) in which an instant lies. */
export const startOf = (grain: Grain, at: number): number => {
	if (grain === 'hour') return Math.floor(at / HOUR_MS) * HOUR_MS;
	if (grain === 'day') return Math.floor(at / DAY_MS) * DAY_MS;
	return monthOf(at).start;
};

/** First millisecond of the next one. */
export const nextOf = (grain: Grain, start: number): number => {
	if (grain === 'hour') return start + HOUR_MS;
	if (grain === 'day') return start + DAY_MS;
	return monthOf(start).next;
};

/** Roll-ups to be added: of which cube, beginning when, and under which key they are shown. */
export type Bucket = [cube: number, at: number, key: number];

/** Which roll-ups are asked for. */
export interface BucketWish {
	/** Whole hours. */
	period: { from: number; to: number };
	/** What they are told apart by, or narrowed down to. */
	needs: { owner: boolean; node: boolean };
	/** Hours or days are shown apart. */
	keyed: 'hour' | 'day' | null;
	/** Days begin so much before they do in UTC. */
	zoneMs: number;
}

/**
 * The fewest roll-ups that make it up: months within, days at their ends, hours at theirs. From `closedAt` on there are only
 * those that are summed at once.
 */
export const bucketsOf = ({ period, needs, keyed, zoneMs }: BucketWish, closedAt: number): Bucket[] => {
	const fits = ({ without }: Cube): boolean =>
		without.includes('owner_seq') !== needs.owner && without.includes('node') !== needs.node;
	const hour = CUBES.find(({ grain }) => grain === 'hour')!;
	const isFine = keyed === 'hour' || (keyed === 'day' && zoneMs !== 0);
	// The coarsest first.
	const usable = CUBES.filter(
		(cube) => !isFine && fits(cube) && (cube.grain === 'day' || (cube.grain === 'month' && keyed !== 'day')),
	).reverse();
	const keyOf = (at: number): number => {
		if (keyed === 'hour') return at;
		return keyed === 'day' ? startOf('day', at + zoneMs) - zoneMs : 0;
	};
	const isThere = ({ grain, atOnce }: Cube, at: number): boolean => {
		const end = nextOf(grain, at);
		return startOf(grain, at) === at && end <= period.to && (atOnce || end <= closedAt);
	};
	const buckets: Bucket[] = [];
	for (let at = period.from; at < period.to; ) {
		const { code, grain } = usable.find((cube) => isThere(cube, at)) ?? hour;
		buckets.push([code, at, keyOf(at)]);
		at = nextOf(grain, at);
	}
	return buckets;
};
