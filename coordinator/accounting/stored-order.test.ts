import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { USAGE_KINDS } from '../../shared/protocol/usage.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { AUDIT_OPERATIONS } from '../audit/operations.ts';
import { writeOperation } from '../database/operation.ts';
import { createLogger } from '../report/logger.ts';
import { Accounting } from './accounting.ts';
import { ACCOUNTING_OPERATIONS } from './operations.ts';
import { addPurge, readPurgeDue, readRecordSums } from './purge-store.ts';
import { Seals } from './seals.ts';
import { prepareUsageRecord, type UsageRecord, usageRow } from './usage-record.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-01-28T00:00:00Z');

const insert = writeOperation('test.insert-usage', (db) => {
	const record = prepareUsageRecord(db);
	return (one: UsageRecord) => record(usageRow(one));
});

/** No value twice, so that none can take another one's place unseen. */
const RECORD: UsageRecord = {
	...{ at: START + 1, ownerSeq: 2, kind: 'attempt', taskSeq: 3, attempt: 1, charged: true, node: 'nod_a' },
	...{ taskType: 'md5', queue: 'cpu', serviceClass: 'gold', measured: 'cgroup', flags: 'cpu', priceVersion: 4 },
	...{
		amountMicro: 5,
		wallUs: 6,
		userUs: 7,
		systemUs: 8,
		deviceUs: 9,
		gpuUs: 10,
		peakMemoryBytes: 11,
		memoryMibMs: 12,
	},
	...{ readBytes: 13, writtenBytes: 14, bytesIn: 15, bytesOut: 16, storedMibS: 17, requests: 18 },
};

test('kinds of usage are stored by their positions', () => {
	expect(USAGE_KINDS).toEqual(['attempt', 'upload', 'download', 'storage', 'requests', 'correction']);
});

test('what is sealed and what is written down of it are the hashes that earlier builds made', async () => {
	await using folder = new TempFolder();
	const operations = [...ACCOUNTING_OPERATIONS, ...AUDIT_OPERATIONS, insert];
	await using ledger = new TestLedger({ file: folder.join('ledger.db'), operations });
	const accounting = new Accounting({ ledger, logger: createLogger('silent'), classOf: () => 'standard' });
	await ledger.write(insert, RECORD);
	await ledger.write(insert, { ...RECORD, at: START + 2 * DAY });
	await new Seals({ ledger, now: () => START + 2 * DAY - 1 + 3_600_000 }).sealDue();
	await accounting.rollups.finish();
	await accounting.counters.catchUp();
	const due = await ledger.read(readPurgeDue, { before: START + 2 * DAY });
	const sums = await ledger.read(readRecordSums, { after: 0, lastSeq: due!.seal.lastSeq });
	await ledger.write(addPurge, { seal: due!.seal, sums, now: START + 3 * DAY });
	const db = new Database(folder.join('ledger.db'), { readonly: true });
	const hashes = db.prepare(
		'SELECT lower(hex(s.hash)) AS seal, lower(hex(p.hash)) AS purge FROM usage_seals s JOIN usage_purges p USING (day)',
	);
	expect(hashes.all()).toEqual([
		{
			seal: '740c1c9d0c9a76e07d161e4fe12f1628c8077372ff7bb9099ca94e6344daa336',
			purge: '3d7a57b39266240d9c6e89dcb64eb317ac5e24f22941ca2fbe9b41884b94d589',
		},
	]);
	db.close();
});
