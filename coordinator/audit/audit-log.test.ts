import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../shared/coded-error.ts';
import type { Json } from '../../shared/protocol/json.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { writeOperation } from '../database/operation.ts';
import { AuditLog } from './audit-log.ts';
import { type AuditEntry, prepareAudit } from './audit-store.ts';
import { blankAudit } from './blank-store.ts';
import { auditText } from './export.ts';
import { AUDIT_OPERATIONS } from './operations.ts';

let folder: string;
let file: string;
let ledger: TestLedger;
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
	ledger = new TestLedger({ file, operations: [...AUDIT_OPERATIONS, recordAndThrow] });
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
		const columns = [
			'at',
			'actor',
			'action',
			'object',
			'outcome',
			'address',
			'detail',
			'salt',
			'digest',
			'previous',
			'hash',
		];
		columns.push('seq');
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.constantFrom(...columns), async (seq, column) => {
				const copy = path.join(folder, 'copy.db');
				tamper((db) => db.exec(`VACUUM INTO '${copy}'`));
				const other = new Database(copy);
				const value: Record<string, unknown> = {
					at: 999,
					outcome: 'refused',
					detail: '{"size": 12}',
					salt: Buffer.alloc(16, 1),
					digest: Buffer.alloc(32, 1),
					previous: Buffer.alloc(32, 1),
					hash: Buffer.alloc(32, 1),
					seq: 99,
				};
				other.prepare(`UPDATE audit_log SET ${column} = ? WHERE seq = ?`).run(value[column] ?? 'other', seq);
				other.close();
				const tampered = new TestLedger({ file: copy, operations: AUDIT_OPERATIONS });
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

	it('knows what those are called now whom entries tell of, while they are there', async () => {
		await audit.record(entry({ actor: 'usr_a', object: 'usr_gone' }));
		tamper((db) =>
			db.exec(`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
				VALUES (1, 'usr_a', 'ada', 'ada', 'x', 'user', 1)`),
		);
		const { items } = await audit.list({}, { limit: 10 });
		expect([...(await audit.namesIn(items))]).toEqual([['usr_a', { name: 'ada', isGone: false }]]);
	});

	it('knows budgets, recipes and tokens by their names, and what is gone by what was recorded, in one reading', async () => {
		tamper((db) =>
			db.exec(`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
				VALUES (1, 'usr_a', 'ada', 'ada', 'x', 'user', 1);
			INSERT INTO groups (seq, id, name, name_key, created_at) VALUES (1, 'grp_1', 'lab', 'lab', 1);
			INSERT INTO budgets (id, user_seq, group_seq, service_class, amount_micro, warn_at_percent, action, created_at, updated_at)
				VALUES ('bud_a', 1, NULL, NULL, 1, 80, 'hold', 1, 1), ('bud_lab', NULL, 1, NULL, 1, 80, 'hold', 1, 1);
			INSERT INTO node_tokens (id, hash, uses_left, created_at, expires_at, ending) VALUES ('ntk_a', zeroblob(32), 1, 1, 9, 'wxyz');
			INSERT INTO credentials (id, kind, user_seq, name, hash, created_at) VALUES ('tok_a', 'token', 1, 'backup', zeroblob(32), 1);
			INSERT INTO recipes (id, owner_seq, name, name_key, version, body, created_at, updated_at)
				VALUES ('rcp_a', 1, 'Faces', 'faces', 1, '{}', 1, 1);`),
		);
		const done = (object: string, detail: object) => entry({ object, detail: detail as never });
		await audit.record(
			...['bud_a', 'bud_lab', 'ntk_a', 'tok_a', 'rcp_a'].map((object) => done(object, { name: 'as it was' })),
			done('bud_gone', { for: 'grp_1' }),
			done('bud_old', { for: 'background' }),
			done('bud_erased', { for: 'usr_erased' }),
			done('rcp_gone', { name: 'Sums' }),
			done('rcp_gone', {}),
			done('ntk_gone', { ending: 'abcd' }),
			entry({ object: 'rcp_never', detail: { name: 'a lie' }, outcome: 'refused' }),
		);
		const { items } = await audit.list({}, { limit: 20 });
		const names = Object.fromEntries(await audit.namesIn(items));
		expect(names).toMatchObject({
			...{ bud_a: { name: 'ada', isGone: false }, bud_lab: { name: 'the group lab', isGone: false } },
			...{ ntk_a: { name: '…wxyz', isGone: false }, ntk_gone: { name: '…abcd', isGone: true } },
			...{ tok_a: { name: 'backup' }, rcp_a: { name: 'Faces' }, rcp_gone: { name: 'Sums', isGone: true } },
			...{ bud_gone: { name: 'the group lab', isGone: true }, bud_old: { name: 'the service class background' } },
		});
		expect(Object.keys(names)).not.toContain('bud_erased');
		expect(Object.keys(names)).not.toContain('rcp_never');
	});

	it('finds words anywhere in any case, kinds of acts, and nothing by signs that only look like patterns', async () => {
		await audit.record(
			entry({ at: 1, action: 'queue.pause', object: 'fast', detail: { reason: 'Moving 100% of it' } }),
			entry({ at: 2, action: 'queue.resume', object: 'fast', detail: {} }),
			entry({ at: 3, action: 'queues.x', object: 'a_b', address: '198.51.100.7', detail: {} }),
		);
		const times = async (filter: Parameters<AuditLog['list']>[0]) =>
			(await audit.list(filter, { limit: 100 })).items.map((row) => row.at);
		expect(await times({ text: 'moving' })).toEqual([1]);
		expect(await times({ text: '100%' })).toEqual([1]);
		expect(await times({ text: '0%o' })).toEqual([]);
		expect(await times({ text: 'a_b' })).toEqual([3]);
		expect(await times({ text: '51.100' })).toEqual([3]);
		expect(await times({ action: 'queue.*' })).toEqual([2, 1]);
		expect(await times({ action: 'queue*' })).toEqual([3, 2, 1]);
		expect(await times({ action: '*.resume' })).toEqual([2]);
		expect(await times({ action: '[q]ueue.*' })).toEqual([]);
		expect(await times({ object: 'fast', text: 'resume' })).toEqual([2]);
		expect(await times({ actor: 'usr_a', to: 3, from: 2 })).toEqual([2]);
		expect(await times({ from: 4 })).toEqual([]);
	});

	it('is exported whole, with what a spreadsheet would run made harmless', async () => {
		for (let i = 1; i <= 5; i++) await audit.record(entry({ at: i, object: i === 3 ? '=cmd()' : 'x,"y"' }));
		const texts: string[] = [];
		for await (const text of auditText(audit.all({}, 2), 'csv')) texts.push(text);
		const rows = parse(texts.join(''), { columns: true }) as Record<string, string>[];
		expect(rows.map(({ seq }) => seq)).toEqual(['5', '4', '3', '2', '1']);
		expect(rows[2]).toMatchObject({ object: "'=cmd()", at: '1970-01-01T00:00:00.003Z' });
		expect(rows[1]).toMatchObject({ object: 'x,"y"', address: '192.0.2.1' });
		const lines: string[] = [];
		for await (const text of auditText(audit.all({ actor: 'usr_a' }, 2), 'json')) lines.push(text);
		expect(JSON.parse(lines.join('').split('\n')[2] ?? '')).toMatchObject({ seq: 3, object: '=cmd()' });
	});

	describe('of whoever is deleted', () => {
		const ADA = `usr_${'a'.repeat(26)}`;
		const CHILD = `fil_${'b'.repeat(26)}`;
		const blank = async (begun: number) => {
			for (let after = 0; ; ) {
				const said = await ledger.write(blankAudit, { userId: ADA, username: 'ada', begun, after });
				if (said.after === null) return said.blanked;
				after = said.after;
			}
		};
		const erase = async () => {
			await audit.record(
				entry({ at: 1, actor: ADA, object: CHILD, detail: { path: '/ada/secret.txt' } }),
				entry({ at: 2, actor: ADA, object: '/api/v1/content/secret.txt', outcome: 'refused' }),
				entry({ at: 3, actor: 'usr_root', action: 'user.create', object: ADA, detail: { username: 'ada' } }),
				entry({ at: 4, actor: 'usr_root', object: 'x', detail: { who: 'adam' } }),
				entry({ at: 5, actor: 'usr_root', action: 'user.delete', object: ADA, address: '192.0.2.9', detail: {} }),
			);
			const entriesBlanked = await blank(5);
			const detail = { begun: 5, entriesBlanked };
			await audit.record(entry({ at: 6, actor: 'system', action: 'user.erase', object: ADA, detail }));
			return entriesBlanked;
		};

		it('only ids stay, and the chain holds', async () => {
			expect(await erase()).toBe(3);
			expect(await audit.verify(2)).toMatchObject({ ok: true, rows: 6, blanked: 3 });
			const { items } = await audit.list({}, { limit: 10 });
			const blanked = items.filter((row) => row.blanked);
			expect(blanked.map(({ object }) => object)).toEqual([ADA, '', CHILD]);
			for (const row of blanked) expect(row).toMatchObject({ address: '', detail: {} });
			expect(items.find(({ at }) => at === 4)).toMatchObject({ blanked: false, detail: { who: 'adam' } });
		});

		it.each([
			['one more', 'salt = NULL, blanked_by = 5', 4, 'x', 1],
			['one by an entry that is no deletion', 'salt = NULL, blanked_by = 4', 1, CHILD, 1],
		])('sees that somebody blanked %s', async (_, set, seq, object, firstBad) => {
			await erase();
			const kept = object === 'x' ? '' : object;
			tamper((db) =>
				db.prepare(`UPDATE audit_log SET ${set}, address = '', detail = '{}', object = ? WHERE seq = ?`).run(kept, seq),
			);
			// Which of those that name the deletion is one too many, their number does not say: the first is named.
			expect(await audit.verify(2)).toEqual({ ok: false, firstBad });
		});

		it('sees that words were put where they had been blanked', async () => {
			await erase();
			tamper((db) => db.prepare(`UPDATE audit_log SET detail = '{"path":"/other"}' WHERE seq = 1`).run());
			expect(await audit.verify()).toEqual({ ok: false, firstBad: 1 });
		});
	});
});

it('tells how far its check has come, and nothing when none is under way', async () => {
	const seen: unknown[] = [];
	const looked: AuditLog = new AuditLog({
		ledger: {
			...{ write: ledger.write.bind(ledger) },
			read(...args: Parameters<typeof ledger.read>) {
				seen.push(looked.progress);
				return ledger.read(...args);
			},
		} as TestLedger,
	});
	const entry = { at: 1, actor: 'usr_a', action: 'a.b', object: '', outcome: 'done' as const, address: '', detail: {} };
	await audit.record(entry, entry);
	await looked.verify(1);
	expect(seen.slice(1)).toEqual([0, 1, 2].map((checked) => ({ checked, of: 2 })));
	expect(looked.progress).toBe(null);
});

it('finds an entry by its number', async () => {
	const entry = { at: 1, actor: 'usr_a', action: 'a.b', object: '', outcome: 'done' as const, address: '', detail: {} };
	await audit.record(entry, { ...entry, action: 'c.d' }, entry);
	expect(await audit.read(2)).toMatchObject({ seq: 2, action: 'c.d' });
	await expect(audit.read(4)).rejects.toMatchObject({ code: 'not-found' });
});
