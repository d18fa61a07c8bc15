import type { Comparison } from '../../shared/protocol/what-if.ts';
import { comparisonSentences } from './comparison-sentences.ts';
import type { ClassFigures, Outcome, PersonFigures, WaitFigures } from './outcome.ts';

/** People that are named; the others are counted. */
const MOST_NAMED = 20;
/** A difference of medians that a person would notice. */
const NOTICED_MS = 1_000;
const NOTICED_SHARE = 0.05;
const HOUR_MS = 3_600_000;

type Person = Comparison['people']['mostLost'][number];

const NO_WAITS: WaitFigures = {
	tasks: 0,
	started: 0,
	p50Ms: 0,
	p90Ms: 0,
	p95Ms: 0,
	p99Ms: 0,
	meanMs: 0,
	mostMs: 0,
};

/** What is different in the second of two runs of one period. */
export const compare = (before: Outcome, after: Outcome): Comparison => {
	const people = comparePeople(before.people, after.people);
	const found: Omit<Comparison, 'sentences'> = {
		classes: pairs(before.classes, after.classes, ({ name }) => name).map(([name, one, other]) => ({
			name,
			before: classFigures(one),
			after: classFigures(other),
		})),
		people: {
			total: people.length,
			losers: people.filter((one) => lossOf(one) > noticed(one)).length,
			winners: people.filter((one) => -lossOf(one) > noticed(one)).length,
			mostLost: mostOf(people, lossOf),
			mostWon: mostOf(people, (one) => -lossOf(one)),
		},
		totals: { before: totalsOf(before), after: totalsOf(after) },
		series: {
			bucketMs: before.bucketMs,
			used: pairs(before.groups, after.groups, ({ name }) => name).map(([group, one, other]) => ({
				group,
				before: rounded(one?.used),
				after: rounded(other?.used),
			})),
			depth: pairs(before.classes, after.classes, ({ name }) => name).map(([serviceClass, one, other]) => ({
				serviceClass,
				before: rounded(one?.depth),
				after: rounded(other?.depth),
			})),
		},
	};
	return { sentences: comparisonSentences(found), ...found };
};

/** By how much a person's median wait is longer. */
const lossOf = ({ before, after }: Person): number => after.waits.p50Ms - before.waits.p50Ms;

const noticed = ({ before }: Person): number => Math.max(NOTICED_MS, before.waits.p50Ms * NOTICED_SHARE);

const mostOf = (people: readonly Person[], by: (one: Person) => number): Person[] =>
	people
		.filter((one) => by(one) > noticed(one))
		.sort((a, b) => by(b) - by(a) || a.owner - b.owner)
		.slice(0, MOST_NAMED);

const comparePeople = (before: readonly PersonFigures[], after: readonly PersonFigures[]): Person[] =>
	pairs(before, after, ({ owner }) => String(owner)).map(([owner, one, other]) => ({
		owner: Number(owner),
		username: null,
		before: { waits: one?.waits ?? NO_WAITS, costMs: one?.costMs ?? 0 },
		after: { waits: other?.waits ?? NO_WAITS, costMs: other?.costMs ?? 0 },
	}));

const classFigures = (one: ClassFigures | undefined) => {
	const { waits = NO_WAITS, costMs = 0, jain = 1, people = 0 } = one ?? {};
	return { waits, costMs, jain, people };
};

const totalsOf = (outcome: Outcome) => {
	const { started, ended, used, lost, preempted, removed, neverStarted, from, until } = outcome;
	const startsPerHour = (started * HOUR_MS) / (until - from);
	return { started, ended, startsPerHour, used, lost, preempted, removed, neverStarted };
};

/** Everything that is in either, by name. */
const pairs = <F>(
	before: readonly F[],
	after: readonly F[],
	nameOf: (one: F) => string,
): [name: string, before: F | undefined, after: F | undefined][] => {
	const ones = new Map(before.map((one) => [nameOf(one), one]));
	const others = new Map(after.map((one) => [nameOf(one), one]));
	return [...new Set([...ones.keys(), ...others.keys()])].map((name) => [name, ones.get(name), others.get(name)]);
};

/** Enough for a plot, and a third of the bytes. */
const rounded = (values: readonly number[] = []): number[] => values.map((value) => Math.round(value * 1_000) / 1_000);
