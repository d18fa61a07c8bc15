import type { Database } from 'better-sqlite3';

export const MOST_REASON = 1_000;

interface Noted {
	taskSeq: number;
	name: string;
	at: number;
}

/** Writes down what became of an output; what was filed stays so. */
export const prepareNoteFiling = (db: Database) => {
	const insert = db.prepare(
		`INSERT INTO filings VALUES (@taskSeq, @name, @state, @fileSeq, @version, @reason, @at)
		 ON CONFLICT (task_seq, name) DO UPDATE SET
		   state = @state, file_seq = @fileSeq, version = @version, reason = @reason, at = @at WHERE state = 'unfiled'`,
	);
	return {
		filed: (filed: Noted & { fileSeq: number; version: number }): void => {
			insert.run({ ...filed, state: 'filed', reason: null });
		},
		unfiled: ({ reason, ...of }: Noted & { reason: string }): void => {
			insert.run({ ...of, state: 'unfiled', fileSeq: null, version: null, reason: reason.slice(0, MOST_REASON) });
		},
	};
};
