import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Puts so many more tasks like one that is over into the ledger, in seconds. Stop the coordinator before. */
export const copyTask = (data: string, id: string, count: number): void => {
	const db = new Database(join(data, 'ledger.db'), { fileMustExist: true });
	try {
		const columns = db
			.prepare<[], string>("SELECT name FROM pragma_table_info('tasks') WHERE name NOT IN ('seq', 'id')")
			.pluck()
			.all()
			.join(', ');
		db.prepare(
			`WITH RECURSIVE copies (number) AS (VALUES (1) UNION ALL SELECT number + 1 FROM copies WHERE number < ?)
			 INSERT INTO tasks (id, ${columns})
			 SELECT 'tsk_' || printf('%026d', number), ${columns} FROM copies, tasks
			 WHERE tasks.id = ? AND finished_at IS NOT NULL`,
		).run(count, id);
	} finally {
		db.close();
	}
};
