import { readOperation, writeOperation } from '../database/operation.ts';

/** Room for a million lines an attempt, so that lines sort by attempt and a repeated line has the same number. */
export const LINES_PER_ATTEMPT = 1_000_000;

export type StoredLine = [taskSeq: number, seq: number, at: number, stream: 'out' | 'err' | 'system', text: string];

/** Appends log lines; one that is there already is a repeat and is left alone. */
export const appendLog = writeOperation('queue.append-log', (db) => {
	const insert = db.prepare('INSERT OR IGNORE INTO task_logs VALUES (?, ?, ?, ?, ?)');
	return (lines: StoredLine[]) => {
		for (const line of lines) insert.run(...line);
	};
});

export const readLog = readOperation('queue.read-log', (db) => {
	const select = db.prepare(
		'SELECT seq, at, stream, text FROM task_logs WHERE task_seq = ? AND seq > ? ORDER BY seq LIMIT ?',
	);
	return (args: { taskSeq: number; after: number; limit: number }) =>
		select.all(args.taskSeq, args.after, args.limit) as {
			seq: number;
			at: number;
			stream: 'out' | 'err' | 'system';
			text: string;
		}[];
});
