import Database from 'better-sqlite3';
import { TempFolder } from '../support/temp-folder.ts';
import type { Benchmark, Figure } from './figure.ts';

/** The ground that everything stands on: rows into SQLite in this very process, synced to disk. */
export const sqliteInsert: Benchmark = {
	name: 'sqlite',
	title: 'better-sqlite3 alone, synchronous=FULL',
	async run({ scale }): Promise<Figure[]> {
		await using folder = new TempFolder();
		const db = new Database(folder.join('rows.db'));
		try {
			db.pragma('journal_mode = WAL');
			db.exec(
				`CREATE TABLE tasks (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, owner INTEGER NOT NULL, state TEXT NOT NULL,
				 routing_key TEXT NOT NULL, parameters TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT`,
			);
			db.prepare('SELECT count(*) FROM sqlite_schema').get();
			db.pragma('synchronous = FULL');
			const insert = db.prepare(
				'INSERT INTO tasks (id, owner, state, routing_key, parameters, created_at) VALUES (?, 1, ?, ?, ?, ?)',
			);
			let number = 0;
			const rows = db.transaction((count: number) => {
				for (let i = 0; i < count; i++) {
					number += 1;
					insert.run(`tsk_${String(number).padStart(26, '0')}`, 'queued', 'normal.noop', '{}', number);
				}
			});
			const rate = (count: number, each: number): number => {
				const startedAt = performance.now();
				for (let i = 0; i < count; i += each) rows(each);
				return count / ((performance.now() - startedAt) / 1000);
			};
			return [
				{
					what: 'SQLite alone, one commit each 100 rows',
					unit: 'rows/s',
					value: rate(Math.round(200_000 * scale), 100),
				},
				{ what: 'SQLite alone, one commit a row', unit: 'rows/s', value: rate(Math.round(10_000 * scale), 1) },
			];
		} finally {
			db.close();
		}
	},
};
