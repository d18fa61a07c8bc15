import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HISTORY_MEASURES, HISTORY_VERSION, type HistoryKind, MOST_MEASURES } from '../../shared/protocol/history.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { Executor } from '../database/execute.ts';
import { BatchMaker } from './batch-maker.ts';
import { HISTORY_OPERATIONS, type HistoryWish, readHistory, recordHistory } from './history-store.ts';
import { openHistory } from './open-history.ts';

const HOUR = 3_600;
const DAY = 86_400;
/** A whole hour of some day. */
const T0 = 1_800_000_000 - (1_800_000_000 % DAY);

type Read = ReturnType<ReturnType<typeof readHistory.prepare>>;

let folder: TempFolder;
let db: Database.Database;
let executor: Executor;
const open = () => {
	db = openHistory(folder.join('history.db'));
	executor = new Executor(db, HISTORY_OPERATIONS, 'write');
};
beforeEach(() => {
	folder = new TempFolder();
	open();
});
afterEach(async () => {
	db.close();
	await folder[Symbol.asyncDispose]();
});

const call = (name: string, args: unknown): unknown => {
	const [[, error, value]] = executor.writeGroup([[1, name, args]]) as [[number, unknown, unknown]];
	if (error) throw new Error(JSON.stringify(error));
	return value;
};
/** Writes what `valueAt` says for each second, in batches of five minutes, as if each were written when it was over. */
const record = (
	from: number,
	to: number,
	valueAt: (second: number) => object,
	mostBytes = 2 ** 40,
	names = ['nod_a'],
) => {
	let bytes = 0;
	for (let start = from; start < to; start += 300) {
		const batch = new BatchMaker();
		const end = Math.min(to, start + 300);
		for (let at = start; at < end; at += 1) for (const name of names) batch.add('node', name, at, { ...valueAt(at) });
		bytes = call(recordHistory.name, { batch: batch.take(), now: end, mostBytes }) as number;
	}
	return bytes;
};
const read = (wish: Partial<HistoryWish>): Read =>
	call(readHistory.name, {
		...{ kind: 'node', name: 'nod_a', resolution: 'second', from: 0, to: 2 ** 31, measures: ['cpuLoad'] },
		...wish,
	}) as Read;
const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;

test('every kind has room for its measures', () => {
	for (const kind of Object.keys(HISTORY_MEASURES) as HistoryKind[]) {
		expect(Object.keys(HISTORY_MEASURES[kind]).length).toBeLessThanOrEqual(MOST_MEASURES);
	}
});

test('rows are stored by the position of their measures, which the version goes with', () => {
	const failures = 'Transient Permanent Input Timeout Resource Crash Lost'.replace(/\w+/g, 'failed$&PerSecond');
	const flow = `depth oldestMs running inPerSecond startedPerSecond outPerSecond waitP50Ms waitP95Ms ${failures}`;
	const stored = {
		node: 'running cpuLoad load1 memoryUsedBytes diskUsedBytes diskTotalBytes diskReadBytesPerSecond diskWriteBytesPerSecond networkInBytesPerSecond networkOutBytesPerSecond gpuLoad gpuMemoryUsedBytes gpuMemoryTotalBytes eventLoopLagMs cacheBytes',
		...{ queue: flow, class: flow },
		coordinator: `cpuLoad memoryBytes eventLoopLagMs commitP50Ms commitMostMs commitsPerSecond ledgerWaiting walBytes diskFreeBytes depth running inPerSecond outPerSecond ${failures} startedPerSecond waitP50Ms waitP95Ms`,
	};
	const now = Object.entries(HISTORY_MEASURES).map(([kind, measures]) => [kind, Object.keys(measures).join(' ')]);
	expect({ version: HISTORY_VERSION, stored: Object.fromEntries(now) }).toEqual({ version: 1, stored });
});

test('seconds come back as they were measured, without what was not, in the columns asked for', () => {
	record(T0, T0 + 3, (at) => (at === T0 + 1 ? { load1: 2 } : { cpuLoad: 0.5, load1: 1, running: Number.NaN, x: 1 }));
	record(T0 + 4, T0 + 5, () => ({ cpuLoad: 0.25, networkInBytesPerSecond: 123_456_789_012 }));
	expect(read({ from: T0 + 1, measures: ['load1', 'cpuLoad', 'networkInBytesPerSecond'] })).toEqual({
		times: [T0 + 1, T0 + 2, T0 + 4],
		measures: {
			load1: { unit: 'number', mean: [2, 1, null] },
			cpuLoad: { unit: 'share', mean: [null, 0.5, 0.25] },
			networkInBytesPerSecond: { unit: 'bytes/s', mean: [null, null, expect.closeTo(123_456_800_000, -5)] },
		},
	});
	expect(read({ name: 'nod_other' }).times).toEqual([]);
	expect(read({ kind: 'queue' }).times).toEqual([]);
});

test('minutes and hours hold the least, the mean and the most of their seconds', () => {
	record(T0, T0 + 2 * HOUR + 120, (at) => ({
		cpuLoad: (at - T0) % 60 === 0 ? 1 : 0,
		load1: Math.floor((at - T0) / 60),
	}));
	const minutes = read({ resolution: 'minute', to: T0 + 120, measures: ['cpuLoad', 'load1'] });
	expect(minutes.times).toEqual([T0, T0 + 60]);
	expect(minutes.measures.load1).toEqual({ unit: 'number', mean: [0, 1], least: [0, 1], most: [0, 1] });
	const cpu = minutes.measures.cpuLoad!;
	expect([cpu.least, cpu.most]).toEqual([
		[0, 0],
		[1, 1],
	]);
	expect(cpu.mean[0]).toBeCloseTo(1 / 60, 6);
	const hours = read({ resolution: 'hour', measures: ['cpuLoad', 'load1'] });
	expect(hours.times).toEqual([T0, T0 + HOUR]);
	expect(hours.measures.load1).toMatchObject({ least: [0, 60], most: [59, 119], mean: [29.5, 89.5] });
	expect(hours.measures.cpuLoad!.mean[1]).toBeCloseTo(1 / 60, 6);
});

test('a kill at any moment makes no minute twice and leaves none out', () => {
	for (let at = T0; at < T0 + HOUR + 300; at += 217) {
		record(at, Math.min(at + 217, T0 + HOUR + 300), () => ({ load1: 1 }));
		db.close();
		open();
	}
	expect(read({ resolution: 'minute', to: T0 + HOUR, measures: ['load1'] }).times).toHaveLength(60);
	const [n] = db.prepare('SELECT n FROM hours').pluck().all();
	expect(n).toBe(HOUR);
});

test('what was measured before a long stop becomes minutes and an hour before its seconds go', () => {
	record(T0, T0 + HOUR - 30, () => ({ load1: 1 }));
	const later = T0 + 5 * HOUR;
	record(later, later + 120, () => ({ load1: 3 }));
	expect(read({ resolution: 'minute', measures: ['load1'], to: later }).times).toHaveLength(60);
	expect(read({ resolution: 'hour', measures: ['load1'] }).times).toEqual([T0]);
	expect(read({ measures: ['load1'] }).times[0]).toBe(later);
});

test('what is too old goes: seconds after an hour, minutes after a week, hours after a year', () => {
	record(T0, T0 + 90, () => ({ load1: 1 }));
	record(T0 + HOUR + 600, T0 + HOUR + 700, () => ({ load1: 1 }));
	expect(read({ measures: ['load1'] }).times[0]).toBe(T0 + HOUR + 600);
	expect(read({ resolution: 'minute', measures: ['load1'] }).times[0]).toBe(T0);
	record(T0 + 8 * DAY, T0 + 8 * DAY + 120, () => ({ load1: 1 }));
	record(T0 + 8 * DAY + 300, T0 + 8 * DAY + 400, () => ({ load1: 1 }));
	expect(read({ resolution: 'minute', measures: ['load1'] }).times[0]).toBe(T0 + 8 * DAY);
	expect(read({ resolution: 'hour', measures: ['load1'] }).times).toEqual([T0, T0 + HOUR]);
	record(T0 + 400 * DAY, T0 + 400 * DAY + 120, () => ({ load1: 1 }), undefined, ['nod_b']);
	expect(count('hours')).toBe(0);
	expect(db.prepare('SELECT name FROM series').pluck().all()).toEqual(['nod_b']);
});

test('a clock that was set back does not stop what is made of the seconds', () => {
	record(T0 + 30 * DAY, T0 + 30 * DAY + 120, () => ({ load1: 9 }));
	record(T0, T0 + 180, () => ({ load1: 1 }));
	expect(read({ measures: ['load1'] }).times.at(-1)).toBe(T0 + 179);
	record(T0 + 180, T0 + 480, () => ({ load1: 1 }));
	expect(read({ resolution: 'minute', measures: ['load1'] }).times).toEqual([T0 + 180, T0 + 240, T0 + 300, T0 + 360]);
});

test('the file stays within its size, whatever the number of nodes', () => {
	const names = Array.from({ length: 20 }, (_, i) => `nod_${i}`);
	const value = { cpuLoad: 0.5, load1: 1, memoryUsedBytes: 2 ** 33, diskUsedBytes: 2 ** 40, cacheBytes: 1 };
	const most = 1024 * 1024;
	let bytes = 0;
	for (let minute = 0; minute < 20; minute += 1) {
		bytes = record(T0 + minute * 60, T0 + (minute + 1) * 60, () => value, most, names);
		// One batch more than it may be, at the most.
		expect(bytes).toBeLessThan(most * 1.2);
	}
	expect(bytes).toBeGreaterThan(most / 4);
	expect(read({ name: 'nod_7' }).times.at(-1)).toBe(T0 + 1_199);
});

test('a file that is no history of this build is not opened', () => {
	db.close();
	const other = new Database(folder.join('other.db'));
	other.exec('CREATE TABLE x (y)');
	other.close();
	expect(() => openHistory(folder.join('other.db'))).toThrow('not the history of this build');
	const newer = new Database(folder.join('history.db'));
	newer.pragma('user_version = 99');
	newer.close();
	expect(() => openHistory(folder.join('history.db'))).toThrow('not the history of this build');
});
