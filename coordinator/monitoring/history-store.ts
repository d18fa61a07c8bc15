import type { Database } from 'better-sqlite3';
import {
	type HistoryKind,
	type MeasureColumn,
	measuresOf,
	RESOLUTIONS,
	type Resolution,
	unitOf,
} from '../../shared/protocol/history.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { prepareFold } from './fold.ts';
import { eachSpread, eachValue, packValues } from './points.ts';

/** What was measured over some seconds, as it crosses into the thread: one row is a series, a second and its values. */
export interface Batch {
	series: readonly (readonly [kind: HistoryKind, name: string])[];
	/** Two numbers a row: place in `series`, second. */
	rows: Int32Array;
	/** `width` numbers a row, NaN where nothing was measured. */
	values: Float32Array;
	width: number;
}

const TABLES: Record<Resolution, string> = { second: 'seconds', minute: 'minutes', hour: 'hours' };
const keptSeconds = (resolution: Resolution): number => RESOLUTIONS[resolution].keptMs / 1_000;
/** When the file is too large, so much of the time that each table spans goes at once. */
const CUT_SHARE = 0.1;

const usedBytes = (db: Database): number => {
	const page = (name: string) => db.pragma(name, { simple: true }) as number;
	return (page('page_count') - page('freelist_count')) * page('page_size');
};

/** Writes a batch, makes the minutes and hours that are over, and forgets what is too old or too much. Answers the bytes in use. */
export const recordHistory = writeOperation('monitoring.record', (db) => {
	const find = db.prepare('SELECT id FROM series WHERE kind = ? AND name = ?').pluck();
	const add = db.prepare('INSERT INTO series (kind, name, last) VALUES (?, ?, ?)');
	const put = db.prepare('INSERT OR REPLACE INTO seconds (at, series, v) VALUES (?, ?, ?)');
	const fold = prepareFold(db);
	const upto = db.prepare('SELECT upto FROM folded WHERE what = ?').pluck();
	const forget = {
		second: db.prepare('DELETE FROM seconds WHERE at < ?'),
		minute: db.prepare('DELETE FROM minutes WHERE at < ?'),
		hour: db.prepare('DELETE FROM hours WHERE at < ?'),
	};
	const span = {
		second: db.prepare('SELECT min(at), max(at) FROM seconds').raw(),
		minute: db.prepare('SELECT min(at), max(at) FROM minutes').raw(),
		hour: db.prepare('SELECT min(at), max(at) FROM hours').raw(),
	};
	// A series of which nothing is left has not been heard of for as long as the longest that anything is kept.
	const forgetSeries = db.prepare('DELETE FROM series WHERE last < ?');

	return ({ batch, now, mostBytes }: { batch: Batch; now: number; mostBytes: number }): number => {
		const { series, rows, values, width } = batch;
		const ids = series.map(([kind, name]) => {
			const known = find.get(kind, name) as number | undefined;
			return known ?? (add.run(kind, name, now).lastInsertRowid as number);
		});
		for (let row = 0; row * 2 < rows.length; row += 1) {
			put.run(rows[row * 2 + 1], ids[rows[row * 2]!], packValues(values.subarray(row * width, (row + 1) * width)));
		}
		fold(now);
		// What has not been made into something coarser stays until it has.
		forget.second.run(Math.min(now - keptSeconds('second'), upto.get('minutes') as number));
		forget.minute.run(Math.min(now - keptSeconds('minute'), upto.get('hours') as number));
		if (forget.hour.run(now - keptSeconds('hour')).changes > 0) forgetSeries.run(now - keptSeconds('hour'));
		if (usedBytes(db) > mostBytes) {
			for (const resolution of ['second', 'minute', 'hour'] as const) {
				const [first, last] = span[resolution].get() as [number | null, number | null];
				if (first !== null && last !== null) forget[resolution].run(first + Math.ceil((last - first) * CUT_SHARE));
			}
		}
		return usedBytes(db);
	};
});

/** Seven figures of a four-byte number are true. */
const rounded = (value: number): number => Number(value.toPrecision(7));

export interface HistoryWish {
	kind: HistoryKind;
	name: string;
	resolution: Resolution;
	/** Seconds; `to` is left out. */
	from: number;
	to: number;
	measures: readonly string[];
}

/** The points of one series in order; empty when nothing is known of it. */
export const readHistory = readOperation('monitoring.read', (db) => {
	const find = db.prepare('SELECT id FROM series WHERE kind = ? AND name = ?').pluck();
	const pointOf = {
		second: db.prepare('SELECT v FROM seconds WHERE at = ? AND series = ?').pluck(),
		minute: db.prepare('SELECT v FROM minutes WHERE at = ? AND series = ?').pluck(),
		hour: db.prepare('SELECT v FROM hours WHERE at = ? AND series = ?').pluck(),
	};
	const firstOf = Object.fromEntries(
		Object.entries(TABLES).map(([name, table]) => [name, db.prepare(`SELECT min(at), max(at) FROM ${table}`).raw()]),
	);

	return (wish: HistoryWish): { times: number[]; measures: Record<string, MeasureColumn> } => {
		const { kind, name, resolution, measures } = wish;
		const isSecond = resolution === 'second';
		const columns = new Map<number, MeasureColumn>();
		for (const measure of measures) {
			const column: MeasureColumn = { unit: unitOf(kind, measure), mean: [] };
			columns.set(measuresOf(kind).indexOf(measure), isSecond ? column : { ...column, least: [], most: [] });
		}
		const answer = { times: [] as number[], measures: {} as Record<string, MeasureColumn> };
		for (const [place, column] of columns) answer.measures[measuresOf(kind)[place]!] = column;
		const series = find.get(kind, name) as number | undefined;
		const [first, last] = firstOf[resolution]!.get() as [number | null, number | null];
		if (series === undefined || first === null || last === null) return answer;
		const step = RESOLUTIONS[resolution].stepMs / 1_000;
		const start = Math.ceil(Math.max(wish.from, first) / step) * step;
		for (let at = start; at < wish.to && at <= last; at += step) {
			const v = pointOf[resolution].get(at, series) as Buffer | undefined;
			if (!v) continue;
			answer.times.push(at);
			for (const { mean, least, most } of columns.values()) {
				mean.push(null);
				least?.push(null);
				most?.push(null);
			}
			const end = answer.times.length - 1;
			if (isSecond) {
				eachValue(v, (place, value) => {
					const column = columns.get(place);
					if (column) column.mean[end] = rounded(value);
				});
				continue;
			}
			eachSpread(v, (place, spread) => {
				const column = columns.get(place);
				if (!column) return;
				column.mean[end] = rounded(spread.mean);
				column.least![end] = rounded(spread.least);
				column.most![end] = rounded(spread.most);
			});
		}
		return answer;
	};
});

export const HISTORY_OPERATIONS = [recordHistory, readHistory];
