import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { SYSTEM } from '../audit/doer.ts';
import { AUDIT_OPERATIONS } from '../audit/operations.ts';
import { searchAudit } from '../audit/search-store.ts';
import { writeOperation } from '../database/operation.ts';
import { createLogger } from '../report/logger.ts';
import { Accounting } from './accounting.ts';
import { meterRequests, meterStorage } from './meter-store.ts';
import { ACCOUNTING_OPERATIONS } from './operations.ts';

const ADA = 'usr_00000000000000000000000001';
const setStorage = writeOperation('test.set-storage', (db) => (bytes: number) => {
	db.prepare('INSERT INTO storage_use VALUES (1, 1, 1, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes').run(bytes);
});
const person = writeOperation('test.person', (db) => (_: null) => {
	db.exec(`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
	         VALUES (1, '${ADA}', 'ada', 'ada', '', 'user', 0)`);
});
const deletePerson = writeOperation('test.delete-person', (db) => (_: null) => {
	db.exec(`INSERT INTO deleted_people VALUES (1, '${ADA}', 1, 1, 1); DELETE FROM users`);
});
const meterAndDie = writeOperation('test.meter-and-die', (db) => {
	const meter = meterStorage.prepare(db);
	return (now: number) => {
		meter({ now, people: [[1, serviceClass]] });
		throw new Error('killed');
	};
});
const forget = writeOperation('test.forget', (db) => (_: null) => void db.exec('DELETE FROM storage_metering'));

let folder: TempFolder;
let ledger: TestLedger;
let accounting: Accounting;
let serviceClass = 'standard';

beforeEach(async () => {
	folder = new TempFolder();
	ledger = new TestLedger({
		file: folder.join('ledger.db'),
		operations: [...ACCOUNTING_OPERATIONS, ...AUDIT_OPERATIONS, setStorage, person, deletePerson, meterAndDie, forget],
	});
	accounting = new Accounting({ ledger, logger: createLogger('silent'), classOf: () => serviceClass });
	await ledger.write(person, null);
});
afterEach(async () => {
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const total = async (kind: 'storage' | 'requests' | 'correction') => {
	const period = { from: '1970-01-01T00:00:00Z', to: '1970-12-31T00:00:00Z' };
	const now = kind === 'storage' ? period : {};
	return (await accounting.cuts.cut({ ...now, by: 'owner', zone: 'Z', limit: 9, kind })).total;
};

test('stored content is metered for all of its time, whatever is killed and however often it is done', async () => {
	const MIB_SECOND = 1_048_576 * 1_000;
	const step = fc.record({
		ms: fc.integer({ min: 0, max: 20_000_000 }),
		bytes: fc.integer({ min: 0, max: 2 ** 22 }),
		dies: fc.boolean(),
	});
	let before = 0;
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
			await ledger.write(forget, null);
			let [now, since, exact] = [1_000, 1_000, 0];
			await ledger.write(setStorage, 0);
			await accounting.meterStorage(now);
			for (const { ms, bytes, dies } of steps) {
				now += ms;
				await ledger.write(setStorage, bytes);
				if (dies) {
					await expect(ledger.write(meterAndDie, now)).rejects.toThrow('killed');
					continue;
				}
				await accounting.meterStorage(now);
				exact += bytes * (now - since);
				since = now;
			}
			const { storedMibS } = await total('storage');
			expect(storedMibS - before).toBe(Math.floor(exact / MIB_SECOND));
			before = storedMibS;
		}),
		{ numRuns: 25 },
	);
});

test('requests are metered once each, and what could not be is not forgotten', async () => {
	for (let i = 0; i < 5; i++) accounting.requests.count(1);
	const works = ledger.write.bind(ledger);
	ledger.write = async (operation, args) => {
		if (operation.name === meterRequests.name) throw new Error('the disk is full');
		return works(operation, args);
	};
	await expect(accounting.requests.flush()).rejects.toThrow('disk');
	accounting.requests.count(1);
	ledger.write = works;
	await accounting.requests.flush();
	await accounting.requests.flush();
	expect(await total('requests')).toMatchObject({ requests: 6, records: 1 });
});

test('a correction is a record of its own, audited with its reason, and what it corrects is found', async () => {
	const { record, ...told } = await accounting.correct(
		{ owner: 'Ada', amountMicro: -250, reason: 'a broken disk' },
		SYSTEM,
	);
	expect(told).toEqual({ owner: ADA, name: 'ada', amountMicro: -250, monthMicro: -250 });
	expect(await total('correction')).toMatchObject({ amountMicro: -250 });
	const { items } = await ledger.read(searchAudit, { filter: { action: 'usage.correct' }, before: null, limit: 5 });
	expect(items).toMatchObject([{ object: ADA, detail: { record, amountMicro: -250, reason: 'a broken disk' } }]);
	const key = { bySeq: 1, key: 'correction k', requestHash: new Uint8Array([1]) };
	const twice = { owner: ADA, amountMicro: -50, reason: 'sent twice' };
	const once = await accounting.correct(twice, SYSTEM, key);
	expect(once.monthMicro).toBe(-300);
	expect(await accounting.correct(twice, SYSTEM, key)).toEqual(once);
	expect(await total('correction')).toMatchObject({ amountMicro: -300, records: 2 });
	const other = { ...key, requestHash: new Uint8Array([2]) };
	await expect(accounting.correct(twice, SYSTEM, other)).rejects.toMatchObject({ code: 'idempotency-mismatch' });
	const nobody = { owner: 'usr_00000000000000000000000009', amountMicro: 1, reason: 'x' };
	await expect(accounting.correct(nobody, SYSTEM)).rejects.toThrow('There is no user');
	accounting.requests.count(1);
	await accounting.requests.flush();
	const page = await accounting.records({ limit: 1, owner: ADA });
	expect(page.items).toMatchObject([{ kind: 'requests', owner: ADA, requests: 1, charged: true }]);
	const next = await accounting.records({ limit: 1, owner: ADA, cursor: page.nextCursor! });
	expect(next.items).toMatchObject([
		{ kind: 'correction', record: once.record, amountMicro: -50, reason: 'sent twice' },
	]);
	expect((await accounting.cuts.own(1, {})).corrections).toMatchObject([
		{ record: once.record, amountMicro: -50, reason: 'sent twice' },
		{ record, amountMicro: -250, reason: 'a broken disk' },
	]);
	expect((await accounting.records({ limit: 9, kind: 'upload' })).items).toEqual([]);
});

test('what somebody used is found by name and id, and by the id once that person was deleted', async () => {
	accounting.requests.count(1);
	await accounting.requests.flush();
	const cut = (owner?: string) => accounting.cuts.cut({ by: 'owner', zone: 'Z', limit: 9, owner });
	expect((await cut('Ada')).items).toMatchObject([{ key: ADA, name: 'ada', requests: 1 }]);
	await expect(cut('bob')).rejects.toThrow('There is no user bob');
	await ledger.write(deletePerson, null);
	for (const owner of [undefined, ADA]) {
		expect((await cut(owner)).items).toMatchObject([{ key: ADA, name: null, requests: 1 }]);
		const { items } = await accounting.records({ limit: 9, owner });
		expect(items).toMatchObject([{ owner: ADA, requests: 1 }]);
	}
	const { of, people } = await accounting.statements.of(new Date().toISOString().slice(0, 7), {});
	expect([of.kind, people.map(({ id }) => id)]).toEqual(['everybody', [ADA]]);
	await expect(cut('ada')).rejects.toThrow('There is no user');
});

test('what is used without a task costs what the class that counts then makes of it', async () => {
	const prices = { gibOut: 1_000, gibStoredMonth: 2_628_000, request: 10 };
	expect(await accounting.cuts.own(1, {})).toMatchObject({ currency: null, freeBefore: null });
	const book = await accounting.prices.add({ prices, classFactors: { dear: '2', standard: '1' } }, SYSTEM);
	expect(await accounting.cuts.own(1, {})).toMatchObject({ currency: 'EUR', freeBefore: book.from });
	const hour = 3_600_000;
	const now = Date.now() + hour;
	await ledger.write(setStorage, 2 ** 30);
	await accounting.meterStorage(now);
	for (const [hours, name] of [
		[1, 'standard'],
		[2, 'dear'],
	] as const) {
		serviceClass = name;
		await accounting.meterStorage(now + hours * hour);
		await accounting.recordTransfer({
			...{ at: now, ownerSeq: 1, kind: 'download', bytes: 2 ** 30, wallMs: 1, serviceClass },
		});
		accounting.requests.count(1);
		await accounting.requests.flush();
	}
	serviceClass = 'standard';
	const { items } = await accounting.records({ limit: 99 });
	const found = items.map((one) => [one.kind, one.class, one.amountMicro]).filter(([kind]) => kind !== 'correction');
	expect(found.reverse()).toEqual([
		['storage', 'standard', 3_600],
		['download', 'standard', 1_000],
		['requests', 'standard', 10],
		['storage', 'dear', 7_200],
		['download', 'dear', 2_000],
		['requests', 'dear', 20],
	]);
});
