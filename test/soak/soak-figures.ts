import { type Figure, median } from '../bench/figure.ts';
import type { Sample } from './samples.ts';
import { slopeWithin } from './slope.ts';
import type { SoakOutcome } from './soak.ts';

const MIB = 1024 * 1024;
const TEN_MINUTES = 600;
/** What a process reaches for in its first minutes is no leak: caches, compiled code, pages of the ledger. */
const WARM_UP_SHARE = 1 / 3;
/** A shorter look says nothing about ten minutes. */
const JUDGED_FROM_SECONDS = 300;
/** Of as many lives it can be told whether each is larger than the one before. */
const JUDGED_FROM_LIVES = 5;

const MOST_MIB_IN_TEN_MINUTES = 1;
/** Connections and files of a moment; a leak of one a task would be thousands. */
const MOST_DESCRIPTORS = 10;
const MOST_LOG_MIB = 64;

const livesOf = (samples: readonly Sample[]): Sample[][] => {
	const lives: Sample[][] = [];
	for (const sample of samples) {
		if (lives.at(-1)?.[0]?.life === sample.life) lives.at(-1)?.push(sample);
		else lives.push([sample]);
	}
	return lives;
};

/** The samples of a life after its first third. */
const warm = (life: readonly Sample[]): Sample[] => {
	const end = Math.max(...life.map(({ age }) => age));
	return life.filter(({ age }) => age > end * WARM_UP_SHARE);
};

const spanOf = (samples: readonly Sample[]): number =>
	samples.length < 2 ? 0 : (samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0);

const pointsOf = (samples: readonly Sample[], of: (sample: Sample) => number) =>
	samples.map((sample) => ({ at: sample.at / TEN_MINUTES, value: of(sample) }));

const resident = ({ residentBytes }: Sample): number => residentBytes / MIB;

const middle = (values: readonly number[]): number => (values.length === 0 ? 0 : median(values));

/** A third of the samples at one of the ends. */
const ends = (samples: readonly Sample[]): [first: Sample[], last: Sample[]] => {
	const third = Math.ceil(samples.length / 3);
	return [samples.slice(0, third), samples.slice(-third)];
};

const slopeFigure = (what: string, groups: readonly (readonly Sample[])[], isJudged: boolean): Figure[] => {
	const slope = slopeWithin(groups.map((group) => pointsOf(group, resident)));
	if (slope === null) return [];
	const bar = isJudged ? { bar: { most: MOST_MIB_IN_TEN_MINUTES } } : {};
	return [{ what, unit: 'MiB/10 min', value: slope, ...bar }];
};

const descriptorFigure = (what: string, first: readonly Sample[], last: readonly Sample[]): Figure[] => {
	const of = (samples: readonly Sample[]) => middle(samples.flatMap(({ descriptors }) => descriptors ?? []));
	if (first.length === 0 || first[0]?.descriptors === null) return [];
	return [{ what, unit: '', value: of(last) - of(first), bar: { most: MOST_DESCRIPTORS } }];
};

const figuresOfProcess = (name: string, samples: readonly Sample[]): Figure[] => {
	const [steady = [], ...killed] = livesOf(samples);
	const calm = warm(steady);
	const [calmFirst, calmLast] = ends(calm);
	const mostOf = Math.max(...samples.map(resident));
	// Judged are processes with a bar of their own; children come and go with the work.
	const isOwn = samples[0]?.descriptors !== null;
	const lives = killed.map(warm).filter((life) => life.length > 1);
	const means = lives.map((life) => ({
		...(life[0] as Sample),
		residentBytes: life.reduce((sum, { residentBytes }) => sum + residentBytes, 0) / life.length,
	}));
	const heap = calm.filter(({ heapBytes }) => heapBytes !== null);
	const heapSlope = slopeWithin([pointsOf(heap, ({ heapBytes }) => (heapBytes ?? 0) / MIB)]);
	return [
		{ what: `${name}: memory without kills, middle`, unit: 'MiB', value: middle(calm.map(resident)) },
		{ what: `${name}: memory, most`, unit: 'MiB', value: mostOf },
		...slopeFigure(`${name}: memory grows, without kills`, [calm], isOwn && spanOf(calm) >= JUDGED_FROM_SECONDS),
		...slopeFigure(`${name}: memory grows, within lives between kills`, lives, false),
		...slopeFigure(`${name}: memory grows, from life to life`, [means], isOwn && means.length >= JUDGED_FROM_LIVES),
		...(heapSlope === null
			? []
			: [{ what: `${name}: heap in use grows, without kills`, unit: 'MiB/10 min', value: heapSlope }]),
		...descriptorFigure(`${name}: more descriptors, without kills`, calmFirst, calmLast),
		...descriptorFigure(`${name}: more descriptors, from first life to last`, lives[0] ?? [], lives.at(-1) ?? []),
	];
};

/** What is known of the processes so far. */
export const processFigures = (all: readonly Sample[]): Figure[] =>
	[...new Set(all.map(({ name }) => name))].flatMap((name) =>
		figuresOfProcess(
			name,
			all.filter((sample) => sample.name === name),
		),
	);

/** What a soak has found, with the bars that it must reach. */
export const soakFigures = (outcome: SoakOutcome, plan: { rate: number }): Figure[] => {
	const { samples, loadSeconds, tasks, uploads, cut, kills, slowestStartMs, violations } = outcome;
	const rate = tasks / loadSeconds;
	const isLong = loadSeconds >= JUDGED_FROM_SECONDS;
	const log = Math.max(...samples.logSizes.map(({ bytes }) => bytes)) / MIB;
	return [
		{ what: 'tasks a second', unit: '/s', value: rate, ...(isLong ? { bar: { least: plan.rate * 0.95 } } : {}) },
		{ what: 'tasks', unit: '', value: tasks },
		{ what: 'files held against the ledger', unit: '', value: uploads },
		{ what: 'kills of everything', unit: '', value: kills },
		{ what: 'requests that were cut', unit: '', value: cut },
		{ what: 'slowest start after a kill', unit: 'ms', value: slowestStartMs },
		{ what: 'ledger’s log (WAL), most', unit: 'MiB', value: log, bar: { most: MOST_LOG_MIB } },
		...processFigures(samples.all),
		{ what: 'broken invariants, usage verify among them', unit: '', value: violations.length, bar: { most: 0 } },
	];
};
