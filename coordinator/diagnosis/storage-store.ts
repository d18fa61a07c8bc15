import { readOperation } from '../database/operation.ts';

/** Whose files take most: so many are named. */
const MOST_NAMED = 10;

interface Sum {
	count: number;
	bytes: number;
}

/** What contents, people's files and datasets take. A million contents are summed in a fraction of a second. */
export const readStorageFacts = readOperation('diagnosis.storage', (db) => {
	const contents = db.prepare('SELECT count(*) AS count, coalesce(sum(size), 0) AS bytes FROM blobs');
	const idle = db.prepare('SELECT count(*) AS count, coalesce(sum(size), 0) AS bytes FROM blobs WHERE refs = 0');
	const people = db.prepare(
		'SELECT coalesce(sum(files), 0) AS files, coalesce(sum(bytes), 0) AS bytes FROM storage_use',
	);
	const datasets = db.prepare(
		'SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes FROM datasets WHERE root IS NULL',
	);
	const most = db.prepare(
		`SELECT u.id AS user, u.username, s.files, s.bytes FROM storage_use AS s JOIN users AS u ON u.seq = s.owner_seq
		 WHERE s.bytes > 0 ORDER BY s.bytes DESC, u.seq LIMIT ${MOST_NAMED}`,
	);
	return (_: null) => ({
		contents: contents.get() as Sum,
		idle: idle.get() as Sum,
		people: people.get() as { files: number; bytes: number },
		datasets: datasets.get() as Sum,
		most: most.all() as { user: string; username: string; files: number; bytes: number }[],
	});
});
