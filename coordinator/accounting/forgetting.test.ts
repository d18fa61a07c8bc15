import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { USAGE_KINDS } from '../../shared/protocol/usage.ts';
import { abortedAtWrite } from '../../test/support/aborted-at-write.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { SYSTEM } from '../audit/doer.ts';
import { AUDIT_OPERATIONS } from '../audit/operations.ts';
import { writeOperation } from '../database/operation.ts';
import { createLogger } from '../report/logger.ts';
import { ledgerViolations } from '../verify/ledger-rules-store.ts';
import { Accounting } from './accounting.ts';
import { closeDays } from './close-store.ts';
import { foldUsage } from './fold-store.ts';
import { forgetUsage } from './forget-store.ts';
import { Forgetting } from './forgetting.ts';
import { ACCOUNTING_OPERATIONS } from './operations.ts';
import { addPurge } from './purge-store.ts';
import { Seals } from './seals.ts';
import { recordTransfer } from './transfer-store.ts';
import { NOTHING_USED, OF_NO_TASK, prepareUsageRecord, type UsageRecord, usageRow } from './usage-record.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-01-28T00:00:00Z');
const never = new AbortController().signal;

const insert = writeOperation('test.insert-usage', (db) => {
	const record = prepareUsageRecord(db);
	return (one: UsageRecord) => record(usageRow(one));
});
/** Killed before their commits. */
const forgetAndDie = writeOperation('test.forget-and-die', (db) => {
	const forget = forgetUsage.prepare(db);
	return (args: { limit: number }) => {
		forget(args);
		throw new Error('killed');
	};
});

let folder: TempFolder;
let ledger: TestLedger;
let accounting: Accounting;
let seals: Seals;
let forgetting: Forgetting;
let db: Database.Database;
let now: number;
let records: { at: number; ownerSeq: number; kind: string; wallUs: number; amountMicro: number }[];

const open = async () => {
	folder = new TempFolder();
	const operations = [...ACCOUNTING_OPERATIONS, ...AUDIT_OPERATIONS, insert, forgetAndDie];
	ledger = new TestLedger({ file: folder.join('ledger.db'), operations });
	accounting = new Accounting({ ledger, logger: createLogger('silent'), classOf: () => 'standard' });
	const clock = { ledger, now: () => now };
	seals = new Seals(clock);
	forgetting = new Forgetting({ ...clock, seals, counters: accounting.counters });
	db = new Database(folder.join('ledger.db'));
	now = START;
	records = [];
};
const close = async () => {
	db.close();
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
};
beforeEach(open);
afterEach(close);

const meter = async (one: Partial<UsageRecord> = {}) => {
	// Without a price list only what is corrected has an amount.
	const amount = one.kind === 'correction' ? (one.amountMicro ?? 0) : 0;
	const whole: UsageRecord = {
		...NOTHING_USED,
		...OF_NO_TASK,
		kind: 'requests',
		at: now,
		ownerSeq: 1,
		...one,
		amountMicro: amount,
	};
	const { at, ownerSeq, kind, wallUs, amountMicro } = whole;
	if (kind === 'upload' || kind === 'download') {
		await ledger.write(recordTransfer, {
			at,
			ownerSeq,
			kind,
			bytes: 7,
			wallMs: wallUs / 1_000,
			serviceClass: 'standard',
		});
		records.push({ at, ownerSeq, kind, wallUs, amountMicro: 0 });
		return;
	}
	await ledger.write(insert, whole);
	records.push({ at, ownerSeq, kind, wallUs, amountMicro });
};

/** A record each few hours of a time, and all that is over sealed and summed. */
const meterFor = async (days: number) => {
	for (const end = now + days * DAY; now < end; now += 17 * HOUR) {
		await meter({ ownerSeq: 1 + (now % 2), kind: now % 3 === 0 ? 'upload' : 'storage', wallUs: 3_000, storedMibS: 5 });
	}
	await seals.sealDue();
	await accounting.rollups.finish();
};

const SUMMED = `sum(records), sum(tasks), sum(wall_us), sum(bytes_in), sum(bytes_out), sum(stored_mib_s), sum(amount_micro)`;
/** All sums, whichever generation has them. */
const cubes = () =>
	db
		.prepare(
			`SELECT cube, at, owner_seq, service_class, queue, node, task_type, kind, charged, ${SUMMED} FROM usage_rollups
			 WHERE generation = 0 OR generation = (SELECT generation FROM usage_rollup_sets WHERE is_current = 1)
			 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9`,
		)
		.raw()
		.all();

/** Rules that are broken; the records here are of attempts that never were. */
const broken = () => ledgerViolations(db, { settled: false }).filter(({ rule }) => !rule.startsWith('I4 no '));

const tamper = (sql: string): void => {
	const triggers = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'usage_*'`).pluck();
	for (const name of triggers.all()) db.exec(`DROP TRIGGER ${name}`);
	db.exec(sql);
};

const expectAllSums = async () => {
	const sums = new Map<string, { records: number; wallMs: number; amountMicro: number }>();
	for (const { at, kind, wallUs, amountMicro } of records) {
		const key = `${new Date(at).toISOString().slice(0, 10)} ${kind}`;
		const sum = sums.get(key) ?? { records: 0, wallMs: 0, amountMicro: 0 };
		sum.records += 1;
		sum.wallMs += wallUs / 1_000;
		sum.amountMicro += amountMicro;
		sums.set(key, sum);
	}
	const seen = new Map<string, unknown>();
	for (const kind of USAGE_KINDS) {
		const period = { from: new Date(START - 300 * DAY).toISOString(), to: new Date(START + 60 * DAY).toISOString() };
		const later = { from: period.to, to: new Date(START + 400 * DAY).toISOString() };
		for (const asked of [period, later]) {
			const { items } = await accounting.cuts.cut({ ...asked, kind, by: 'day', zone: 'Z', limit: 10_000 });
			for (const { key, records: count, wallMs, amountMicro } of items) {
				seen.set(`${key!.slice(0, 10)} ${kind}`, { records: count, wallMs, amountMicro });
			}
		}
	}
	expect(seen).toEqual(sums);
};

test('whenever records are forgotten, and whatever is killed meanwhile, no sum changes and all can be proved', async () => {
	const usage = fc.record({
		ownerSeq: fc.integer({ min: 1, max: 3 }),
		kind: fc.constantFrom(...USAGE_KINDS),
		node: fc.constantFrom(null, 'nod_1'),
		taskType: fc.constantFrom(null, 'noop'),
		attempt: fc.integer({ min: 1, max: 2 }),
		wallUs: fc.integer({ min: 0, max: 9 }).map((ms) => ms * 1_000),
		amountMicro: fc.integer({ min: -50, max: 900 }),
	});
	const pages = fc.record({
		months: fc.integer({ min: 1, max: 2 }),
		page: fc.integer({ min: 1, max: 4 }),
		isFresh: fc.boolean(),
	});
	/** As its chores do: all that is over is sealed and in the sums. */
	const freshen = async ({ isFresh }: { isFresh: boolean }) => {
		if (!isFresh) return;
		await seals.sealDue();
		await accounting.rollups.finish();
	};
	let went = 0;
	const step = fc.oneof(
		{ weight: 6, arbitrary: fc.record({ add: fc.array(usage, { minLength: 1, maxLength: 5 }) }) },
		// Now and then the clock is set back.
		{ weight: 4, arbitrary: fc.record({ wait: fc.integer({ min: -30, max: 900 }) }) },
		{ weight: 3, arbitrary: fc.record({ seal: fc.constant(true) }) },
		{ weight: 2, arbitrary: fc.record({ fold: fc.integer({ min: 1, max: 9 }) }) },
		{ weight: 2, arbitrary: fc.record({ close: fc.integer({ min: 1, max: 3 }) }) },
		{ weight: 4, arbitrary: pages.map((forget) => ({ forget })) },
		{ weight: 2, arbitrary: fc.record({ cut: pages, after: fc.integer({ min: 1, max: 6 }) }) },
		{ weight: 1, arbitrary: fc.record({ die: fc.integer({ min: 1, max: 5 }) }) },
		{ weight: 1, arbitrary: fc.record({ rebuild: fc.constant(true) }) },
	);
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
			await close();
			await open();
			for (const one of steps) {
				if ('add' in one) for (const record of one.add) await meter(record);
				else if ('wait' in one) now += one.wait * HOUR;
				else if ('seal' in one) await seals.sealDue();
				else if ('fold' in one) await ledger.write(foldUsage, { limit: one.fold });
				else if ('close' in one) await ledger.write(closeDays, { limit: one.close });
				else if ('die' in one) {
					const fits = db.prepare('SELECT 1 FROM usage_purges').get() === undefined;
					if (!fits) await expect(ledger.write(forgetAndDie, { limit: one.die })).rejects.toThrow('killed');
				} else if ('rebuild' in one) await accounting.rollups.rebuild(SYSTEM);
				else if ('forget' in one) {
					await freshen(one.forget);
					await forgetting.forget(one.forget.months, never, one.forget.page);
				} else {
					await freshen(one.cut);
					// Killed between two of its steps.
					const { signal, restore } = abortedAtWrite(ledger, one.after);
					await forgetting.forget(one.cut.months, signal, one.cut.page);
					restore();
				}
				const kept = db.prepare('SELECT count(*) FROM usage_records WHERE at >= ?').pluck();
				const today = new Date(now);
				const lastMonth = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1, 1);
				expect(kept.get(lastMonth)).toBe(records.filter(({ at }) => at >= lastMonth).length);
			}
			went += records.length - (db.prepare('SELECT count(*) FROM usage_records').pluck().get() as number);
			await expectAllSums();
			await accounting.counters.catchUp();
			const counted = records.filter(({ kind }) => kind !== 'requests' && kind !== 'correction').length;
			expect(db.prepare('SELECT coalesce(sum(reports), 0) FROM usage_counters').pluck().get()).toBe(counted);
			expect(broken()).toEqual([]);
			await accounting.rollups.finish();
			const before = cubes();
			await accounting.rollups.rebuild(SYSTEM);
			expect(cubes()).toEqual(before);
			expect((await accounting.verification.run()).difference).toBeNull();
		}),
		{ numRuns: 20 },
	);
	expect(went).toBeGreaterThan(0);
}, 120_000);

describe('with months of usage forgotten', () => {
	beforeEach(async () => {
		await meterFor(75);
		await forgetting.forget(1, never, 20);
	});

	test('their records are gone and told to be, and those of this month and the last are there', async () => {
		const { items, keptFrom } = await accounting.records({ limit: 1_000 });
		expect(keptFrom).toBe('2026-03-01T00:00:00.000Z');
		expect(items.map(({ at }) => at).at(-1)).toMatch(/^2026-03-01/);
		expect(items).toHaveLength(records.filter(({ at }) => at >= Date.parse('2026-03-01')).length);
		await expectAllSums();
		const february = records.filter(({ at }) => new Date(at).toISOString().startsWith('2026-02'));
		expect((await accounting.statements.of('2026-02', {})).total.records).toBe(february.length);
		const verdict = await accounting.verification.run();
		expect(verdict).toMatchObject({ ok: true, summedDays: 32, records: items.length });
		expect(verdict.lastSeal?.day).toBe('2026-04-12');
		expect(await forgetting.forget(1, never)).toBe('0 records of usage were forgotten, 0 days of them summed up');
	});

	test.each([
		[
			'a sum of an hour',
			'UPDATE usage_rollups SET amount_micro = 1 WHERE generation = 0 AND cube = 0',
			/hour 2026-01-28/,
		],
		['a sum of a day', 'UPDATE usage_rollups SET wall_us = 1 WHERE generation = 0 AND cube = 4', /day 2026-01-28/],
		['a sum of a month', 'DELETE FROM usage_rollups WHERE generation = 0 AND cube = 6', /month 2026-01-01/],
		['whose it was', 'UPDATE usage_rollups SET owner_seq = owner_seq + 7 WHERE generation = 0 AND cube = 5', /month/],
		[
			'what was written down',
			'UPDATE usage_purged_sums SET amount_micro = amount_micro + 1',
			/written down of 2026-01-28/,
		],
		['a whole day of it', `DELETE FROM usage_purged_sums WHERE day = ${START + DAY}`, /written down of 2026-01-29/],
		['the seal of such a day', `UPDATE usage_seals SET hash = zeroblob(32) WHERE day = ${START + DAY}`, /2026-01-29/],
		['that they went', 'PRAGMA foreign_keys = OFF; DELETE FROM usage_purges', /not those that were sealed/],
	])('it is found when somebody changes %s', async (_, sql, words) => {
		tamper(sql);
		const { ok, difference } = await accounting.verification.run();
		expect(ok).toBe(false);
		expect(difference).toMatch(words);
	});

	test('no record can be removed otherwise, nor what was written down of those that went', () => {
		for (const [sql, words] of [
			['DELETE FROM usage_records', 'sealed and summed up'],
			['DELETE FROM usage_purges', 'never removed'],
			['DELETE FROM usage_purged_sums', 'never removed'],
			['UPDATE usage_purges SET records = 0', 'never changed'],
			['UPDATE usage_purged_sums SET records = 0', 'never changed'],
			['INSERT INTO usage_purges VALUES (1, 9, 9, zeroblob(32), 1)', 'sealed'],
		] as const) {
			expect(() => db.exec(sql)).toThrow(words);
		}
	});
});

test.each([
	['record', 'UPDATE usage_records SET amount_micro = 9 WHERE seq = 1', 'not those that were sealed'],
	['sum', 'UPDATE usage_rollups SET stored_mib_s = stored_mib_s + 1 WHERE cube = 0', 'names the first'],
])('a day with a %s that is not what it was stays, and it is said', async (_, sql, words) => {
	await meterFor(75);
	tamper(sql);
	await expect(forgetting.forget(1, never)).rejects.toThrow(words);
	expect(db.prepare('SELECT count(*) FROM usage_records').pluck().get()).toBe(records.length);
});

test('nothing goes while sums are being made, and a day is summed up once', async () => {
	await meterFor(75);
	const set = await accounting.rollups.begin();
	expect(await forgetting.forget(1, never)).toMatch(/^nothing went/);
	await accounting.rollups.end(set, null);
	await forgetting.forget(1, never);
	const seal = db
		.prepare('SELECT day, first_seq AS firstSeq, last_seq AS lastSeq, records, hash FROM usage_seals')
		.get();
	const again = { seal: seal as never, sums: [], now };
	await expect(ledger.write(addPurge, again)).rejects.toMatchObject({ code: 'conflict' });
});

test('the newest record stays, so that numbers go on, however long nothing was metered', async () => {
	await meterFor(3);
	now += 300 * DAY;
	await seals.sealDue();
	await forgetting.forget(1, never);
	expect(db.prepare('SELECT max(seq) FROM usage_records').pluck().get()).toBe(records.length);
	const before = cubes();
	await accounting.rollups.rebuild(SYSTEM);
	expect(cubes()).toEqual(before);
	await meter();
	await accounting.rollups.finish();
	expect((await accounting.verification.run()).difference).toBeNull();
	await expectAllSums();
});
