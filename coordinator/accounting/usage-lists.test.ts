import { afterEach, beforeEach, expect, it } from 'vitest';
import { usageByFileSchema, usageByTaskSchema } from '../../shared/protocol/usage-list.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { writeOperation } from '../database/operation.ts';
import { ACCOUNTING_OPERATIONS } from './operations.ts';
import { PriceBooks } from './price-books.ts';
import { Rollups } from './rollups.ts';
import { UsageCuts } from './usage-cuts.ts';
import { LOOKED_AT } from './usage-list-store.ts';
import { NOTHING_USED, OF_NO_TASK, prepareUsageRecord, type UsageRecord, usageRow } from './usage-record.ts';

const START = Date.parse('2026-03-01T00:00:00Z');
const NOW = START + 86_400_000;
const idOf = (prefix: string, seq: number): string => `${prefix}_${String(seq).padStart(26, '0')}`;

const insert = writeOperation('test.insert-usage', (db) => {
	const record = prepareUsageRecord(db);
	return (records: readonly UsageRecord[]) => {
		for (const one of records) record(usageRow(one));
	};
});
const insertMany = writeOperation('test.insert-many', (db) => (count: number) => {
	db.prepare(
		`INSERT INTO usage_records (at, owner_seq, kind, charged, requests)
		 WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
		 SELECT ${START + 60_000} + i, 1, 'requests', 1, 1 FROM n`,
	).run(count);
});
/** As if the records of a day were gone. */
const forgetDay = writeOperation('test.forget-day', (db) => (day: number) => {
	db.exec(`INSERT INTO usage_seals VALUES (${day}, 1, 1, 1, zeroblob(32), 0);
		INSERT INTO usage_purges VALUES (${day}, 1, 1, zeroblob(32), 0)`);
});
/** Tasks 1 to 5: two on a file in a folder, one on a file in the trash, one on somebody else's, one on none. */
const setUp = writeOperation('test.set-up', (db) => (_: null) => {
	const files = [
		[1, 1, 'deep.jpg', 2, null, null],
		[2, 1, 'gone.jpg', 0, 5, '/gone.jpg'],
		[3, 2, 'bob.jpg', 0, null, null],
	];
	db.exec(`INSERT INTO task_types (seq, name, version, manifest) VALUES (1, 'noop', 1, '{}');
	  INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
	    VALUES (1, 'usr_1', 'a', 'a', '', 'user', 0), (2, 'usr_2', 'b', 'b', '', 'user', 0);
	  INSERT INTO folders (seq, id, owner_seq, parent_seq, name, created_at)
	    VALUES (1, 'fol_1', 1, 0, 'a', 0), (2, 'fol_2', 1, 1, 'b', 0);`);
	const file = db.prepare(
		`INSERT INTO files (seq, id, owner_seq, name, folder_seq, trashed_at, trashed_from, version, created_at, modified_at)
		 VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0, 0)`,
	);
	for (const [seq, ...rest] of files) {
		file.run(seq, idOf('fil', seq as number), ...rest);
	}
	const task = db.prepare(
		`INSERT INTO tasks (seq, id, owner_seq, type_seq, state, routing_key, priority, parameters, inputs, file_seq, created_at, finished_at)
		 VALUES (?, ?, 1, 1, 'succeeded', 'n', 5, '{}', '[]', ?, 0, 1)`,
	);
	for (const [at, fileSeq] of [1, 1, 2, 3, null].entries()) task.run(at + 1, idOf('tsk', at + 1), fileSeq);
});

let folder: TempFolder;
let ledger: TestLedger;
let cuts: UsageCuts;
beforeEach(async () => {
	folder = new TempFolder();
	ledger = new TestLedger({
		file: folder.join('ledger.db'),
		operations: [...ACCOUNTING_OPERATIONS, insert, insertMany, forgetDay, setUp],
	});
	cuts = new UsageCuts({
		ledger,
		rollups: new Rollups({ ledger }),
		prices: new PriceBooks({ ledger }),
		now: () => NOW,
	});
	await ledger.write(setUp, null);
	const attempt = (taskSeq: number, amountMicro: number, more: Partial<UsageRecord> = {}): UsageRecord => ({
		...{ ...NOTHING_USED, ...OF_NO_TASK, kind: 'attempt', at: START + 5, ownerSeq: 1, taskType: 'noop', attempt: 1 },
		...{ taskSeq, amountMicro, wallUs: 1_500, userUs: 400, systemUs: 100, bytesIn: 3 },
		...more,
	});
	await ledger.write(insert, [
		...[attempt(1, 10), attempt(1, 5, { attempt: 2 }), attempt(2, 7), attempt(3, 9), attempt(4, 1), attempt(5, 2)],
		// A task that is not kept any more, the platform's own loss, another month, somebody else's, and no attempt at all.
		...[attempt(99, 4), attempt(2, 0, { charged: false }), attempt(2, 50, { at: START - 1 })],
		...[attempt(2, 50, { ownerSeq: 2 }), attempt(2, 50, { kind: 'upload', taskSeq: null, attempt: null })],
	]);
});
afterEach(async () => {
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const query = { from: '2026-03-01T00:00:00Z', limit: 10 };

it('tells what each task has used, over its attempts, the dearest first', async () => {
	const list = usageByTaskSchema.parse(await cuts.ownByTask(1, query));
	expect(list).toMatchObject({ since: null, left: 0, from: '2026-03-01T00:00:00.000Z' });
	expect(list.items.map(({ task, amountMicro, attempts, file }) => [task, amountMicro, attempts, file])).toEqual([
		[idOf('tsk', 1), 15, 2, 'deep.jpg'],
		[idOf('tsk', 3), 9, 1, 'gone.jpg'],
		[idOf('tsk', 2), 7, 1, 'deep.jpg'],
		[null, 4, 1, null],
		[idOf('tsk', 5), 2, 1, null],
		// What is somebody else's has no name here.
		[idOf('tsk', 4), 1, 1, null],
	]);
	expect(list.items[0]).toMatchObject({ type: 'noop', state: 'succeeded', wallMs: 3, cpuMs: 1, bytesIn: 6 });
	const short = await cuts.ownByTask(1, { ...query, limit: 2 });
	expect([short.items.length, short.left]).toEqual([2, 4]);
});

it('tells what was used for each file, by its path', async () => {
	const list = usageByFileSchema.parse(await cuts.ownByFile(1, query));
	expect(list.items.map(({ file, path, name, tasks, amountMicro }) => [file, path, name, tasks, amountMicro])).toEqual([
		[idOf('fil', 1), '/a/b/deep.jpg', 'deep.jpg', 2, 22],
		[idOf('fil', 2), null, 'gone.jpg', 1, 9],
		[null, null, null, 3, 7],
	]);
});

it('says from when on it has looked when there was too much', async () => {
	await ledger.write(insertMany, LOOKED_AT);
	const list = await cuts.ownByTask(1, query);
	expect(list).toMatchObject({ items: [], since: new Date(START + 60_000).toISOString() });
});

it('says from when on there are records, when the older ones are gone', async () => {
	await ledger.write(forgetDay, START - 86_400_000);
	expect((await cuts.ownByTask(1, query)).since).toBeNull();
	await ledger.write(forgetDay, START);
	expect((await cuts.ownByFile(1, query)).since).toBe(new Date(START + 86_400_000).toISOString());
});
