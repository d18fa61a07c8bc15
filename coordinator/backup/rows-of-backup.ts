import Database from 'better-sqlite3';
import { listContents } from './backup-store.ts';
import { readContents } from './contents.ts';
import type { filesOf } from './layout.ts';

const PAGE = 2_000;

/** Content that a backup's ledger refers to and that was whole when the backup was taken, page by page. */
export async function* contentsOf(
	files: ReturnType<typeof filesOf>,
): AsyncGenerator<{ sha256: string; size: number }[]> {
	const db = new Database(files.ledger, { readonly: true });
	try {
		const list = listContents.prepare(db);
		// Both are in the order of hashes, and the list leaves out what was lost already.
		const listed = readContents(files.contents)[Symbol.asyncIterator]();
		let next = await listed.next();
		let after = '';
		for (;;) {
			const page = list({ after, limit: PAGE });
			if (page.length === 0) {
				if (!next.done) throw new Error(`${files.contents} names content that the ledger does not know`);
				return;
			}
			after = page.at(-1)!.sha256;
			const whole: typeof page = [];
			for (const row of page) {
				if (next.done || next.value !== row.sha256) continue;
				whole.push(row);
				next = await listed.next();
			}
			yield whole;
		}
	} finally {
		db.close();
	}
}
