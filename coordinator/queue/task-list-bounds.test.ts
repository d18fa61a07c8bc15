import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taskListQuerySchema } from '../../shared/protocol/task.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { InlineLedger } from '../database/inline-ledger.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId, timeInId } from '../database/new-id.ts';
import type { ReadOperation } from '../database/operation.ts';
import { causeOf, groupOf } from './cause-of.ts';
import { QUEUE_OPERATIONS } from './operations.ts';
import { type Extent, listTasks, type TaskFilter } from './task-list-store.ts';
import { TaskReader } from './task-reader.ts';

const ROWS = 120_000;
const MOST = 20_000;
const PAGE = 50;
const AT = Date.parse('2026-03-01T00:00:00Z');
const ADA = newId('user');
const BOB = newId('user');
const CARL = newId('user');

/** What the rows of each walk are, said a second time. */
const WHERE: Record<Extent['by'], string> = {
	all: 'TRUE',
	owner: 'owner_seq = @ownerSeq',
	file: 'file_seq = @fileSeq',
	job: 'job_seq = @jobSeq',
	budget: 'seq IN (SELECT task_seq FROM budget_waits WHERE budget_seq = @budgetSeq)',
	held: 'held_at IS NOT NULL AND finished_at IS NULL',
	troubled: `state IN ('failed', 'quarantined', 'retrying')`,
	open: 'finished_at IS NULL',
};

let folder: TempFolder;
let inner: InlineLedger;
let db: Database.Database;
let reader: TaskReader;
/** Rows that lay before each reading of a list, by what it says of itself. */
let looked: number;
let worst: number;

beforeAll(() => {
	folder = new TempFolder();
	const file = folder.join('ledger.db');
	inner = new InlineLedger({ file, operations: QUEUE_OPERATIONS });
	db = new Database(file);
	// The newest rows are all alike; what is sought is at the very beginning: a tenth of all is open, failed, of ada, of one
	// file, of one job, each tenth by itself.
	db.exec(`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
			VALUES (1, '${ADA}', 'a', 'a', 'x', 'user', 0), (2, '${BOB}', 'b', 'b', 'x', 'user', 0);
		INSERT INTO task_types (seq, name, version, manifest) VALUES (1, 'noop', 1, '{}'), (2, 'rare', 1, '{}');
		INSERT INTO routing_keys (owner_seq, key) VALUES (1, 'rare.x'), (1, 'normal.x'), (2, 'rare.x'), (2, 'normal.x');
		INSERT INTO nodes (id, name, public_key, token_id, created_at) VALUES ('nod_1', 'vm-1', zeroblob(32), 't', 0);
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
		INSERT INTO tasks (id, owner_seq, type_seq, state, routing_key, priority, parameters, inputs, created_at, finished_at,
		                   file_seq, error_code, error_message, held_at, held_by)
		SELECT printf('tsk_${timeInId(AT)}%016d', i), iif(i % 5 = 0, 2, 1), iif(i < 20, 2, 1),
			CASE i % 3 WHEN 0 THEN 'succeeded' WHEN 1 THEN 'failed' ELSE 'queued' END, iif(i < 20, 'rare.x', 'normal.x'), 4,
			'{}', '[]', ${AT}, iif(i % 3 = 2, NULL, ${AT}), iif(i % 5 = 1, 1, NULL),
			iif(i < 20, 'io', 'net'), 'no such host', iif(i % 30 = 2, 1, NULL), iif(i % 30 = 2, '${ADA}', NULL) FROM n`);
	const counting: Ledger = {
		async read<A, R>(operation: ReadOperation<A, R>, args: A): Promise<R> {
			const answer = await inner.read(operation, args);
			if (operation.name === listTasks.name) note(args as TaskFilter, answer as { rows: unknown[]; extent: Extent });
			return answer;
		},
		write: (operation, args) => inner.write(operation, args),
		[Symbol.asyncDispose]: async () => {},
	};
	reader = new TaskReader({
		ledger: counting,
		classOf: (owner: number) => (owner === 2 ? 'premium' : 'standard'),
		scheduler: { route: (key: string) => key.split('.', 1)[0] },
		types: { bySeq: () => ({ name: 'noop', version: 1 }) },
		queue: { writeClaims: async () => {}, findLease: () => undefined },
		nodeName: () => 'vm-1',
		whyPaused: () => null,
		whyResting: () => [],
	} as unknown as ConstructorParameters<typeof TaskReader>[0]);
}, 120_000);
afterAll(async () => {
	db.close();
	await inner[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

/** How many rows a reading has gone through: down to its last one where it is full, else to where it says that it went. */
const note = (filter: TaskFilter, { rows, extent }: { rows: unknown[]; extent: Extent }): void => {
	const { ownerSeq, fileSeq, jobSeq, beforeSeq, limit } = filter;
	const last = (rows.at(-1) as { seq: number } | undefined)?.seq;
	const from = rows.length === limit && last !== undefined ? last : (extent.floorSeq ?? 0);
	const count = db.prepare(
		`SELECT count(*) FROM tasks WHERE ${WHERE[extent.by]} AND seq >= @from AND seq < @before
		 AND (@ownerSeq IS NULL OR TRUE) AND (@fileSeq IS NULL OR TRUE) AND (@jobSeq IS NULL OR TRUE)`,
	);
	const before = beforeSeq ?? Number.MAX_SAFE_INTEGER;
	looked += count.pluck().get({ ownerSeq, fileSeq, jobSeq, from, before }) as number;
};

const STATES = [
	undefined,
	'succeeded',
	'failed',
	'queued',
	'running',
	'open',
	'held',
	'final',
	'unsuccessful',
] as const;
const NARROW = {
	type: { type: 'rare' },
	queue: { queue: 'rare' },
	'no queue': { queue: 'nowhere' },
	person: { owner: BOB },
	error: { errorCode: 'io' },
	class: { serviceClass: 'premium' },
	'no class': { serviceClass: 'gone' },
	node: { node: 'vm-1' },
	cause: { cause: groupOf(causeOf('noop', 'io', 'no such host').key) },
	time: { after: new Date(AT).toISOString(), before: new Date(AT + 1).toISOString() },
	'type and person': { type: 'rare', owner: BOB },
	'type and class': { type: 'rare', serviceClass: 'premium' },
	'queue and no class': { queue: 'normal', serviceClass: 'gone' },
} as const;

describe('a page of everybody’s tasks looks at so many rows and no more', () => {
	it.each(Object.entries(NARROW))(
		'by %s, whatever their state',
		async (_, narrow) => {
			for (const state of STATES) {
				worst = 0;
				const found: string[] = [];
				let cursor: string | undefined;
				for (let pages = 0; pages < 3; pages++) {
					looked = 0;
					const query = taskListQuerySchema.parse({
						limit: PAGE,
						...(state ? { state } : {}),
						...narrow,
						...(cursor ? { cursor } : {}),
					});
					const page = await reader.list(query, null);
					worst = Math.max(worst, looked);
					found.push(...page.items.map(({ id }) => id));
					if (page.nextCursor === null) break;
					cursor = page.nextCursor;
				}
				expect(worst, `${state}`).toBeLessThanOrEqual(MOST + PAGE + 1);
				expect(new Set(found).size).toBe(found.length);
			}
		},
		300_000,
	);
});

it('what is narrowed down is found whole, page after page', async () => {
	const all = async (query: object): Promise<number> => {
		let found = 0;
		for (let cursor: string | undefined; ; ) {
			const page = await reader.list(
				taskListQuerySchema.parse({ limit: 7, ...query, ...(cursor ? { cursor } : {}) }),
				null,
			);
			found += page.items.length;
			if (page.nextCursor === null) return found;
			cursor = page.nextCursor;
		}
	};
	expect(await all({ type: 'rare' })).toBe(19);
	expect(await all({ queue: 'rare', state: 'open' })).toBe(6);
	expect(await all({ type: 'rare', owner: BOB, state: 'failed' })).toBe(1);
	expect(await all({ type: 'rare', serviceClass: 'premium' })).toBe(3);
	expect(await all({ type: 'rare', state: 'held' })).toBe(1);
});

it('a person’s few open tasks are on the first page, however many of others are open or of their own are over', async () => {
	db.exec(`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
			VALUES (3, '${CARL}', 'c', 'c', 'x', 'user', 0);
		UPDATE tasks SET owner_seq = 3 WHERE seq IN (2, 5, 8, 9)`);
	const page = await reader.list(taskListQuerySchema.parse({ limit: PAGE, state: 'open' }), 3);
	expect([page.items.length, page.nextCursor]).toEqual([3, null]);
});

it('every walk is a range of its own index', () => {
	const asked: string[] = [];
	const watched = new Proxy(db, {
		get: (target, name) =>
			name === 'prepare'
				? (sql: string) => {
						asked.push(sql);
						return target.prepare(sql);
					}
				: Reflect.get(target, name),
	});
	listTasks.prepare(watched);
	const names = [...new Set(asked.join('\n').match(/@\w+/g))].map((name) => [name.slice(1), null]);
	const planOf = (sql: string) => {
		const values = sql.includes('?') ? [null] : [Object.fromEntries(names)];
		const lines = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
		return lines.map(({ detail }) => detail);
	};
	const plans = asked.map((sql) => planOf(sql));
	for (const plan of plans) expect(plan.join('; ')).not.toMatch(/SCAN (t|l|tasks)\b|TEMP B-TREE/);
	const ranges = plans.flatMap((plan) => {
		const waits = plan.filter((line) => /SEARCH w /.test(line));
		return waits.length > 0 ? waits : plan.filter((line) => /SEARCH t /.test(line));
	});
	for (const line of ranges) expect(line).toMatch(/(rowid|task_seq|seq)>\? AND (rowid|task_seq|seq)<\?/);
	const own = ['of_owner', 'of_file', 'of_job', 'held', 'troubled', 'open'].map((name) => `tasks_${name}`);
	for (const index of [...own, 'budget_waits_of_budget']) {
		expect(
			ranges.filter((line) => line.includes(`${index} `)),
			index,
		).toHaveLength(2);
	}
});
