import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TaskListQuery, taskListQuerySchema } from '../../shared/protocol/task.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { newId } from '../database/new-id.ts';
import { causeOf, groupOf } from './cause-of.ts';
import { QUEUE_OPERATIONS } from './operations.ts';
import { TaskMatcher } from './task-matcher.ts';
import { TaskReader } from './task-reader.ts';

const HOUR = 3_600_000;
const BEGAN = Date.parse('2026-03-01T00:00:00Z');
const FAILED = 1_200;

let folder: TempFolder;
let ledger: TestLedger;
let reader: TaskReader;
let matcher: TaskMatcher;

beforeEach(() => {
	folder = new TempFolder();
	const file = folder.join('ledger.db');
	ledger = new TestLedger({ file, operations: QUEUE_OPERATIONS });
	const db = new Database(file);
	db.exec(`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
		VALUES (1, '${newId('user')}', 'a', 'a', 'x', 'user', 0), (2, '${newId('user')}', 'b', 'b', 'x', 'user', 0);
		INSERT INTO task_types (seq, name, version, manifest) VALUES (1, 'noop', 1, '{}');
		INSERT INTO nodes (id, name, public_key, token_id, created_at) VALUES ('nod_1', 'vm-1', zeroblob(32), 't', 0)`);
	const insert = db.prepare(
		`INSERT INTO tasks (id, owner_seq, type_seq, state, routing_key, priority, parameters, inputs, created_at, finished_at,
		                    error_code, error_message)
		 VALUES (?, ?, 1, ?, 'normal.x', 4, '{}', '[]', ?, ?, ?, ?)`,
	);
	const attempt = db.prepare(`INSERT INTO attempts VALUES (?, 1, 'nod_1', 't', 'failed', NULL, 0, 0, NULL)`);
	db.transaction(() => {
		for (let i = 0; i < FAILED; i++) {
			const at = BEGAN + i * HOUR;
			// Every twelfth is for a cause of its own, every hundredth of another person and on the node.
			const message = i % 12 === 0 ? `cannot read /x/${i}` : 'no such host';
			const code = i % 12 === 0 ? 'io' : 'net';
			const who = i % 100 === 0 ? 2 : 1;
			const { lastInsertRowid } = insert.run(newId('task', at), who, 'failed', at, at + 1, code, message);
			if (who === 2) attempt.run(lastInsertRowid);
		}
		insert.run(newId('task', BEGAN + FAILED * HOUR), 1, 'queued', BEGAN + FAILED * HOUR, null, null, null);
	})();
	db.close();
	const classOf = (owner: number) => (owner === 2 ? 'premium' : 'standard');
	const route = () => 'normal';
	matcher = new TaskMatcher({ ledger, route, classOf });
	reader = new TaskReader({
		ledger,
		classOf,
		scheduler: { route },
		types: { bySeq: () => ({ name: 'noop', version: 1 }) },
		queue: { writeClaims: async () => {}, findLease: () => undefined },
		nodeName: () => 'vm-1',
		whyPaused: () => null,
		whyResting: () => [],
	} as unknown as ConstructorParameters<typeof TaskReader>[0]);
});
afterEach(async () => {
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const listed = async (query: Partial<TaskListQuery>) => {
	const found: string[] = [];
	let cursor: string | undefined;
	do {
		const page = await reader.list(
			taskListQuerySchema.parse({ limit: 37, ...query, ...(cursor ? { cursor } : {}) }),
			null,
		);
		found.push(...page.items.map(({ createdAt }) => createdAt));
		cursor = page.nextCursor ?? undefined;
	} while (cursor !== undefined);
	expect(new Set(found).size, 'each once').toBe(found.length);
	expect(found, 'newest first').toEqual([...found].sort().reverse());
	return found.length;
};

test('a list is narrowed by what the ledger knows and by what only the memory does, page after page', async () => {
	const io = groupOf(causeOf('noop', 'io', 'cannot read /x/7').key);
	expect(await listed({})).toBe(FAILED + 1);
	expect(await listed({ errorCode: 'io' })).toBe(100);
	expect(await listed({ cause: io })).toBe(100);
	expect(await listed({ cause: '0'.repeat(16) })).toBe(0);
	expect(await listed({ serviceClass: 'premium' })).toBe(12);
	expect(await listed({ serviceClass: 'premium', cause: io })).toBe(4);
	expect(await listed({ node: 'vm-1' })).toBe(12);
	expect(await listed({ node: 'nowhere' })).toBe(0);
	const at = (hours: number) => new Date(BEGAN + hours * HOUR).toISOString();
	expect(await listed({ after: at(10), before: at(20) })).toBe(10);
	expect(await listed({ after: at(FAILED + 1) })).toBe(0);
	expect(await listed({ before: at(0) })).toBe(0);
	expect(await listed({ before: at(9_999_999) })).toBe(FAILED + 1);
});

test('what an act is on is what the list with the same filter shows', async () => {
	expect(await matcher.byFilter('retry', { node: 'vm-1' })).toHaveLength(12);
	expect(await matcher.byFilter('retry', { state: 'unsuccessful', errorCode: 'io' })).toHaveLength(100);
	expect(await matcher.byFilter('retry', { state: 'open', type: 'noop' }), 'nothing open is retried').toEqual([]);
	expect(await matcher.byFilter('cancel', { state: 'open' })).toHaveLength(1);
	expect(await matcher.byFilter('cancel', { state: 'held' })).toEqual([]);
	expect(await matcher.byFilter('retry', { type: 'noop' }, 50), 'and says that there are more').toHaveLength(51);
});

test('a look for what no index knows goes so far at a time, and not at all for a node that there is not', async () => {
	const db = new Database(folder.join('ledger.db'));
	db.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
		INSERT INTO tasks (id, owner_seq, type_seq, state, routing_key, priority, parameters, inputs, created_at, finished_at,
		                   error_code)
		SELECT printf('tsk_%026d', i), 1, 1, 'failed', 'normal.x', 4, '{}', '[]', ${BEGAN + 2 * FAILED * HOUR}, 9000000000000000, 'net' FROM n`);
	db.close();
	for (const [query, many] of [
		[{ node: 'vm-1' }, 12],
		[{ errorCode: 'io' }, 100],
	] as const) {
		const first = await reader.list(taskListQuerySchema.parse({ limit: 37, ...query }), null);
		expect(first).toEqual({ items: [], nextCursor: expect.any(String) });
		expect(await listed(query)).toBe(many);
	}
	const nowhere = await reader.list(taskListQuerySchema.parse({ node: 'nowhere' }), null);
	expect(nowhere).toEqual({ items: [], nextCursor: null });
});
