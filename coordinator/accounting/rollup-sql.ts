import { USAGE_KINDS } from '../../shared/protocol/usage.ts';
import { type Cube, DAY_MS, DIMENSIONS, type Grain, HOUR_MS, SUMMED, SUMS } from './rollup-cubes.ts';

/** First millisecond of the hour, day or month in which `at` lies. */
export const STARTS: Record<Grain, string> = {
	hour: `at - at % ${HOUR_MS}`,
	day: `at - at % ${DAY_MS}`,
	month: `unixepoch(at / 1000, 'unixepoch', 'start of month') * 1000`,
};

/** A kind's number, as roll-ups have it. */
export const KIND_CODE = `CASE kind ${USAGE_KINDS.map((kind, code) => `WHEN '${kind}' THEN ${code}`).join(' ')} END`;
/** The kind of which `kind` is the number. */
export const KIND_NAME = `CASE kind ${USAGE_KINDS.map((kind, code) => `WHEN ${code} THEN '${kind}'`).join(' ')} END`;
/** Of a record: with it a task is counted. */
export const IS_TASK = `kind = 'attempt' AND attempt IS 1`;
/** What records are counted and summed up to, in the order of {@link SUMS}. */
export const RECORD_SUMS: readonly string[] = ['count(*)', `sum(${IS_TASK})`, ...SUMMED.map((sum) => `sum(${sum})`)];

/** Dimensions of which records have the name, and roll-ups its number; 0 stands for none. */
export const NAMED: readonly string[] = ['service_class', 'queue', 'node', 'task_type'];

/** Dimensions of records as roll-ups have them. A name that is not known counts as none, or is an error: it was never in a sum. */
export const numbered = (unknown: 'none' | 'error'): string => {
	const numberOf = (dimension: string): string => {
		if (dimension === 'kind') return KIND_CODE;
		if (!NAMED.includes(dimension)) return dimension;
		const number = `(SELECT seq FROM usage_names WHERE name = ${dimension})`;
		return unknown === 'none' ? `coalesce(${number}, 0)` : `iif(${dimension} IS NULL, 0, ${number})`;
	};
	return DIMENSIONS.map((dimension) => `${numberOf(dimension)} AS ${dimension}`).join(', ');
};

/** The key of a roll-up within its generation. */
export const KEY = ['cube', 'at', ...DIMENSIONS] as const;

/** Adds what a question finds, which has the columns of a roll-up; its last part must not end with a table's name. */
export const adding = (question: string): string =>
	`INSERT INTO usage_rollups (${['generation', ...KEY, ...SUMS].join(', ')}) ${question}
	 ON CONFLICT DO UPDATE SET ${SUMS.map((sum) => `${sum} = ${sum} + excluded.${sum}`).join(', ')}`;

/** What lies finer, summed as a cube has it, or its opposite. `from` has the columns `at`, dimensions and sums. */
export const summedFor = ({ code, grain, without }: Cube, from: string, sign: '' | '-' = ''): string => {
	const isKept = (dimension: string): boolean => !without.some((one) => one === dimension);
	const start = STARTS[grain];
	return `SELECT @generation, ${code}, ${start}, ${DIMENSIONS.map((one) => (isKept(one) ? one : '0')).join(', ')},
		   ${SUMS.map((sum) => `${sign}sum(${sum})`).join(', ')}
		 FROM ${from} GROUP BY ${[start, ...DIMENSIONS.filter(isKept)].join(', ')}`;
};
