import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type Database from 'better-sqlite3';

const filesUnder = async (folder: string): Promise<string[]> => {
	let entries: Dirent[];
	try {
		entries = await readdir(folder, { recursive: true, withFileTypes: true });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
	return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
};

const sha256Of = async (file: string): Promise<string> => {
	const hash = createHash('sha256');
	await pipeline(createReadStream(file), hash);
	return hash.digest('hex');
};

const REFERENCES = `SELECT b.seq FROM blobs b LEFT JOIN (
    SELECT blob_seq AS seq FROM file_versions
    UNION ALL SELECT thumbnail_blob_seq FROM file_versions WHERE thumbnail_blob_seq IS NOT NULL
    UNION ALL SELECT blob_seq FROM task_outputs
    UNION ALL SELECT blob_seq FROM dataset_entries
  ) r ON r.seq = b.seq GROUP BY b.seq HAVING b.refs <> count(r.seq)`;

/**
 * I3 and I6 for content: every row has its file with the bytes that it names, every file has its row, references are
 * counted right, and once all is settled nothing is left in staging. Rules with the offenders, also empty ones.
 */
export const blobViolations = async (
	db: Database.Database,
	data: string,
	settled: boolean,
): Promise<[rule: string, rows: string[]][]> => {
	const folder = join(data, 'blobs');
	const files = new Map<string, string>();
	const strays: string[] = [];
	for (const file of await filesUnder(folder)) {
		// blobs/ab/cd/abcd… : the file's name is the whole hash, whatever folders it is spread over.
		const name = file.slice(file.lastIndexOf(sep) + 1);
		if (/^[0-9a-f]{64}$/.test(name)) files.set(name, file);
		else strays.push(relative(data, file));
	}
	const wrong: string[] = [];
	const rows = db.prepare('SELECT lower(hex(sha256)) AS sha256, size, refs FROM blobs').all() as {
		sha256: string;
		size: number;
		refs: number;
	}[];
	for (const row of rows) {
		const file = files.get(row.sha256);
		files.delete(row.sha256);
		if (file === undefined) {
			// The sweep removes the file before the row: only an unreferenced row may be without one.
			if (row.refs > 0) wrong.push(`${row.sha256} has no file`);
		} else if ((await stat(file)).size !== row.size || (await sha256Of(file)) !== row.sha256) {
			wrong.push(`${row.sha256} has other bytes`);
		}
	}
	const staged = settled ? (await filesUnder(join(data, 'staging'))).map((file) => relative(data, file)) : [];
	return [
		['I3 every blob has its bytes', wrong],
		['I6 references to blobs are counted right', (db.prepare(REFERENCES).pluck().all() as number[]).map(String)],
		['I6 every file in the blob store has its row', settled ? [...strays, ...files.keys()] : []],
		['I6 nothing is left in staging', staged],
	];
};
