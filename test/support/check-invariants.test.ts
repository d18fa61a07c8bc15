import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../coordinator/database/migrate.ts';
import { openDatabase } from '../../coordinator/database/open.ts';
import { invariantViolations } from './check-invariants.ts';
import { History } from './history.ts';
import { TempFolder } from './temp-folder.ts';

let folder: TempFolder;
let db: Database.Database;
const content = Buffer.from('content');
const sha256 = createHash('sha256').update(content).digest('hex');

const blobFile = (hash: string): string => {
	const file = folder.join('blobs', hash.slice(0, 2), hash);
	mkdirSync(dirname(file), { recursive: true });
	return file;
};

/** A ledger in which everything is as it should be: one task that succeeded, one file. */
beforeEach(() => {
	folder = new TempFolder();
	db = openDatabase(folder.join('ledger.db'));
	migrate(db);
	db.exec(`
		INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
		VALUES (1, 'usr_1', 'ann', 'ann', 'x', 'user', 0);
		INSERT INTO task_types (seq, name, version, manifest) VALUES (1, 'noop', 1, '{}');
		INSERT INTO tasks (seq, id, owner_seq, type_seq, state, routing_key, priority, parameters, inputs, created_at,
		                   finished_at, attempt)
		VALUES (1, 'tsk_1', 1, 1, 'succeeded', 'normal.noop', 4, '{}', '[]', 0, 5, 1);
		INSERT INTO attempts VALUES (1, 1, 'nod_1', 't', 'succeeded', NULL, 1, 5, 1);
		INSERT INTO usage_records (at, owner_seq, kind, task_seq, attempt, charged, wall_us, user_us)
		VALUES (5, 1, 'attempt', 1, 1, 1, 4, 1);
		DROP TRIGGER usage_records_kept;
		INSERT INTO blobs VALUES (1, x'${sha256}', ${content.length}, 1, NULL);
		INSERT INTO files (seq, id, owner_seq, folder_seq, name, version, created_at, modified_at)
		VALUES (1, 'fil_1', 1, 0, 'a', 1, 0, 0);
		INSERT INTO file_versions (file_seq, number, blob_seq, created_at, created_by) VALUES (1, 1, 1, 0, 1);`);
	writeFileSync(blobFile(sha256), content);
});
afterEach(async () => {
	db.close();
	await folder[Symbol.asyncDispose]();
});

const violations = (history?: History, settled = true) =>
	invariantViolations({ data: folder.path, settled, ...(history ? { history } : {}) });

test('nothing is found where nothing is wrong', async () => {
	const history = new History();
	await history.submit(async () => ({ id: 'tsk_1' }));
	const file = { id: 'fil_1', version: 1, sha256, size: content.length };
	await history.upload(async () => ({ file, tasks: [{ id: 'tsk_1' }] }));
	expect(await violations(history)).toEqual([]);
});

test('an acknowledged task or file that is not there is found', async () => {
	const history = new History();
	await history.submit(async () => ({ ids: ['tsk_1', 'tsk_lost'] }));
	const file = { id: 'fil_1', version: 1, sha256: sha256.replace(/^./, 'x'), size: 7 };
	await history.upload(async () => ({ file, tasks: [] }));
	const [found, ...more] = await violations(history);
	expect(found).toMatch(/^I1 .*: 2 broken.*task tsk_lost.*file fil_1 version 1/);
	expect(more).toEqual([]);
});

const BREAKS: [rule: RegExp, sql: string][] = [
	[/^I2 .*at most one/, "INSERT INTO attempts VALUES (1, 2, 'nod_2', 'u', 'succeeded', NULL, 1, 5, NULL)"],
	[/^I2 .*at most one/, "UPDATE tasks SET state = 'failed'"],
	[/^I2 .*newest attempt/, 'UPDATE tasks SET attempt = 2'],
	[/^I3 only a task/, "UPDATE tasks SET state = 'failed'; INSERT INTO task_outputs VALUES (1, 'o', 1, 'text/plain')"],
	[/^I4 every attempt/, 'DELETE FROM usage_records'],
	[
		/^I4 every attempt/,
		`INSERT INTO usage_records (at, owner_seq, kind, task_seq, attempt, charged, wall_us, user_us)
		VALUES (5, 1, 'attempt', 1, 1, 1, 4, 1)`,
	],
	[/^I4 no usage without/, 'DELETE FROM attempts'],
	[/^I4 roll-ups are the sum/, 'UPDATE usage_rollup_sets SET folded_seq = 1'],
	[
		/^I4 roll-ups of days/,
		`INSERT INTO usage_rollups SELECT 1, value, 0, 1, 0, 0, 0, 0, 0, 1, 1 + value, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
		FROM json_each('[0, 1]')`,
	],
	[/^I4 attempts are numbered/, 'UPDATE tasks SET attempt = 3'],
	[/^I4 failures and losses/, 'UPDATE tasks SET losses = 1'],
	[/^I5 what a task waits for/, "UPDATE tasks SET state = 'waiting', finished_at = NULL, blockers = 2"],
	[/^I5 nothing is open/, "UPDATE tasks SET state = 'queued', finished_at = NULL"],
	[
		/^L2 what properties/,
		"INSERT INTO drive_properties (owner_seq, file_seq, namespace, name, value) VALUES (1, 1, 'n', 'a', 'v'); UPDATE drive_property_use SET bytes = 0",
	],
	[/^I6 references/, 'UPDATE blobs SET refs = 2'],
	[/^I3 every blob/, `INSERT INTO blobs VALUES (2, x'${'ab'.repeat(32)}', 1, 1, NULL)`],
];

test.each(BREAKS)('finds %s', async (rule, sql) => {
	db.exec(sql);
	expect((await violations()).join('\n')).toMatch(new RegExp(rule.source, 'm'));
});

test('finds other bytes, blobs without a row and what is left in staging', async () => {
	writeFileSync(blobFile(sha256), 'contenT');
	writeFileSync(blobFile('cd'.repeat(32)), 'orphan');
	mkdirSync(folder.join('staging'));
	writeFileSync(folder.join('staging', 'half'), 'ha');
	const found = (await violations()).join('\n');
	expect(found).toMatch(/I3 every blob has its bytes: 1/);
	expect(found).toMatch(/I6 every file in the blob store has its row: 1/);
	expect(found).toMatch(/I6 nothing is left in staging: 1/);
});

test('open work is no fault while work goes on', async () => {
	db.exec(
		"UPDATE tasks SET state = 'queued', finished_at = NULL, attempt = 0; DELETE FROM attempts; DELETE FROM usage_records",
	);
	expect(await violations(undefined, false)).toEqual([]);
});

test('a job that has lost count of its tasks is found', async () => {
	db.exec(`INSERT INTO jobs (id, owner_seq, cause, title, wish, state, tasks, succeeded, created_at, finished_at, fed_at)
		VALUES ('job_1', 1, 'demand', 'x', '{}', 'done', 1, 1, 0, 5, 0)`);
	expect(await violations()).toEqual([expect.stringContaining('J1 a job counts its tasks as they are: 1 broken')]);
	db.exec('UPDATE tasks SET job_seq = 1');
	expect(await violations()).toEqual([]);
});

test('a trigger that has made more or less than it says is found', async () => {
	db.exec(`INSERT INTO trigger_firings (trigger_seq, file_seq, version, event, state, tasks, at)
		VALUES (1, 1, 1, 'upload', 'fired', 1, 0)`);
	expect(await violations()).toEqual([expect.stringContaining('J2 what a trigger has fired')]);
	db.exec(`UPDATE tasks SET file_seq = 1, inputs = '[{"version":1}]';
		INSERT INTO task_origins (task_seq, cause, trigger_seq) VALUES (1, 'upload', 1)`);
	expect(await violations()).toEqual([]);
});
