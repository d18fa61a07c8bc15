import type { Database } from 'better-sqlite3';
import { prepareTellPerson } from '../notices/notice-store.ts';
import { damagedWords } from '../notices/notice-words.ts';

/** Of one content, files that are looked at, and of all together, people who are told; administrators see the rest. */
const MOST_FILES = 1_000;
const MOST_PEOPLE = 200;

/**
 * Tells those whose files have damaged contents, each once of all of them, inside somebody's transaction; answers how many
 * deliveries are to be made of it.
 */
export const prepareTellDamage = (db: Database): ((contents: readonly Buffer[], at: number) => number) => {
	const select = db.prepare(
		`SELECT DISTINCT f.id, f.name, f.owner_seq AS ownerSeq FROM blobs b
		 JOIN file_versions v ON v.blob_seq = b.seq JOIN files f ON f.seq = v.file_seq
		 WHERE b.sha256 = ? ORDER BY f.seq LIMIT ${MOST_FILES}`,
	);
	const tell = prepareTellPerson(db);
	return (contents, at) => {
		const people = new Map<number, Map<string, string>>();
		for (const sha256 of contents) {
			for (const row of select.all(sha256) as { id: string; name: string; ownerSeq: number }[]) {
				const files = people.get(row.ownerSeq) ?? new Map<string, string>();
				if (people.size < MOST_PEOPLE || people.has(row.ownerSeq))
					people.set(row.ownerSeq, files.set(row.id, row.name));
			}
		}
		let deliveries = 0;
		for (const [ownerSeq, files] of people) {
			const named = [...files].map(([id, name]) => ({ id, name }));
			deliveries += tell(ownerSeq, damagedWords(named, named.length), at);
		}
		return deliveries;
	};
};
