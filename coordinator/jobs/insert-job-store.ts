import type { Database } from 'better-sqlite3';
import type { Json } from '../../shared/protocol/json.ts';

/** What somebody, a schedule or a backfill asks for in one go. */
export interface NewJob {
	id: string;
	ownerSeq: number;
	cause: 'demand' | 'backfill' | 'schedule' | 'again';
	title: string;
	/** Public id and version of the recipe it is made from; null: of none. */
	recipe: string | null;
	recipeVersion: number | null;
	scheduleSeq: number | null;
	triggerSeq: number | null;
	/** What was asked for, as it was then: steps, what over, class, key, where results go. */
	wish: Json;
	/** Tasks as counted beforehand; null: not counted. */
	planned: number | null;
	/** Its tasks are made page by page from now on; false: all of them in this transaction, by {@link prepareJob}'s `fed`. */
	isFeeding: boolean;
	now: number;
}

/**
 * Writes down jobs inside somebody's transaction. `insert` answers the job's seq, for `NewTask.jobSeq`; `fed` says that all
 * tasks of a job that is not fed page by page have been made: one that has none then is over at once.
 */
export const prepareJob = (
	db: Database,
): { insert: (job: NewJob) => number; fed: (seq: number, now: number) => void } => {
	const insert = db.prepare(
		`INSERT INTO jobs (id, owner_seq, cause, title, recipe, recipe_version, schedule_seq, trigger_seq, wish, planned, state,
		                   created_at)
		 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const fed = db.prepare('UPDATE jobs SET fed_at = ? WHERE seq = ? AND fed_at IS NULL');
	return {
		insert: (job) =>
			Number(
				insert.run(
					job.id,
					job.ownerSeq,
					job.cause,
					job.title,
					job.recipe,
					job.recipeVersion,
					job.scheduleSeq,
					job.triggerSeq,
					JSON.stringify(job.wish),
					job.planned,
					job.isFeeding ? 'feeding' : 'running',
					job.now,
				).lastInsertRowid,
			),
		fed: (seq, now) => {
			fed.run(now, seq);
		},
	};
};
