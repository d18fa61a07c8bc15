import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CodedError } from '../../shared/coded-error.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { ACT_OPERATIONS, listActs } from '../acts/act-store.ts';
import { Acts } from '../acts/acts.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import { createLogger } from '../report/logger.ts';
import { ActParts } from './act-parts.ts';
import { alterTasks, undoAlterations } from './alter-store.ts';
import { cancelTasks } from './cancel-store.ts';
import { QUEUE_OPERATIONS } from './operations.ts';
import type { Queues } from './queues.ts';
import type { Steering } from './steering.ts';
import { TaskActs, UNDOABLE_TASK_ACTS } from './task-acts.ts';
import { TaskMatcher } from './task-matcher.ts';

/** More than one part of an act holds. */
const TASKS = 700;
const OLGA = { actor: 'usr_olga', address: '' };
const PAUL = { actor: 'usr_paul', address: '' };

let folder: TempFolder;
let ledger: TestLedger;
let db: Database.Database;

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	folder = new TempFolder();
	const file = folder.join('ledger.db');
	ledger = new TestLedger({ file, operations: [...QUEUE_OPERATIONS, ...ACT_OPERATIONS] });
	db = new Database(file);
	db.prepare(
		`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
		 VALUES (1, ?, 'a', 'a', 'x', 'user', 0)`,
	).run(newId('user'));
	db.prepare(`INSERT INTO task_types (seq, name, version, manifest) VALUES (1, 'noop', 1, '{}')`).run();
	const insert = db.prepare(
		`INSERT INTO tasks (id, owner_seq, type_seq, state, routing_key, priority, parameters, inputs, created_at, queued_at)
		 VALUES (?, 1, 1, 'queued', 'normal.x', 4, '{}', '[]', 0, 0)`,
	);
	db.transaction(() => {
		for (let i = 0; i < TASKS; i++) insert.run(newId('task'));
	})();
});
afterEach(async () => {
	vi.useRealTimers();
	db.close();
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

/**
 * One run of the coordinator, in which of every undo so many parts are written and the next one waits until it is let on.
 * So many parts of alterations are written until the disk is full.
 */
const startRun = (passing: number, roomFor = Number.POSITIVE_INFINITY) => {
	let left = passing;
	let room = roomFor;
	let letOn = (): void => {};
	const going = new Promise<void>((resolve) => {
		letOn = resolve;
	});
	let onHeld = (): void => {};
	const held = new Promise<void>((resolve) => {
		onHeld = resolve;
	});
	const slow: Ledger = {
		read: (operation, args) => ledger.read(operation, args),
		async write(operation, args) {
			if (operation.name === undoAlterations.name && left-- <= 0) {
				onHeld();
				await going;
			}
			if (operation.name === alterTasks.name && room-- <= 0) throw new CodedError('disk-full');
			return ledger.write(operation, args);
		},
		[Symbol.asyncDispose]: async () => {},
	};
	const steering = { altered: () => {}, cancelled: async () => {}, queuedAgain: () => {} } as unknown as Steering;
	const queues = { targetOf: () => ({ queue: 'q', draining: false }) } as unknown as Queues;
	const taskActs = new TaskActs({
		ledger: slow,
		logger: createLogger('silent'),
		matcher: new TaskMatcher({ ledger: slow, route: () => 'q', classOf: () => 'standard' }),
		parts: new ActParts({ ledger: slow, steering, writeClaims: async () => {} }),
		queues,
	});
	const acts = new Acts({
		ledger: slow,
		isRunning: (id) => taskActs.isRunning(id),
		undoUnderWay: (act) => taskActs.undoUnderWay(act),
		undoers: new Map(UNDOABLE_TASK_ACTS.map((verb) => [verb, (act, by) => taskActs.undo(act, by)])),
	});
	const move = async (ids: string[] | null, routingKey: string) => {
		const what = ids ? { ids } : { filter: { type: 'noop' } };
		const answer = await taskActs.steer({ verb: 'move', ...what, routingKey, force: false, dryRun: false }, OLGA);
		return answer.act as string;
	};
	return { acts, taskActs, held, letOn: () => letOn(), move };
};

const idsWithKey = (key: string): string[] =>
	db.prepare('SELECT id FROM tasks WHERE routing_key = ? ORDER BY seq').pluck().all(key) as string[];

test('an undo that takes long is not begun a second time, and is told by its id', async () => {
	const run = startRun(1);
	const moved = await run.move(null, 'other.x');
	const first = run.acts.undo(moved, OLGA);
	await expect(run.acts.undo(moved, PAUL), 'before it has begun').rejects.toMatchObject({ code: 'undo-under-way' });
	await run.held;
	await vi.advanceTimersByTimeAsync(2_000);
	const answer = await first;
	expect(answer).toMatchObject({ matched: TASKS, changed: 500, done: false });
	await expect(run.acts.undo(moved, PAUL)).rejects.toMatchObject({
		code: 'undo-under-way',
		status: 409,
		message: expect.stringContaining(answer.act as string),
	});
	expect(await run.acts.view(moved)).toMatchObject({ undoable: false, undone: null });
	run.letOn();
	while (run.taskActs.isRunning(answer.act as string)) await new Promise((resolve) => setImmediate(resolve));
	expect(await run.acts.view(moved)).toMatchObject({ undone: { by: OLGA.actor } });
	expect(idsWithKey('normal.x')).toHaveLength(TASKS);
	const verbs = (await run.acts.list({ limit: 10 })).items.map(({ verb }) => verb);
	expect(verbs, 'one undo').toEqual(['tasks.move.undo', 'tasks.move']);
	await expect(run.acts.undo(moved, PAUL)).rejects.toMatchObject({ code: 'wrong-state' });
});

test('an undo that was cut by a restart is asked for again and does only the rest', async () => {
	const killed = startRun(1);
	const moved = await killed.move(null, 'other.x');
	void killed.acts.undo(moved, OLGA);
	await killed.held;
	expect(idsWithKey('normal.x')).toHaveLength(500);

	const run = startRun(Number.POSITIVE_INFINITY);
	expect(await run.acts.view(moved)).toMatchObject({ undoable: true, undone: null });
	// Said after the first try: it is not what the act said, though it looks the same.
	const again = idsWithKey('normal.x').slice(0, 1);
	await run.move(again, 'other.x');
	expect(await run.acts.undo(moved, PAUL)).toMatchObject({ matched: 200, changed: 200, skipped: 0, done: true });
	expect(idsWithKey('other.x')).toEqual(again);
	expect(await run.acts.view(moved)).toMatchObject({ undone: { by: PAUL.actor } });
});

test('what was undone while the request for it was read is not undone again', async () => {
	const run = startRun(Number.POSITIVE_INFINITY);
	const moved = await run.move(null, 'other.x');
	const [stale] = await ledger.read(listActs, { before: null, limit: 1 });
	await run.acts.undo(moved, OLGA);
	await expect(run.taskActs.undo(stale!, PAUL)).rejects.toMatchObject({ code: 'wrong-state' });
});

test('an act that is cut by a full disk says how far it came, and the same again does the rest', async () => {
	const full = startRun(0, 1);
	await expect(full.move(null, 'other.x')).rejects.toMatchObject({
		code: 'disk-full',
		message: expect.stringMatching(/act act_\w+ was cut after 500 of 700 tasks.*the same again does the rest/),
	});
	const run = startRun(0);
	await run.move(null, 'other.x');
	expect(idsWithKey('other.x')).toHaveLength(TASKS);
	const changed = (await run.acts.list({ limit: 10 })).items.map((act) => [act.state, act.changed, act.skipped]);
	expect(changed).toEqual([
		['done', 200, 500],
		['cut', 500, 0],
	]);
});

test('an undone cancel queues again what it cancelled, but for what somebody has said more about or waited', async () => {
	const run = startRun(Number.POSITIVE_INFINITY);
	const [first, second] = idsWithKey('normal.x');
	const set = (id: string | undefined, how: string) => db.prepare(`UPDATE tasks SET ${how} WHERE id = ?`).run(id);
	set(first, `state = 'waiting', due_at = 9e12`);
	const all = { filter: { type: 'noop' }, force: false };
	const counted = await run.taskActs.steer({ verb: 'cancel', ...all, dryRun: true, countTo: 10 }, OLGA);
	expect(counted, 'no further than asked').toMatchObject({ act: null, matched: 11, changed: 0 });
	const { act } = await run.taskActs.steer({ verb: 'cancel', ...all, dryRun: false }, OLGA);
	set(second, 'cancel_at = 1');
	const undone = await run.acts.undo(act as string, OLGA);
	expect(undone).toMatchObject({ matched: TASKS, changed: TASKS - 2, skipped: 1, done: true });
	const states = db.prepare('SELECT state, count(*) AS count FROM tasks GROUP BY state ORDER BY state').all();
	expect(states).toEqual([
		{ state: 'cancelled', count: 2 },
		{ state: 'queued', count: TASKS - 2 },
	]);
	await expect(run.acts.undo(act as string, OLGA)).rejects.toMatchObject({ code: 'wrong-state' });
});

test('a cancel is not undone while a task of it still stops, and not where its owner has cancelled it since', async () => {
	const run = startRun(Number.POSITIVE_INFINITY);
	const [first, second] = idsWithKey('normal.x') as [string, string];
	const set = (id: string, how: string) => db.prepare(`UPDATE tasks SET ${how} WHERE id = ?`).run(id);
	for (const id of [first, second]) set(id, `state = 'running', lease_token = 't', lease_node = 'nod_1'`);
	const what = { ids: [first, second], force: false, dryRun: false };
	const { act } = await run.taskActs.steer({ verb: 'cancel', ...what }, OLGA);
	await expect(run.acts.undo(act as string, OLGA)).rejects.toMatchObject({
		code: 'wrong-state',
		message: expect.stringContaining('2 tasks of this act are still stopping'),
	});
	expect(await run.acts.view(act as string)).toMatchObject({ undoable: true, undone: null });

	const { seq } = db.prepare('SELECT seq FROM tasks WHERE id = ?').get(second) as { seq: number };
	const own = { act: null, seqs: [seq], now: Date.now() + 60_000, onlyUnrun: false };
	expect(await ledger.write(cancelTasks, own)).toMatchObject({ asked: [second], why: 'same' });
	const ended = `state = 'cancelled', finished_at = 1, lease_token = NULL, lease_node = NULL`;
	await expect(run.acts.undo(act as string, OLGA)).rejects.toMatchObject({
		message: expect.stringMatching(/^1 task /),
	});
	for (const id of [first, second]) set(id, ended);
	expect(await run.acts.undo(act as string, OLGA)).toMatchObject({ matched: 2, changed: 1, skipped: 1, done: true });
	const states = [first, second].map((id) => db.prepare('SELECT state FROM tasks WHERE id = ?').pluck().get(id));
	expect(states).toEqual(['queued', 'cancelled']);
});

test('what its owner cancels too stays cancelled when an operator takes back having cancelled it', async () => {
	const run = startRun(Number.POSITIVE_INFINITY);
	const [first, second] = idsWithKey('normal.x') as [string, string];
	const { act } = await run.taskActs.steer({ verb: 'cancel', ids: [first, second], force: false, dryRun: false }, OLGA);
	const find = db.prepare('SELECT seq, version, cancel_at AS cancelAt FROM tasks WHERE id = ?');
	const before = find.get(second) as { seq: number; version: number; cancelAt: number };
	// In the same millisecond, too.
	const own = { act: null, seqs: [before.seq], now: before.cancelAt, onlyUnrun: false };
	expect(await ledger.write(cancelTasks, own)).toMatchObject({ ended: [], asked: [], skipped: 1, why: 'same' });
	expect(await run.acts.undo(act as string, OLGA)).toMatchObject({ matched: 2, changed: 1, skipped: 1 });
	const states = [first, second].map((id) => db.prepare('SELECT state FROM tasks WHERE id = ?').pluck().get(id));
	expect(states).toEqual(['queued', 'cancelled']);
});
