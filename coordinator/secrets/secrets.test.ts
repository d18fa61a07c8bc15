import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../shared/coded-error.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { SECRET_OPERATIONS } from './secret-store.ts';
import { Secrets } from './secrets.ts';

const ADA = { userSeq: 1, userId: 'usr_a' };
const BOB = { userSeq: 2, userId: 'usr_b' };
const BY = { actor: 'usr_a', address: '192.0.2.1' };
const ANY = { condition: { ifMatch: null, ifNoneMatch: null }, by: BY };
const CANARY = 'canary-8d1f-value';

let folder: TempFolder;
let ledger: TestLedger;
let db: Database.Database;
let secrets: Secrets;
const logger = pino({ level: 'silent' });
const open = (keyFile = folder.join('secret.key')) => Secrets.open({ ledger, keyFile, logger });
const codeOf = (act: Promise<unknown>) =>
	act.then(
		() => 'done',
		(error: unknown) => (error instanceof CodedError ? error.code : String(error)),
	);

beforeEach(async () => {
	folder = new TempFolder();
	ledger = new TestLedger({ file: folder.join('ledger.db'), operations: [...SECRET_OPERATIONS] });
	db = new Database(folder.join('ledger.db'));
	db.exec(`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
		VALUES (1, 'usr_a', 'ada', 'ada', 'x', 'user', 1), (2, 'usr_b', 'bob', 'bob', 'x', 'user', 1);
		INSERT INTO task_types (seq, name, version, manifest) VALUES (900, 'any', 1, '{}')`);
	secrets = await open();
});
afterEach(async () => {
	db.close();
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

/** An open task of ada that is given this. */
const taskWith = (id: string, given: unknown, ownerSeq = 1): number => {
	const { lastInsertRowid } = db
		.prepare(
			`INSERT INTO tasks (id, owner_seq, type_seq, state, routing_key, priority, parameters, inputs, created_at, queued_at)
			 VALUES (?, ?, 900, 'queued', 'normal.any', 4, '{}', '[]', 1, 1)`,
		)
		.run(id, ownerSeq);
	db.prepare(`INSERT INTO task_origins (task_seq, cause, given) VALUES (?, 'demand', ?)`).run(
		lastInsertRowid,
		JSON.stringify(given),
	);
	return Number(lastInsertRowid);
};

describe('a secret', () => {
	it('comes out as it went in, for its owner’s tasks only, and is shown to nobody', async () => {
		const made = await secrets.create(ADA, { name: 'Token of X', value: CANARY }, BY);
		expect(made).toMatchObject({ name: 'Token of X', version: 1, usedAt: null, openTasks: 0 });
		expect(JSON.stringify(await secrets.list(ADA))).not.toContain('canary');
		expect(await secrets.list(BOB)).toEqual([]);
		expect(await secrets.open(1, made.id)).toBe(CANARY);
		expect((await secrets.list(ADA))[0]?.usedAt).not.toBeNull();
		expect(await codeOf(secrets.open(2, made.id))).toBe('secret-missing');
	});

	it('lies sealed on the disk, and its audit trail does not tell it', async () => {
		const { id } = await secrets.create(ADA, { name: 'x', value: CANARY }, BY);
		await secrets.replace(ADA, id, `${CANARY}-2`, ANY);
		await secrets.remove(ADA, id, ANY);
		db.pragma('wal_checkpoint(TRUNCATE)');
		expect(readFileSync(folder.join('ledger.db')).includes('canary')).toBe(false);
		expect(db.prepare('SELECT action, object FROM audit_log ORDER BY seq').raw().all()).toEqual([
			['secret.create', id],
			['secret.replace', id],
			['secret.delete', id],
		]);
	});

	it('is replaced for all who name it, and by nobody else, and not over another’s change', async () => {
		const { id } = await secrets.create(ADA, { name: 'x', value: CANARY }, BY);
		const old = { condition: { ifMatch: ['1'], ifNoneMatch: null }, by: BY };
		expect(await secrets.replace(ADA, id, 'another one', old)).toMatchObject({ version: 2 });
		expect(await codeOf(secrets.replace(ADA, id, 'late', old))).toBe('precondition-failed');
		expect(await codeOf(secrets.replace(BOB, id, 'stolen', ANY))).toBe('not-found');
		expect(await codeOf(secrets.remove(BOB, id, ANY))).toBe('not-found');
		expect(await secrets.open(1, id)).toBe('another one');
	});

	it('has a name of its own among one person’s, and there is an end to their number', async () => {
		await secrets.create(ADA, { name: 'Token', value: 'a' }, BY);
		expect(await codeOf(secrets.create(ADA, { name: 'TOKEN', value: 'b' }, BY))).toBe('name-taken');
		await secrets.create(BOB, { name: 'Token', value: 'b' }, BY);
		for (let i = 1; i < 50; i++) await secrets.create(ADA, { name: `n${i}`, value: 'x' }, BY);
		expect(await codeOf(secrets.create(ADA, { name: 'more', value: 'x' }, BY))).toBe('too-many-things');
	});

	it('may have 8 KiB, counted in bytes', async () => {
		const { id } = await secrets.create(ADA, { name: 'long', value: 'ä'.repeat(4096) }, BY);
		expect(await secrets.open(1, id)).toBe('ä'.repeat(4096));
		expect(await codeOf(secrets.create(ADA, { name: 'longer', value: 'ä'.repeat(4097) }, BY))).toBe('invalid');
	});

	it('that was changed or moved to another name by other hands does not open', async () => {
		const { id } = await secrets.create(ADA, { name: 'x', value: CANARY }, BY);
		db.prepare('UPDATE secrets SET owner_seq = 2').run();
		expect(await codeOf(secrets.open(2, id))).toBe('secret-missing');
		db.prepare(`UPDATE secrets SET owner_seq = 1, sealed = zeroblob(length(sealed))`).run();
		expect(await codeOf(secrets.open(1, id))).toBe('secret-missing');
	});
});

describe('a task', () => {
	it('gets what it was given, by its slot, and nothing else', async () => {
		const { id } = await secrets.create(ADA, { name: 'x', value: CANARY }, BY);
		const given = JSON.stringify({ secrets: { bearerToken: id } });
		expect(await secrets.forTask({ ownerSeq: 1, given }, 'bearerToken')).toBe(CANARY);
		for (const slot of ['other', 'constructor', '__proto__']) {
			expect(await codeOf(secrets.forTask({ ownerSeq: 1, given }, slot))).toBe('forbidden');
		}
		expect(await codeOf(secrets.forTask({ ownerSeq: 1, given: null }, 'bearerToken'))).toBe('forbidden');
		expect(await codeOf(secrets.forTask({ ownerSeq: 1, given: '{"source":{}}' }, 'bearerToken'))).toBe('forbidden');
		expect(await codeOf(secrets.forTask({ ownerSeq: 2, given }, 'bearerToken'))).toBe('secret-missing');
	});

	it('that is not over keeps its secret from being deleted', async () => {
		const { id } = await secrets.create(ADA, { name: 'x', value: CANARY }, BY);
		const other = await secrets.create(ADA, { name: 'y', value: CANARY }, BY);
		const task = taskWith('tsk_1', { secrets: { token: id, again: id }, source: { cursor: null } });
		taskWith('tsk_2', { secrets: { token: other.id } }, 2);
		expect((await secrets.list(ADA)).map(({ openTasks }) => openTasks)).toEqual([1, 0]);
		expect(await codeOf(secrets.remove(ADA, id, ANY))).toBe('secret-in-use');
		await secrets.remove(ADA, other.id, ANY);
		db.prepare(`UPDATE tasks SET state = 'cancelled', finished_at = 2 WHERE seq = ?`).run(task);
		await secrets.remove(ADA, id, ANY);
		expect(await secrets.list(ADA)).toEqual([]);
	});
});

describe('the key', () => {
	it('is made once, for its owner’s eyes only, and opens what was sealed before a restart', async () => {
		const file = folder.join('secret.key');
		expect(statSync(file).mode & 0o777).toBe(0o600);
		expect(readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
		const { id } = await secrets.create(ADA, { name: 'x', value: CANARY }, BY);
		expect(await (await open()).open(1, id)).toBe(CANARY);
	});

	it('that is another one, or gone, or damaged, is refused by the name of its file once something is sealed', async () => {
		const other = folder.join('other.key');
		writeFileSync(other, `${'ab'.repeat(32)}\n`);
		await expect(open(other)).resolves.toBeInstanceOf(Secrets);
		await secrets.create(ADA, { name: 'x', value: CANARY }, BY);
		await expect(open(other)).rejects.toThrow(`${other}: is another key`);
		await expect(open(folder.join('gone.key'))).rejects.toThrow('gone.key: is not there');
		expect(existsSync(folder.join('gone.key'))).toBe(false);
		writeFileSync(other, 'short');
		await expect(open(other)).rejects.toThrow('is no key of Millrace');
	});

	it('whose making was cut short is made anew', async () => {
		const file = folder.join('half.key');
		writeFileSync(`${file}.new`, 'ab', { mode: 0o644 });
		await open(file);
		expect(readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
		expect(statSync(file).mode & 0o777).toBe(0o600);
	});
});
