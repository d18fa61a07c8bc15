import type { Database } from 'better-sqlite3';
import { Gathering } from './points.ts';

const MINUTE = 60;
const HOUR = 3_600;
/** A minute is made when it has been over for so long: what was measured in it has come by then. Seconds. */
const GRACE = 15;
/** What lies further ahead than this was written by a clock that has been set back since. Seconds. */
const AHEAD = 120;
/** Minutes and hours made in one go, so that a long stop does not hold up what comes in now. */
const AT_ONCE = 60;

/**
 * Makes minutes of seconds and hours of minutes, each once: how far it has come is written in the same transaction, so
 * a kill repeats nothing and skips nothing.
 */
export const prepareFold = (db: Database): ((now: number) => void) => {
	const upto = db.prepare('SELECT upto FROM folded WHERE what = ?').pluck();
	const setUpto = db.prepare('UPDATE folded SET upto = ? WHERE what = ?');
	const firstSecond = db.prepare('SELECT min(at) FROM seconds WHERE at >= ?').pluck();
	const firstMinute = db.prepare('SELECT min(at) FROM minutes WHERE at >= ?').pluck();
	const seconds = db.prepare('SELECT series, v FROM seconds WHERE at >= ? AND at < ?').raw();
	const minutes = db.prepare('SELECT series, v, n FROM minutes WHERE at >= ? AND at < ?').raw();
	const addMinute = db.prepare('INSERT OR REPLACE INTO minutes (at, series, n, v) VALUES (?, ?, ?, ?)');
	const addHour = db.prepare('INSERT OR REPLACE INTO hours (at, series, n, v) VALUES (?, ?, ?, ?)');
	const seen = db.prepare('UPDATE series SET last = max(last, ?) WHERE id = ?');
	const forget = ['seconds', 'minutes', 'hours'].map((table) => db.prepare(`DELETE FROM ${table} WHERE at > ?`));

	const gather = (rows: Iterable<unknown>): Map<number, Gathering> => {
		const found = new Map<number, Gathering>();
		for (const row of rows) {
			const [series, v, n] = row as [number, Buffer, number | undefined];
			let one = found.get(series);
			if (!one) {
				one = new Gathering();
				found.set(series, one);
			}
			if (n === undefined) one.addSecond(v);
			else one.addSpreads(v, n);
		}
		return found;
	};

	/** Makes what is whole by `end`; goes over times of which nothing is known at once. */
	const fold = (what: 'minutes' | 'hours', step: number, end: number): void => {
		const [first, rows, add] = what === 'minutes' ? [firstSecond, seconds, addMinute] : [firstMinute, minutes, addHour];
		let from = upto.get(what) as number;
		for (let made = 0; made < AT_ONCE; made += 1) {
			const next = first.get(from) as number | null;
			if (next === null) break;
			const start = next - (next % step);
			if (start + step > end) break;
			for (const [series, one] of gather(rows.iterate(start, start + step))) {
				add.run(start, series, one.seconds, one.pack());
				if (what === 'hours') seen.run(start, series);
			}
			from = start + step;
		}
		setUpto.run(from, what);
	};

	return (now) => {
		if ((upto.get('minutes') as number) > now + AHEAD) {
			for (const table of forget) table.run(now + AHEAD);
			setUpto.run(now - (now % MINUTE), 'minutes');
			setUpto.run(now - (now % HOUR), 'hours');
		}
		fold('minutes', MINUTE, now - GRACE);
		// Of an hour every minute must be there, also those that a long stop has left to be made.
		fold('hours', HOUR, Math.min(now - GRACE, upto.get('minutes') as number));
	};
};
