import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Database } from 'better-sqlite3';
import { blobPath } from '../files/blob-folders.ts';
import { type BlobRow, blobsAfter, referencesTo, type Violation, violation } from './ledger-rules-store.ts';
import { sha256OfFile } from './sha256-of-file.ts';

const PAGE = 1_000;

export interface VerifiedStore {
	/** Where blobs lie, as ab/<sha256>. */
	blobs: string;
	/** Where unfinished ones lie; null: not looked into. */
	staging: string | null;
	/** Nothing is under way: then every file has its row, and nothing is left in staging. */
	settled: boolean;
	/** True (default) reads every byte; otherwise sizes are compared. */
	bytes?: boolean;
}

/** What is wrong between a ledger's rows of blobs and their files. */
export const blobViolations = async (db: Database, store: VerifiedStore): Promise<Violation[]> => {
	const wrong: string[] = [];
	for (let page = blobsAfter(db, 0, PAGE); page.length > 0; page = blobsAfter(db, page.at(-1)!.seq, PAGE)) {
		for (const row of page) {
			const fault = await faultOf(row, store);
			// What nothing refers to any more may have been swept in this moment.
			if (fault !== null && (referencesTo(db, row.sha256) ?? 0) > 0) wrong.push(`${row.sha256} ${fault}`);
		}
	}
	const found = violation('I3 every blob has its bytes', wrong);
	if (!store.settled) return found;
	const strays: string[] = [];
	for await (const file of filesUnder(store.blobs)) {
		const name = file.slice(file.lastIndexOf('/') + 1);
		const isBlob = /^[0-9a-f]{64}$/.test(name) && file === blobPath(store.blobs, name);
		if (!isBlob || referencesTo(db, name) === null) strays.push(relative(store.blobs, file));
	}
	const staged: string[] = [];
	if (store.staging) for await (const file of filesUnder(store.staging)) staged.push(relative(store.staging, file));
	return [
		...found,
		...violation('I6 every file in the blob store has its row', strays),
		...violation('I6 nothing is left in staging', staged),
	];
};

const faultOf = async ({ sha256, size, refs }: BlobRow, store: VerifiedStore): Promise<string | null> => {
	const path = blobPath(store.blobs, sha256);
	const found = await stat(path).catch(() => null);
	// The sweep removes the file before the row: only an unreferenced row may be without one.
	if (found === null) return refs > 0 ? 'has no file' : null;
	if (found.size !== size) return `has ${found.size} bytes, not ${size}`;
	if (store.bytes === false) return null;
	const hash = await sha256OfFile(path).catch((error: NodeJS.ErrnoException) => `unreadable: ${error.code}`);
	return hash === sha256 ? null : 'has other bytes';
};

async function* filesUnder(folder: string): AsyncGenerator<string> {
	const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return [];
		throw error;
	});
	for (const entry of entries) {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) yield* filesUnder(path);
		else yield path;
	}
}
