import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';

/** So many copies of ledgers before a migration stay beside the ledger, the newest. */
const KEPT = 2;

/** Of a ledger, as it was before it was brought from that schema to a newer one. */
const nameFor = (file: string, schema: number): string => `${basename(file)}.schema-${schema}`;

const sync = (path: string): void => {
	const descriptor = openSync(path, 'r');
	try {
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
};

/** Copies a ledger beside itself before a migration: whoever goes back to the older build puts the copy in its place. */
export const keepBeforeMigration = (db: Database, schema: number): void => {
	const folder = dirname(db.name);
	const coming = join(folder, `${basename(db.name)}.copying`);
	rmSync(coming, { force: true });
	db.prepare('VACUUM INTO ?').run(coming);
	sync(coming);
	renameSync(coming, join(folder, nameFor(db.name, schema)));
	const schemaOf = (name: string): number => Number(name.slice(name.lastIndexOf('-') + 1));
	const copies = readdirSync(folder)
		.filter((name) => name.startsWith(nameFor(db.name, 0).slice(0, -1)) && Number.isInteger(schemaOf(name)))
		.sort((a, b) => schemaOf(b) - schemaOf(a));
	for (const name of copies.slice(KEPT)) rmSync(join(folder, name), { force: true });
	sync(folder);
};
