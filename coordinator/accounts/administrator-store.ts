import type { Database } from 'better-sqlite3';

/** Administrators who can sign in, so many as are told of something. */
const MOST_TOLD = 1_000;

/** Numbers of those who are told what concerns administrators. */
export const prepareAdministrators = (db: Database): (() => number[]) => {
	const select = db
		.prepare(
			`SELECT seq FROM users WHERE role = 'administrator' AND disabled_at IS NULL ORDER BY seq LIMIT ${MOST_TOLD}`,
		)
		.pluck();
	return () => select.all() as number[];
};
