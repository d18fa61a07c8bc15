import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { monthOf } from './month.ts';
import { ACCOUNTING_OPERATIONS } from './operations.ts';
import { TransferQuota } from './transfer-quota.ts';
import { recordTransfer } from './transfer-store.ts';

let folder: TempFolder;
let ledger: TestLedger;
const clock = { now: Date.parse('2026-02-28T23:59:59.999Z') };
const limit = { serviceClass: 'guests', bytes: 1_000 };
let quota: TransferQuota;

beforeEach(() => {
	folder = new TempFolder();
	ledger = new TestLedger({ file: folder.join('ledger.db'), operations: ACCOUNTING_OPERATIONS });
	quota = new TransferQuota({ ledger, now: () => clock.now });
});
afterEach(async () => {
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const meter = (bytes: number, kind: 'upload' | 'download' = 'download', ownerSeq = 1) =>
	ledger.write(recordTransfer, { at: clock.now, ownerSeq, kind, bytes, wallMs: 1, serviceClass: 'standard' });

test('months are those of the calendar in UTC', () => {
	expect(monthOf(Date.parse('2026-02-28T23:59:59.999Z'))).toEqual({
		start: Date.parse('2026-02-01T00:00:00Z'),
		next: Date.parse('2026-03-01T00:00:00Z'),
	});
	expect(monthOf(Date.parse('2026-12-01T00:00:00Z')).next).toBe(Date.parse('2027-01-01T00:00:00Z'));
});

test('both ways count, each person alone, and a new month begins anew', async () => {
	await meter(600);
	await meter(300, 'upload');
	await meter(5_000, 'upload', 2);
	await quota.check(1, 100, limit);
	await expect(quota.begin(1, 101, limit)).rejects.toThrow('starts again at 2026-03-01T00:00:00.000Z');
	clock.now += 1;
	(await quota.begin(1, 1_000, limit))();
	clock.now -= 1;
	expect(quota.size).toBe(0);
});

test('whatever begins and ends together, no more is let through than the limit, and what fits is let through', async () => {
	let ownerSeq = 10;
	const transfer = fc.record({ bytes: fc.integer({ min: 1, max: 400 }), share: fc.integer({ min: 0, max: 100 }) });
	await fc.assert(
		fc.asyncProperty(fc.array(fc.array(transfer, { maxLength: 6 }), { maxLength: 5 }), async (waves) => {
			ownerSeq += 1;
			let used = 0;
			for (const wave of waves) {
				// In order of asking, as if each had waited for the one before.
				let promised = used;
				const expected = wave.map(({ bytes }) => {
					const fits = promised + bytes <= limit.bytes;
					if (fits) promised += bytes;
					return fits;
				});
				const begun = await Promise.allSettled(wave.map(({ bytes }) => quota.begin(ownerSeq, bytes, limit)));
				const through = begun.map(({ status }) => status === 'fulfilled');
				const sum = wave.reduce((bytes, one, i) => bytes + (through[i] ? one.bytes : 0), used);
				expect(sum).toBeLessThanOrEqual(limit.bytes);
				// What came before one that was refused is never refused for its sake.
				const firstNo = expected.indexOf(false);
				expect(through.slice(0, firstNo < 0 ? undefined : firstNo)).not.toContain(false);
				for (const [i, one] of begun.entries()) {
					if (one.status === 'rejected') continue;
					const really = Math.floor((wave[i]!.bytes * wave[i]!.share) / 100);
					used += really;
					await meter(really, 'download', ownerSeq);
					one.value();
				}
			}
			expect(quota.size).toBe(0);
		}),
		{ numRuns: 40 },
	);
	const db = new Database(folder.join('ledger.db'), { readonly: true });
	const wrong = db.prepare(
		`SELECT count(*) FROM transfer_use t WHERE bytes <> (SELECT sum(bytes_in + bytes_out) FROM usage_records u
		 WHERE u.owner_seq = t.owner_seq AND u.at >= t.month)`,
	);
	expect(wrong.pluck().get()).toBe(0);
	db.close();
});

test('what ends while it is looked is not counted twice', async () => {
	const end = await quota.begin(1, 900, limit);
	const second = quota.begin(1, 500, limit);
	await meter(100);
	end();
	(await second)();
});
