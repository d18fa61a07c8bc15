import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CUT_BY, type CutBy, USAGE_KINDS, type UsageCut } from '../../shared/protocol/usage.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { SYSTEM } from '../audit/doer.ts';
import { writeOperation } from '../database/operation.ts';
import { closeDays } from './close-store.ts';
import { foldUsage } from './fold-store.ts';
import { ACCOUNTING_OPERATIONS } from './operations.ts';
import { PriceBooks } from './price-books.ts';
import { Rollups } from './rollups.ts';
import { UsageCuts } from './usage-cuts.ts';
import { NOTHING_USED, OF_NO_TASK, prepareUsageRecord, type UsageRecord, usageRow } from './usage-record.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-01-20T00:00:00Z');
const NODES = ['nod_00000000000000000000000001', 'nod_00000000000000000000000002'];

const insert = writeOperation('test.insert-usage', (db) => {
	const record = prepareUsageRecord(db);
	return (records: readonly UsageRecord[]) => {
		for (const one of records) record(usageRow(one));
	};
});
/** Folds, and then is killed before its commit. */
const foldAndDie = writeOperation('test.fold-and-die', (db) => {
	const fold = foldUsage.prepare(db);
	return (args: { limit: number }) => {
		fold(args);
		throw new Error('killed');
	};
});
/** The same of days that are over. */
const closeAndDie = writeOperation('test.close-and-die', (db) => {
	const close = closeDays.prepare(db);
	return (args: { limit: number }) => {
		close(args);
		throw new Error('killed');
	};
});
/** As if the disk had no room for more pages; null: it has again. */
const setRoom = writeOperation('test.set-room', (db) => (more: number | null) => {
	const pages = db.pragma('page_count', { simple: true }) as number;
	db.pragma(`max_page_count = ${more === null ? 2 ** 30 : pages + more}`);
});
/** People 1 to 3; 1 is in Lab, 2 in Lab's Night shift and in Guests. */
const people = writeOperation('test.people', (db) => (_: null) => {
	db.exec(`
		INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
		  SELECT value, 'usr_0000000000000000000000000' || value, 'p' || value, 'p' || value, '', 'user', 0
		  FROM json_each('[1,2,3]');
		INSERT INTO groups (seq, id, name, name_key, parent_seq, created_at) VALUES
		  (1, 'grp_1', 'Lab', 'lab', NULL, 0), (2, 'grp_2', 'Night', 'night', 1, 0), (3, 'grp_3', 'Guests', 'guests', NULL, 0);
		INSERT INTO group_members VALUES (1, 1), (2, 2), (3, 2);`);
});

let folder: TempFolder;
let ledger: TestLedger;
let rollups: Rollups;
let cuts: UsageCuts;
let records: UsageRecord[];

const open = async () => {
	folder = new TempFolder();
	const operations = [...ACCOUNTING_OPERATIONS, insert, foldAndDie, closeAndDie, setRoom, people];
	ledger = new TestLedger({ file: folder.join('ledger.db'), operations });
	rollups = new Rollups({ ledger });
	cuts = new UsageCuts({ ledger, rollups, prices: new PriceBooks({ ledger }) });
	records = [];
	await ledger.write(people, null);
};
const close = async () => {
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
};
beforeEach(open);
afterEach(close);

const add = async (fresh: UsageRecord[]) => {
	await ledger.write(insert, fresh);
	records.push(...fresh);
};

const usage = fc
	.record({
		hour: fc.integer({ min: 0, max: 24 * 50 }),
		ownerSeq: fc.integer({ min: 1, max: 3 }),
		kind: fc.constantFrom(...USAGE_KINDS),
		node: fc.constantFrom(null, ...NODES),
		taskType: fc.constantFrom(null, 'noop', 'thumbnail'),
		queue: fc.constantFrom(null, 'normal', 'priority'),
		serviceClass: fc.constantFrom(null, 'standard', 'priority'),
		charged: fc.boolean(),
		attempt: fc.integer({ min: 1, max: 2 }),
		wallUs: fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.constant(2 ** 45)),
		amountMicro: fc.integer({ min: -50, max: 900 }),
	})
	.map(({ hour, ...rest }): UsageRecord => ({ ...NOTHING_USED, ...OF_NO_TASK, ...rest, at: START + hour * HOUR + 7 }));

const KEY: Record<CutBy, (one: UsageRecord) => (string | null)[]> = {
	owner: ({ ownerSeq }) => [`usr_0000000000000000000000000${ownerSeq}`],
	group: ({ ownerSeq }) => [[], ['grp_1'], ['grp_1', 'grp_2', 'grp_3'], []][ownerSeq]!,
	class: ({ serviceClass }) => [serviceClass],
	queue: ({ queue }) => [queue],
	node: ({ node }) => [node],
	type: ({ taskType }) => [taskType],
	kind: ({ kind }) => [kind],
	hour: ({ at }) => [new Date(Math.floor(at / HOUR) * HOUR).toISOString()],
	day: ({ at }) => [new Date(Math.floor(at / HOUR / 24) * HOUR * 24).toISOString()],
};

const naive = (found: readonly UsageRecord[], by: CutBy): Map<string | null, unknown> => {
	const sums = new Map<string | null, { wallUs: bigint; amountMicro: number; tasks: number; lost: number }>();
	for (const one of found) {
		for (const key of KEY[by](one)) {
			const sum = sums.get(key) ?? { wallUs: 0n, amountMicro: 0, tasks: 0, lost: 0 };
			if (one.charged) {
				sum.wallUs += BigInt(one.wallUs);
				sum.amountMicro += one.amountMicro;
				if (one.kind === 'attempt' && one.attempt === 1) sum.tasks += 1;
			} else sum.lost += 1;
			sums.set(key, sum);
		}
	}
	return new Map([...sums].map(([key, { wallUs, ...rest }]) => [key, { wallMs: Number(wallUs) / 1_000, ...rest }]));
};

const seen = (cut: UsageCut): Map<string | null, unknown> =>
	new Map(
		cut.items.map(({ key, wallMs, amountMicro, tasks, lost }) => [
			key,
			{ wallMs, amountMicro, tasks, lost: lost.records },
		]),
	);

test('whatever is metered, folded and killed in whichever order, every cut is the sum of its records', async () => {
	const step = fc.oneof(
		{ weight: 3, arbitrary: fc.record({ add: fc.array(usage, { maxLength: 12 }) }) },
		{ weight: 2, arbitrary: fc.record({ fold: fc.integer({ min: 1, max: 9 }) }) },
		{ weight: 2, arbitrary: fc.record({ die: fc.integer({ min: 1, max: 9 }) }) },
		{ weight: 2, arbitrary: fc.record({ close: fc.integer({ min: 1, max: 4 }), killed: fc.boolean() }) },
		{ weight: 1, arbitrary: fc.record({ rebuild: fc.constant(true) }) },
	);
	const span = fc.tuple(fc.integer({ min: -30, max: 1_300 }), fc.integer({ min: 0, max: 740 }));
	const asked = fc.record({ by: fc.constantFrom(...CUT_BY), span, owner: fc.boolean(), node: fc.boolean() });
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.array(asked, { minLength: 6 }), async (steps, questions) => {
			await close();
			await open();
			for (const one of steps) {
				if ('add' in one) await add(one.add);
				else if ('fold' in one) await ledger.write(foldUsage, { limit: one.fold });
				else if ('die' in one) await expect(ledger.write(foldAndDie, { limit: one.die })).rejects.toThrow('killed');
				else if ('rebuild' in one) await rollups.rebuild(SYSTEM);
				else if (!one.killed) await ledger.write(closeDays, { limit: one.close });
				else await expect(ledger.write(closeAndDie, { limit: one.close })).rejects.toThrow('killed');
			}
			for (const {
				by,
				span: [first, length],
				owner,
				node,
			} of questions) {
				const [from, to] = [START + first * HOUR, START + (first + length) * HOUR];
				const cut = await cuts.cut({
					...{ by, zone: 'Z', limit: 10_000 },
					...{ from: new Date(from).toISOString(), to: new Date(to).toISOString() },
					...(owner ? { owner: 'usr_00000000000000000000000002' } : {}),
					...(node ? { node: NODES[0] } : {}),
				});
				const found = records.filter(
					(r) => r.at >= from && r.at < to && (!owner || r.ownerSeq === 2) && (!node || r.node === NODES[0]),
				);
				expect(seen(cut)).toEqual(naive(found, by));
				expect(cut.total.records + cut.total.lost.records).toBe(found.length);
			}
		}),
		{ numRuns: 20 },
	);
});

test('days of another zone begin with its midnight, a group counts those within it, and the rest is told', async () => {
	const at = (text: string, ownerSeq: number): UsageRecord => ({
		...{ ...NOTHING_USED, ...OF_NO_TASK, kind: 'requests', at: Date.parse(text), ownerSeq, requests: 1 },
	});
	await add([at('2026-03-01T21:59:00Z', 1), at('2026-03-01T22:01:00Z', 2), at('2026-03-02T10:00:00Z', 3)]);
	const period = { from: '2026-03-01T00:00:00+02:00', to: '2026-03-03T00:00:00+02:00' };
	const days = await cuts.cut({ ...period, by: 'day', zone: '+02:00', limit: 1 });
	expect(days).toMatchObject({ from: '2026-02-28T22:00:00.000Z', left: 1, total: { requests: 3 } });
	expect(days.items).toMatchObject([{ key: '2026-02-28T22:00:00.000Z', requests: 1 }]);
	const lab = await cuts.cut({ ...period, by: 'kind', zone: 'Z', limit: 9, group: 'grp_1' });
	expect(lab.total.requests).toBe(2);
	const nobody = await cuts.cut({ ...period, by: 'kind', zone: 'Z', limit: 9, queue: 'unheard-of' });
	expect(nobody).toMatchObject({ items: [], total: { records: 0 } });
	const year = { from: '2025-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' };
	await expect(cuts.cut({ ...year, by: 'hour', zone: 'Z', limit: 1 })).rejects.toThrow('31 days');
});

test('sums beyond 53 bits are exact', async () => {
	const exact = writeOperation('test.exact', (db) => {
		const select = db.prepare('SELECT DISTINCT CAST(wall_us AS TEXT) FROM usage_rollups').pluck();
		return (_: null) => select.all();
	});
	const most: UsageRecord = {
		...NOTHING_USED,
		...OF_NO_TASK,
		kind: 'attempt',
		at: START,
		ownerSeq: 1,
		wallUs: 2 ** 53 - 1,
	};
	await add([most, most, { ...most, wallUs: 2 }]);
	await rollups.catchUp();
	const other = new TestLedger({ file: folder.join('ledger.db'), operations: [exact] });
	expect(await other.write(exact, null)).toEqual(['18014398509481984']);
	await other[Symbol.asyncDispose]();
});

test('sums stop at the end of 62 bits, and whoever is summed with them is not held up', async () => {
	const told = writeOperation('test.told', (db) => {
		const select = db.prepare('SELECT DISTINCT CAST(read_bytes AS TEXT) AS r, requests FROM usage_rollups ORDER BY 2');
		return (_: null) => select.all();
	});
	const lie: UsageRecord = {
		...NOTHING_USED,
		...OF_NO_TASK,
		kind: 'attempt',
		at: START,
		ownerSeq: 1,
		readBytes: 2 ** 50,
	};
	for (let page = 0; page < 9; page++) {
		await add(Array.from({ length: 1_000 }, () => lie));
		await rollups.catchUp();
	}
	await add([{ ...NOTHING_USED, ...OF_NO_TASK, kind: 'requests', at: START, ownerSeq: 1, requests: 3 }]);
	await rollups.finish();
	const other = new TestLedger({ file: folder.join('ledger.db'), operations: [told] });
	expect(await other.write(told, null)).toEqual([
		{ r: String(2n ** 62n - 1n), requests: 0 },
		{ r: '0', requests: 3 },
	]);
	await other[Symbol.asyncDispose]();
}, 60_000);

test('a record is never changed, nor removed before it was sealed', async () => {
	const tamper = writeOperation('test.tamper', (db) => (sql: string) => void db.exec(sql));
	await add([{ ...NOTHING_USED, ...OF_NO_TASK, kind: 'requests', at: START, ownerSeq: 1, requests: 1 }]);
	const other = new TestLedger({ file: folder.join('ledger.db'), operations: [tamper] });
	await expect(other.write(tamper, 'UPDATE usage_records SET requests = 0')).rejects.toThrow('never changed');
	await expect(other.write(tamper, 'DELETE FROM usage_records')).rejects.toThrow('sealed');
	await other[Symbol.asyncDispose]();
});

test('a disk that is full while sums are made loses none: they are made once there is room', async () => {
	const record = (i: number): UsageRecord => ({
		...{ ...NOTHING_USED, ...OF_NO_TASK, kind: 'attempt', ownerSeq: 1 + (i % 3), charged: i % 5 > 0 },
		...{
			at: START + i * HOUR,
			attempt: 1,
			wallUs: i,
			amountMicro: 7 * i,
			taskType: `type-${i % 100}`,
			node: NODES[i % 2]!,
		},
	});
	await add(Array.from({ length: 1_000 }, (_, i) => record(i)));
	await ledger.write(setRoom, 10);
	await expect(rollups.catchUp()).rejects.toThrow(/full/);
	await expect(rollups.catchUp(), 'again and again').rejects.toThrow(/full/);
	const period = { from: new Date(START).toISOString(), to: new Date(START + 366 * 24 * HOUR).toISOString() };
	const asked = { ...period, by: 'owner', zone: 'Z', limit: 9 } as const;
	await expect(cuts.cut(asked), 'no answer rather than a wrong one').rejects.toThrow(/full/);
	await ledger.write(setRoom, null);
	const cut = await cuts.cut(asked);
	expect(seen(cut)).toEqual(naive(records, 'owner'));
	expect(cut.total.records + cut.total.lost.records).toBe(1_000);
});
