import { existsSync } from 'node:fs';
import { readOperation, writeOperation } from '../../coordinator/database/operation.ts';

/** Keeps its thread busy until this file is there. */
export const waitForFile = readOperation('test.wait-for-file', () => (file: string) => {
	const nothing = new Int32Array(new SharedArrayBuffer(4));
	while (!existsSync(file)) Atomics.wait(nothing, 0, 0, 5);
	return file;
});

export const count = readOperation('test.count', (db) => {
	const all = db.prepare('SELECT count(*) FROM users').pluck();
	return () => all.get() as number;
});

/** Makes a table and puts so many bytes into it. */
export const fill = writeOperation('test.fill', (db) => (bytes: number) => {
	db.exec('CREATE TABLE filled (content BLOB)');
	db.prepare('INSERT INTO filled VALUES (zeroblob(?))').run(bytes);
});

export const FEW_OPERATIONS = [waitForFile, count, fill];
