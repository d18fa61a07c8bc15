import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { auditOf, SYSTEM } from '../audit/doer.ts';
import { newId } from '../database/new-id.ts';
import { writeOperation } from '../database/operation.ts';
import { ACT_OPERATIONS, beginAct, finishAct, prepareActPart } from './act-store.ts';
import { Acts } from './acts.ts';

const addPart = writeOperation('test.add-part', (db) => {
	const add = prepareActPart(db);
	return (args: { act: number; seqs: number[] }) =>
		add({ act: args.act, changed: args.seqs.length, skipped: 1, notes: args.seqs.map((seq) => ({ seq, before: {} })) });
});

let folder: TempFolder;
let ledger: TestLedger;
let acts: Acts;
const running = new Set<string>();
const undone: string[] = [];

beforeEach(() => {
	folder = new TempFolder();
	ledger = new TestLedger({ file: folder.join('ledger.db'), operations: [...ACT_OPERATIONS, addPart] });
	running.clear();
	undone.length = 0;
	acts = new Acts({
		ledger,
		isRunning: (id) => running.has(id),
		undoUnderWay: () => null,
		undoers: new Map([
			[
				'tasks.hold',
				async ({ id }) => {
					undone.push(id);
					return { act: null, matched: 0, changed: 0, skipped: 0, done: true };
				},
			],
		]),
	});
});
afterEach(async () => {
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const begin = async (verb: string, at = Date.now()) => {
	const id = newId('act');
	const audit = { ...auditOf(SYSTEM, verb, 'x', { reason: 'y' }), at };
	return { id, seq: await ledger.write(beginAct, { id, audit, matched: 3 }) };
};

test('an act says how far it came: under way, cut, done', async () => {
	const { id, seq } = await begin('tasks.hold');
	running.add(id);
	await ledger.write(addPart, { act: seq, seqs: [1, 2] });
	expect(await acts.view(id)).toMatchObject({ state: 'running', matched: 3, changed: 2, skipped: 1, undoable: false });
	await expect(acts.undo(id, SYSTEM)).rejects.toMatchObject({ code: 'wrong-state' });
	running.clear();
	expect(await acts.view(id)).toMatchObject({ state: 'cut', undoable: true, detail: { reason: 'y' } });
	await ledger.write(finishAct, { act: seq, undoes: null, audit: auditOf(SYSTEM, 'tasks.hold.done', id) });
	expect(await acts.view(id)).toMatchObject({ state: 'done' });
	await acts.undo(id, SYSTEM);
	expect(undone).toEqual([id]);
});

test('what cannot be undone says so, and what to do instead', async () => {
	const { id } = await begin('queue.purge');
	await expect(acts.undo(id, SYSTEM)).rejects.toMatchObject({
		code: 'not-undoable',
		message: expect.stringContaining('Retry the cancelled tasks'),
	});
	await expect(acts.undo(newId('act'), SYSTEM)).rejects.toMatchObject({ code: 'not-found' });
});

test('of a large act 100,000 tasks are noted, and old acts are forgotten with all of them', async () => {
	const old = await begin('tasks.hold', Date.now() - 8 * 86_400_000);
	const fresh = await begin('tasks.hold');
	const many = (from: number) => Array.from({ length: 60_000 }, (_, i) => from + i);
	await ledger.write(addPart, { act: old.seq, seqs: many(0) });
	await ledger.write(addPart, { act: old.seq, seqs: many(60_000) });
	await ledger.write(addPart, { act: fresh.seq, seqs: [1] });
	const db = new Database(folder.join('ledger.db'));
	const noted = db.prepare('SELECT act_seq, count(*) FROM act_changes GROUP BY act_seq ORDER BY act_seq').raw();
	expect(noted.all()).toEqual([
		[old.seq, 100_000],
		[fresh.seq, 1],
	]);
	await acts.forgetOld(Date.now());
	expect(noted.all()).toEqual([[fresh.seq, 1]]);
	expect((await acts.list({ limit: 10 })).items.map(({ id }) => id)).toEqual([fresh.id]);
	db.close();
});

test('acts are listed newest first, page by page', async () => {
	const ids = [];
	for (let i = 0; i < 5; i++) ids.unshift((await begin('tasks.hold')).id);
	const first = await acts.list({ limit: 3 });
	const second = await acts.list({ limit: 3, cursor: first.nextCursor ?? undefined });
	expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
	expect(second.nextCursor).toBeNull();
	await expect(acts.list({ limit: 3, cursor: 'zzz' })).rejects.toMatchObject({ code: 'bad-cursor' });
});
