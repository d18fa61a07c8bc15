import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../shared/coded-error.ts';
import { Executor } from './execute.ts';
import { keepBeforeMigration } from './keep-before-migration.ts';
import { migrate, SCHEMA_VERSION } from './migrate.ts';
import { MIGRATIONS } from './migrations/all.ts';
import { APPLICATION_ID, assertDurable, openDatabase } from './open.ts';
import { readOperation, writeOperation } from './operation.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'millrace-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const addUser = writeOperation('test.add-user', (db) => {
	const insert = db.prepare(
		`INSERT INTO users (id, username, username_key, password_hash, role, created_at) VALUES (?, ?, ?, 'x', 'user', 1)`,
	);
	return (name: string) => {
		insert.run(name, name, name);
		if (name === 'refused') throw new CodedError('name-taken', 'no');
		return name;
	};
});
const names = readOperation('test.names', (db) => {
	const select = db.prepare('SELECT username FROM users ORDER BY seq').pluck();
	return (_: null) => select.all();
});

describe('a group of writes', () => {
	it('commits together, and undoes only the call that threw', () => {
		const db = openDatabase(path.join(folder, 'ledger.db'));
		migrate(db);
		const executor = new Executor(db, [addUser, names], 'write');
		const replies = executor.writeGroup([
			[1, addUser.name, 'ada'],
			[2, addUser.name, 'refused'],
			[3, addUser.name, 'ada'],
			[4, addUser.name, 'bob'],
		]);
		expect(replies.map(([id, error]) => [id, error?.code ?? error?.sqlite ?? null])).toEqual([
			[1, null],
			[2, 'name-taken'],
			[3, 'SQLITE_CONSTRAINT_UNIQUE'],
			[4, null],
		]);
		expect(executor.read([5, names.name, null])[2]).toEqual(['ada', 'bob']);
		db.close();
	});

	it('fails as a whole when the disk is full, and works again when there is room', () => {
		const db = openDatabase(path.join(folder, 'ledger.db'));
		migrate(db);
		const executor = new Executor(db, [addUser, names], 'write');
		const pages = db.pragma('page_count', { simple: true }) as number;
		db.pragma(`max_page_count = ${pages}`);
		const many = Array.from({ length: 500 }, (_, i): [number, string, string] => [
			i,
			addUser.name,
			`user ${i} ${'x'.repeat(200)}`,
		]);
		const replies = executor.writeGroup(many);
		expect(new Set(replies.map(([, error]) => error?.sqlite))).toEqual(new Set(['SQLITE_FULL']));
		expect(executor.read([0, names.name, null])[2]).toEqual([]);
		db.pragma('max_page_count = 1000000');
		expect(executor.writeGroup([[1, addUser.name, 'ada']])[0]?.[1]).toBeNull();
		db.close();
	});
});

describe('opening a ledger', () => {
	it('is durable after every open', () => {
		const file = path.join(folder, 'ledger.db');
		for (let i = 0; i < 3; i++) {
			const db = openDatabase(file);
			migrate(db);
			db.prepare('SELECT count(*) FROM users').get();
			expect(db.pragma('synchronous', { simple: true })).toBe(2);
			assertDurable(db);
			db.close();
		}
	});

	it('refuses to call a weaker setting durable', () => {
		const db = openDatabase(path.join(folder, 'ledger.db'));
		db.pragma('synchronous = NORMAL');
		expect(() => assertDurable(db)).toThrow(/not durable/);
		db.close();
	});

	it('keeps what was there before a migration, of the last two', () => {
		const file = path.join(folder, 'ledger.db');
		const db = openDatabase(file);
		for (const schema of [1, 2, 3]) {
			for (const { sql } of MIGRATIONS.slice(db.pragma('user_version', { simple: true }) as number, schema))
				db.exec(sql);
			db.pragma(`application_id = ${APPLICATION_ID}`);
			db.pragma(`user_version = ${schema}`);
			keepBeforeMigration(db, schema);
		}
		expect(migrate(db)).toEqual({ from: 3, to: SCHEMA_VERSION });
		db.close();
		expect(readdirSync(folder).sort()).toEqual(['ledger.db', 'ledger.db.schema-2', 'ledger.db.schema-3']);
		const kept = new Database(path.join(folder, 'ledger.db.schema-3'), { readonly: true });
		expect(kept.pragma('user_version', { simple: true })).toBe(3);
		expect(kept.pragma('integrity_check', { simple: true })).toBe('ok');
		kept.close();
	});

	it('refuses a newer schema and a foreign database, and leaves them as they were', () => {
		const file = path.join(folder, 'ledger.db');
		const db = openDatabase(file);
		expect(migrate(db)).toEqual({ from: 0, to: SCHEMA_VERSION });
		expect(migrate(db)).toEqual({ from: SCHEMA_VERSION, to: SCHEMA_VERSION });
		db.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
		expect(() => migrate(db)).toThrow(/start the newer Millrace/);
		expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION + 1);
		db.close();

		const foreign = new Database(path.join(folder, 'foreign.db'));
		foreign.exec('CREATE TABLE theirs (a)');
		expect(() => migrate(foreign)).toThrow(/another program/);
		foreign.close();
	});
});
