import { USAGE_KINDS, type UsageAnswer, type UsageKind, type UsageSums } from '../../../shared/protocol/usage.ts';
import { formatBytes, formatDuration, plural } from '../../kit/format.ts';
import { costWords, storedWords } from '../../kit/money.ts';

type Item = UsageAnswer['items'][number];

/** What the page can show by day. */
export const MEASURES = ['cost', 'cpu', 'tasks', 'transfer'] as const;
export type Measure = (typeof MEASURES)[number];

export const MEASURE_WORDS: Record<Measure, string> = {
	cost: 'Cost',
	cpu: 'CPU time',
	tasks: 'Tasks',
	transfer: 'Transferred',
};

export const measured = (measure: Measure, item: Item): number => {
	switch (measure) {
		case 'cost':
			return item.amountMicro;
		case 'cpu':
			return item.cpuMs;
		case 'tasks':
			return item.tasks;
		case 'transfer':
			// What goes between coordinator and nodes is none of the person's.
			return item.what === 'upload' || item.what === 'download' ? item.bytesIn + item.bytesOut : 0;
	}
};

export const valueWords = (measure: Measure, value: number, currency: string | null): string => {
	switch (measure) {
		case 'cost':
			return costWords(value, currency);
		case 'cpu':
			return formatDuration(value);
		case 'tasks':
			return plural(value, 'task');
		case 'transfer':
			return formatBytes(value);
	}
};

const KIND_TITLES: Record<Exclude<UsageKind, 'attempt'>, string> = {
	upload: 'Uploads',
	download: 'Downloads',
	storage: 'Storage',
	requests: 'Requests',
	correction: 'Corrections',
};

const isTitled = (what: string): what is keyof typeof KIND_TITLES => Object.hasOwn(KIND_TITLES, what);

/** One kind of work over the whole month. */
export interface WorkRow {
	what: string;
	title: string;
	isTask: boolean;
	words: string;
	amountMicro: number;
}

type Counted = Pick<
	UsageSums,
	'tasks' | 'cpuMs' | 'bytesIn' | 'bytesOut' | 'storedMibS' | 'requests' | 'records' | 'amountMicro'
>;
const NONE: Counted = {
	...{ tasks: 0, cpuMs: 0, bytesIn: 0, bytesOut: 0, storedMibS: 0, requests: 0, records: 0, amountMicro: 0 },
};

const usedWords = (what: string, sums: Counted): string => {
	switch (what) {
		case 'upload':
			return `${formatBytes(sums.bytesIn)} in ${plural(sums.records, 'upload')}`;
		case 'download':
			return `${formatBytes(sums.bytesOut)} in ${plural(sums.records, 'download')}`;
		case 'storage':
			return `${storedWords(sums.storedMibS)} stored`;
		case 'requests':
			return plural(sums.requests, 'request');
		case 'correction':
			return plural(sums.records, 'correction');
		default:
			return `${plural(sums.tasks, 'task')}, ${formatDuration(sums.cpuMs)} CPU`;
	}
};

/** Kinds of work, the dearest first, then those that took longest. */
export const workRows = (items: readonly Item[], titleOf: (type: string) => string): WorkRow[] => {
	const sums = new Map<string, Counted>();
	for (const item of items) {
		const there = sums.get(item.what) ?? NONE;
		const add = (name: keyof Counted) => there[name] + item[name];
		sums.set(item.what, {
			...{ tasks: add('tasks'), cpuMs: add('cpuMs'), bytesIn: add('bytesIn'), bytesOut: add('bytesOut') },
			...{ storedMibS: add('storedMibS'), requests: add('requests'), records: add('records') },
			amountMicro: add('amountMicro'),
		});
	}
	return [...sums]
		.sort(([, a], [, b]) => b.amountMicro - a.amountMicro || b.cpuMs - a.cpuMs || b.records - a.records)
		.map(([what, sum]) => ({
			what,
			title: isTitled(what) ? KIND_TITLES[what] : titleOf(what),
			isTask: !(USAGE_KINDS as readonly string[]).includes(what),
			words: usedWords(what, sum),
			amountMicro: sum.amountMicro,
		}));
};
