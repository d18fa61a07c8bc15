import { readOperation } from '../database/operation.ts';

/** Public ids and names of people. */
export const readOwners = readOperation('queue.read-owners', (db) => {
	const select = db.prepare('SELECT seq, id, username FROM users WHERE seq IN (SELECT value FROM json_each(?))').raw();
	return (seqs: readonly number[]) => select.all(JSON.stringify(seqs)) as [seq: number, id: string, name: string][];
});
