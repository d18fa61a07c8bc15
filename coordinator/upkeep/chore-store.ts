import { readOperation, writeOperation } from '../database/operation.ts';

/** How a chore went last. */
export interface ChoreRun {
	name: string;
	startedAt: number;
	finishedAt: number;
	failed: number;
	words: string | null;
}

export const listChoreRuns = readOperation('upkeep.list-chore-runs', (db) => {
	const select = db.prepare(
		'SELECT name, started_at AS startedAt, finished_at AS finishedAt, failed, words FROM chore_runs',
	);
	return (_: null) => select.all() as ChoreRun[];
});

export const recordChoreRun = writeOperation('upkeep.record-chore-run', (db) => {
	const replace = db.prepare(
		'INSERT OR REPLACE INTO chore_runs (name, started_at, finished_at, failed, words) VALUES (?, ?, ?, ?, ?)',
	);
	return ({ name, startedAt, finishedAt, failed, words }: ChoreRun): void =>
		void replace.run(name, startedAt, finishedAt, failed, words);
});

export const CHORE_OPERATIONS = [listChoreRuns, recordChoreRun];
