import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { timeOfId } from '../database/new-id.ts';
import { readOperation } from '../database/operation.ts';

/** Why there is no task or job of that id: it may be no longer kept. */
export const prepareMissing = (db: Database): ((what: 'task' | 'job', id: string) => CodedError) => {
	const select = db.prepare('SELECT ended_before FROM forgotten_tasks').pluck();
	return (what, id) => {
		const before = select.get() as number;
		const madeAt = timeOfId(id);
		if (madeAt === null || madeAt >= before) return new CodedError('not-found', `There is no ${what} ${id}.`);
		const day = new Date(before).toISOString().slice(0, 10);
		return new CodedError(
			'no-longer-kept',
			`There is no ${what} ${id} any more: what ended before ${day} is no longer kept.`,
		);
	};
};

/** Throws it. */
export const missTask = readOperation('queue.miss-task', (db) => {
	const missing = prepareMissing(db);
	return (id: string): never => {
		throw missing('task', id);
	};
});
