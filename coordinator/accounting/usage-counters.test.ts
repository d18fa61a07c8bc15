import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { UsageMetric } from '../../shared/protocol/usage-metric.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { writeOperation } from '../database/operation.ts';
import { countUsage } from './counter-store.ts';
import { ACCOUNTING_OPERATIONS } from './operations.ts';
import { UsageCounters } from './usage-counters.ts';
import { NOTHING_USED, OF_NO_TASK, prepareUsageRecord, type UsageRecord, usageRow } from './usage-record.ts';

const START = Date.parse('2026-03-01T00:00:00Z');
const userOf = (seq: number): string => `usr_0000000000000000000000000${seq}`;

/** Records with how their attempts ended. */
const insert = writeOperation('test.insert-usage', (db) => {
	const record = prepareUsageRecord(db);
	const task = db.prepare(
		`INSERT INTO tasks (seq, id, owner_seq, type_seq, state, routing_key, priority, parameters, inputs, created_at, finished_at)
		 VALUES (@seq, 'tsk_' || @seq, 1, 1, 'succeeded', 'normal.noop', 5, '{}', '[]', 0, 1)`,
	);
	const attempt = db.prepare(`INSERT INTO attempts VALUES (?, 1, 'nod_1', 't', ?, NULL, 0, 1, ?)`);
	return (records: readonly (UsageRecord & { state?: string })[]) => {
		for (const one of records) {
			const seq = record(usageRow(one));
			if (one.taskSeq === null) continue;
			task.run({ seq: one.taskSeq });
			attempt.run(one.taskSeq, one.state, seq);
		}
	};
});
const setUp = writeOperation('test.set-up', (db) => (_: null) => {
	db.exec(`INSERT INTO task_types (seq, name, version, manifest) VALUES (1, 'noop', 1, '{}');
	  INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
	  SELECT value, 'usr_0000000000000000000000000' || value, 'p' || value, 'p' || value, '', 'user', 0
	  FROM json_each('[1,2]')`);
});
const countAndDie = writeOperation('test.count-and-die', (db) => {
	const count = countUsage.prepare(db);
	return (args: { limit: number }) => {
		count(args);
		throw new Error('killed');
	};
});
const store = writeOperation('test.store', (db) => (_: null) => {
	db.exec(`INSERT INTO storage_use VALUES (1, 3, 4, 1000), (2, 1, 1, 50);
		INSERT INTO storage_metering VALUES (1, ${START}, 7000), (2, ${START + 10_000}, 0)`);
});

let folder: TempFolder;
let ledger: TestLedger;
let counters: UsageCounters;
let tasks: number;

const open = async () => {
	folder = new TempFolder();
	const operations = [...ACCOUNTING_OPERATIONS, insert, setUp, countAndDie, store];
	ledger = new TestLedger({ file: folder.join('ledger.db'), operations });
	counters = new UsageCounters({ ledger });
	tasks = 0;
	await ledger.write(setUp, null);
};
const close = async () => {
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
};
beforeEach(open);
afterEach(close);

const attempt = (wallUs: number, more: Partial<UsageRecord> & { state?: string } = {}) => {
	tasks += 1;
	return {
		...{ ...NOTHING_USED, ...OF_NO_TASK, kind: 'attempt' as const, at: START, ownerSeq: 1, taskType: 'noop' },
		...{ taskSeq: tasks, attempt: 1, wallUs, state: 'succeeded', ...more },
	};
};
const named = (metrics: readonly UsageMetric[], name: string) =>
	metrics.find(({ metric }) => metric === `http://mserve/${name}`);

it('counts as MServe does: reports, their sum and squares, by task type and how they ended', async () => {
	const upload = { ...NOTHING_USED, ...OF_NO_TASK, kind: 'upload' as const, at: START + 5, ownerSeq: 1, bytesIn: 100 };
	await ledger.write(insert, [
		...[attempt(2_000_000), attempt(4_000_000, { state: 'failed' }), attempt(1_000_000, { state: 'cancelled' })],
		...[attempt(9_000_000, { taskType: 'resize', at: START + 60_000 }), attempt(8, { charged: false, state: 'lost' })],
		...[upload, { ...upload, ownerSeq: 2 }],
	]);
	const metrics = await counters.metrics(userOf(1), []);
	expect(named(metrics, 'jobruntime')).toEqual({
		...{ metric: 'http://mserve/jobruntime', unit: 's', reports: 4, total: 16, squares: 102, min: 1, max: 9 },
		...{ time: '2026-03-01T00:00:00.000Z', rateTime: '2026-03-01T00:01:00.000Z' },
		...{ nInProgress: 0, rate: 0, rateCumulative: 0 },
	});
	expect(named(metrics, 'task/noop/success/')).toMatchObject({ reports: 1, total: 2 });
	expect(named(metrics, 'task/noop/failed/')).toMatchObject({ reports: 1, total: 4, squares: 16 });
	expect(named(metrics, 'task/noop')).toMatchObject({ reports: 3, total: 7 });
	expect(named(metrics, 'ingest')).toMatchObject({ unit: 'bytes', reports: 1, total: 100, squares: 10_000 });
	expect(named(await counters.metrics(null, []), 'ingest')).toMatchObject({ reports: 2, total: 200 });
	expect(named(metrics, 'access')).toMatchObject({ reports: 0, total: 0, min: null, time: null, rateTime: null });
	await expect(counters.metrics(userOf(9), [])).rejects.toMatchObject({ code: 'not-found' });
});

it('tells what goes on now by a rate, and what of it was not reported before', async () => {
	await ledger.write(store, null);
	const live = [
		{ ownerSeq: 1, type: 'noop', startedAt: START },
		{ ownerSeq: 1, type: 'noop', startedAt: START + 4_000 },
		{ ownerSeq: 2, type: 'noop', startedAt: START + 9_000 },
	];
	const own = await counters.metrics(userOf(1), live);
	expect(named(own, 'jobruntime')).toMatchObject({
		...{ nInProgress: 2, reports: 2, rate: 2, rateTime: new Date(START + 4_000).toISOString(), rateCumulative: 4 },
	});
	expect(named(own, 'task/noop')).toMatchObject({ nInProgress: 2 });
	expect(named(own, 'disc')).toMatchObject({ nInProgress: 3, rate: 1_000, rateCumulative: 7 });
	// The first one's thousand bytes count on for ten seconds until the second's metering.
	expect(named(await counters.metrics(null, live), 'disc')).toMatchObject({
		...{ nInProgress: 4, rate: 1_050, rateTime: new Date(START + 10_000).toISOString(), rateCumulative: 10_007 },
	});
});

it('is the same however it was counted in pages and killed', async () => {
	const steps = fc.array(
		fc.oneof(
			fc.record({ add: fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 1, maxLength: 9 }) }),
			fc.record({ count: fc.integer({ min: 1, max: 7 }) }),
			fc.record({ die: fc.integer({ min: 1, max: 7 }) }),
		),
		{ maxLength: 12 },
	);
	await fc.assert(
		fc.asyncProperty(steps, async (played) => {
			await close();
			await open();
			const values: number[] = [];
			for (const step of played) {
				if ('add' in step) {
					values.push(...step.add);
					await ledger.write(
						insert,
						step.add.map((wallUs) => attempt(wallUs)),
					);
				} else if ('count' in step) await ledger.write(countUsage, { limit: step.count });
				else await expect(ledger.write(countAndDie, { limit: step.die })).rejects.toThrow('killed');
			}
			const found = named(await counters.metrics(userOf(1), []), 'jobruntime');
			const squares = values.reduce((sum, one) => sum + one * one, 0);
			expect(found).toMatchObject({ reports: values.length, squares: squares * 1e-6 * 1e-6 });
			expect(found?.total).toBe(values.reduce((sum, one) => sum + one, 0) * 1e-6);
		}),
		{ numRuns: 15 },
	);
});
