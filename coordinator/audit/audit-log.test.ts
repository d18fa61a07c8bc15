import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../shared/coded-error.ts';
import type { Json } from '../../shared/protocol/json.ts';
import { InlineLedger } from '../database/inline-ledger.ts';
import { writeOperation } from '../database/operation.ts';
import { AuditLog } from './audit-log.ts';
import { type AuditEntry, prepareAudit } from './audit-store.ts';
import { AUDIT_OPERATIONS } from './operations.ts';

let folder: string;
let file: string;
let ledger: InlineLedger;
let audit: AuditLog;

const recordAndThrow = writeOperation('test.record-and-throw', (db) => {
	const record = prepareAudit(db);
	return (entry: AuditEntry) => {
		record(entry);
		throw new CodedError('conflict');
	};
});

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'millrace-'));
	file = path.join(folder, 'ledger.db');
	ledger = new InlineLedger({ file, operations: [...AUDIT_OPERATIONS, recordAndThrow] });
	audit = new AuditLog({ ledger });
});
afterEach(async () => {
	await ledger[Symbol.asyncDispose]();
	rmSync(folder, { recursive: true });
});

const entry = (change: Partial<AuditEntry> = {}): AuditEntry => ({
	at: 1_700_000_000_000,
	actor: 'usr_a',
	action: 'file.upload',
	object: 'fil_a',
	outcome: 'done',
	address: '192.0.2.1',
	detail: { size: 12, name: 'ä"\n' },
	...change,
});

/** What somebody with the file and an SQLite shell can do. */
const tamper = (change: (db: Database.Database) => void): void => {
	const db = new Database(file);
	change(db);
	db.close();
};

describe('the audit log', () => {
	it('is good when nobody touched it, whatever was recorded and however long the pages are', async () => {
		expect(await audit.verify()).toMatchObject({ ok: true, rows: 0 });
		const text = fc.string({ unit: 'binary', maxLength: 1_200 });
		const entries = fc.record({
			at: fc.nat(),
			actor: text,
			action: text,
			object: text,
			outcome: fc.constantFrom('done' as const, 'refused' as const),
			address: text,
			detail: fc.dictionary(text, fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>, { maxKeys: 5 }),
		});
		let rows = 0;
		await fc.assert(
			fc.asyncProperty(fc.array(entries, { maxLength: 5 }), fc.integer({ min: 1, max: 4 }), async (batch, pageSize) => {
				await audit.record(...batch);
				rows += batch.length;
				expect(await audit.verify(pageSize)).toMatchObject({ ok: true, rows });
			}),
			{ numRuns: 60 },
		);
	});

	it('names the row when any column of any row is changed', async () => {
		for (let i = 0; i < 12; i++) await audit.record(entry({ at: i, object: `fil_${i}` }));
		const columns = ['at', 'actor', 'action', 'object', 'outcome', 'address', 'detail', 'previous', 'hash', 'seq'];
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.constantFrom(...columns), async (seq, column) => {
				const copy = path.join(folder, 'copy.db');
				tamper((db) => db.exec(`VACUUM INTO '${copy}'`));
				const other = new Database(copy);
				const value: Record<string, unknown> = {
					at: 999,
					outcome: 'refused',
					detail: '{"size": 12}',
					previous: Buffer.alloc(32, 1),
					hash: Buffer.alloc(32, 1),
					seq: 99,
				};
				other.prepare(`UPDATE audit_log SET ${column} = ? WHERE seq = ?`).run(value[column] ?? 'other', seq);
				other.close();
				const tampered = new InlineLedger({ file: copy, operations: AUDIT_OPERATIONS });
				const verdict = await new AuditLog({ ledger: tampered }).verify(5);
				await tampered[Symbol.asyncDispose]();
				for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true });
				expect(verdict).toEqual({ ok: false, firstBad: seq });
			}),
			{ numRuns: 60 },
		);
	});

	it.each([1, 6, 12])('sees that row %i of 12 was removed, even when more is recorded later', async (seq) => {
		for (let i = 0; i < 12; i++) await audit.record(entry({ at: i }));
		tamper((db) => db.prepare('DELETE FROM audit_log WHERE seq = ?').run(seq));
		expect(await audit.verify()).toEqual({ ok: false, firstBad: seq });
		await audit.record(entry());
		expect(await audit.verify()).toEqual({ ok: false, firstBad: seq });
	});

	it('sees that two rows were swapped and that a row was put in between', async () => {
		for (let i = 0; i < 6; i++) await audit.record(entry({ at: i }));
		tamper((db) => {
			db.exec('UPDATE audit_log SET seq = 100 WHERE seq = 3');
			db.exec('UPDATE audit_log SET seq = 3 WHERE seq = 4');
			db.exec('UPDATE audit_log SET seq = 4 WHERE seq = 100');
			db.exec(`UPDATE sqlite_sequence SET seq = 6 WHERE name = 'audit_log'`);
		});
		expect(await audit.verify()).toEqual({ ok: false, firstBad: 3 });
	});

	it('stays whole when the change that it recorded is undone', async () => {
		await audit.record(entry({ object: 'first' }));
		await expect(ledger.write(recordAndThrow, entry({ object: 'undone' }))).rejects.toThrow(CodedError);
		await audit.record(entry({ object: 'second' }));
		expect(await audit.verify()).toMatchObject({ ok: true, rows: 2 });
		expect((await audit.list({}, { limit: 10 })).items.map((row) => row.object)).toEqual(['second', 'first']);
	});

	it('lists newest first in pages, and only what the filter asks for', async () => {
		for (let i = 1; i <= 9; i++) {
			await audit.record(entry({ at: i, actor: i % 2 ? 'usr_odd' : 'usr_even', outcome: i > 7 ? 'refused' : 'done' }));
		}
		const seen: number[] = [];
		let cursor: string | undefined;
		do {
			const page = await audit.list({ actor: 'usr_odd' }, { limit: 2, cursor });
			seen.push(...page.items.map((row) => row.at));
			cursor = page.nextCursor ?? undefined;
		} while (cursor !== undefined);
		expect(seen).toEqual([9, 7, 5, 3, 1]);
		const times = async (filter: Parameters<AuditLog['list']>[0]) =>
			(await audit.list(filter, { limit: 100 })).items.map((row) => row.at);
		expect(await times({ outcome: 'refused' })).toEqual([9, 8]);
		expect(await times({ from: 3, to: 5 })).toEqual([4, 3]);
		expect(await times({ action: 'file.delete' })).toEqual([]);
		await expect(audit.list({}, { limit: 2, cursor: 'bm9uc2Vuc2U' })).rejects.toMatchObject({ code: 'bad-cursor' });
	});
});
