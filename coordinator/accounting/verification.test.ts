import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { SYSTEM } from '../audit/doer.ts';
import { AUDIT_OPERATIONS } from '../audit/operations.ts';
import { createLogger } from '../report/logger.ts';
import { Accounting } from './accounting.ts';
import { ACCOUNTING_OPERATIONS } from './operations.ts';
import { PriceBooks } from './price-books.ts';
import { nextSealAt, Seals } from './seals.ts';
import { recordTransfer } from './transfer-store.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-05-01T00:00:00Z');
const clock = { now: START };
const now = () => clock.now;

let folder: TempFolder;
let ledger: TestLedger;
let accounting: Accounting;
let seals: Seals;
let prices: PriceBooks;

beforeEach(async () => {
	folder = new TempFolder();
	ledger = new TestLedger({
		file: folder.join('ledger.db'),
		operations: [...ACCOUNTING_OPERATIONS, ...AUDIT_OPERATIONS],
	});
	accounting = new Accounting({ ledger, logger: createLogger('silent'), classOf: () => 'standard' });
	seals = new Seals({ ledger, now });
	clock.now = START;
	prices = new PriceBooks({ ledger, now });
	await prices.add({ prices: { gibOut: 1_000_000 } }, SYSTEM);
	// Three days, of which the second has none.
	for (const hours of [1, 23, 49, 50]) {
		const at = START + hours * 3_600_000;
		await ledger.write(recordTransfer, {
			at,
			ownerSeq: 1,
			kind: 'download',
			bytes: 2 ** 29,
			wallMs: 10,
			serviceClass: 'standard',
		});
	}
	clock.now = START + 3 * DAY + 6 * 60_000;
	await seals.sealDue();
	await accounting.rollups.finish();
});
afterEach(async () => {
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const tamper = (sql: string): void => {
	const db = new Database(folder.join('ledger.db'));
	for (const name of ['usage_records_fixed', 'usage_seals_fixed', 'usage_records_kept'])
		db.exec(`DROP TRIGGER ${name}`);
	db.exec(sql);
	db.close();
};

test('the next day is sealed five minutes after its end', () => {
	expect(nextSealAt(START + 60_000)).toBe(START + 5 * 60_000);
	expect(nextSealAt(START + 6 * 60_000)).toBe(START + DAY + 5 * 60_000);
});

test('days that are over are sealed once, and all is as it should be', async () => {
	await seals.sealDue();
	const verdict = await accounting.verification.run();
	expect(verdict).toMatchObject({
		ok: true,
		records: 4,
		sealedDays: 2,
		lastSeal: { day: '2026-05-03' },
		difference: null,
	});
	// A day is not over before it is; what comes of it later than its seal is sealed with the next.
	await ledger.write(recordTransfer, {
		at: clock.now,
		ownerSeq: 1,
		kind: 'upload',
		bytes: 5,
		wallMs: 1,
		serviceClass: 'standard',
	});
	await ledger.write(recordTransfer, {
		at: START,
		ownerSeq: 1,
		kind: 'upload',
		bytes: 5,
		wallMs: 1,
		serviceClass: 'standard',
	});
	await seals.sealDue();
	expect((await accounting.verification.run()).sealedDays).toBe(2);
	clock.now += DAY;
	await seals.sealDue();
	expect(await accounting.verification.run()).toMatchObject({ ok: true, records: 6, sealedDays: 3 });
});

test.each([
	['changed', 'UPDATE usage_records SET bytes_out = 1 WHERE seq = 3'],
	['removed', 'DELETE FROM usage_records WHERE seq = 4'],
	['exchanged', 'UPDATE usage_records SET seq = 9 WHERE seq = 3'],
])('a record that was %s is found, and its day is named', async (_, sql) => {
	tamper(sql);
	const { ok, difference } = await accounting.verification.run();
	expect(ok).toBe(false);
	expect(difference).toContain('2026-05-03');
});

test('a seal that was made anew for its day is found by the next one', async () => {
	tamper(`UPDATE usage_seals SET hash = zeroblob(32) WHERE day = ${START}`);
	expect((await accounting.verification.run()).difference).toContain('2026-05-01');
});

test('a sum that is not that of its records is found, and made right by a rebuild', async () => {
	tamper('UPDATE usage_rollups SET amount_micro = amount_micro + 1 WHERE cube = 2');
	const { difference } = await accounting.verification.run();
	expect(difference).toContain('sums of the day 2026-05-01');
	await accounting.rollups.rebuild(SYSTEM);
	expect((await accounting.verification.run()).difference).toBeNull();
});

test('an amount that its prices do not give is found even before its day is sealed', async () => {
	await ledger.write(recordTransfer, {
		at: clock.now,
		ownerSeq: 1,
		kind: 'download',
		bytes: 2 ** 30,
		wallMs: 1,
		serviceClass: 'standard',
	});
	tamper('UPDATE usage_records SET amount_micro = 1 WHERE seq = 5');
	expect((await accounting.verification.run()).difference).toMatch(
		/record 5 .* costs 1, and by price version 1 1000000/,
	);
});

test('what a killed verification has left is dropped at the next start and swept away', async () => {
	const left = await accounting.rollups.begin();
	await accounting.open();
	await expect(accounting.rollups.end(left, null)).rejects.toThrow('somebody else');
	await accounting.tidy();
	const db = new Database(folder.join('ledger.db'), { readonly: true });
	expect(db.prepare('SELECT DISTINCT generation FROM usage_rollups').pluck().all()).toEqual([1]);
	db.close();
	expect((await accounting.verification.run()).ok).toBe(true);
});

test('prices never count from before, and what counts is not withdrawn', async () => {
	const from = (ms: number) => ({ from: new Date(clock.now + ms).toISOString(), prices: {} });
	await expect(prices.add(from(-1), SYSTEM)).rejects.toThrow('never before');
	const coming = await prices.add(from(DAY), SYSTEM);
	expect(coming).toMatchObject({ version: 2, state: 'coming' });
	await expect(prices.add(from(DAY), SYSTEM)).rejects.toThrow('Version 2 counts from');
	await expect(prices.add(from(DAY - 1), SYSTEM)).rejects.toThrow('Version 2 counts from');
	await expect(prices.add({ ...from(2 * DAY), currency: 'USD' }, SYSTEM)).rejects.toThrow('two currencies');
	expect(prices.list().map(({ state }) => state)).toEqual(['coming', 'current']);
	await expect(prices.withdraw(1, SYSTEM)).rejects.toThrow('count already');
	await prices.withdraw(2, SYSTEM);
	expect(prices.list()).toMatchObject([{ version: 1, to: null, state: 'current' }]);
});
