import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moneyInWords } from '../../shared/money-words.ts';
import { type Statement, statementSchema } from '../../shared/protocol/statement.ts';
import { USAGE_KINDS } from '../../shared/protocol/usage.ts';
import { pdfText } from '../../test/support/pdf-text.ts';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { writeOperation } from '../database/operation.ts';
import { addCorrection } from './correction-store.ts';
import { Forgetting } from './forgetting.ts';
import { legible } from './legible-text.ts';
import { ACCOUNTING_OPERATIONS } from './operations.ts';
import { PriceBooks } from './price-books.ts';
import { Rollups } from './rollups.ts';
import { Seals } from './seals.ts';
import { statementCsv } from './statement-csv.ts';
import { statementPdf } from './statement-pdf.ts';
import { Statements } from './statements.ts';
import { UsageCounters } from './usage-counters.ts';
import { NOTHING_USED, OF_NO_TASK, prepareUsageRecord, type UsageRecord, usageRow } from './usage-record.ts';

const MARCH = Date.parse('2026-03-01T00:00:00Z');
const APRIL = Date.parse('2026-04-01T00:00:00Z');
const BY = { actor: 'usr_root', address: '192.0.2.1' };
const userOf = (seq: number): string => `usr_0000000000000000000000000${seq}`;
const NAMES = ['ada', '=Ада Ловлейс', 'Zoë 张伟'];

const insert = writeOperation('test.insert-usage', (db) => {
	const record = prepareUsageRecord(db);
	return (records: readonly UsageRecord[]) => {
		for (const one of records) record(usageRow(one));
	};
});
/** People 1 to 3; 1 and 2 are in Lab. */
const people = writeOperation('test.people', (db) => (names: readonly string[]) => {
	const add = db.prepare(
		`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at) VALUES (?, ?, ?, ?, '', 'user', 0)`,
	);
	for (const [at, name] of names.entries()) add.run(at + 1, userOf(at + 1), name, name);
	db.exec(`INSERT INTO groups (seq, id, name, name_key, created_at) VALUES (1, 'grp_1', 'Lab', 'lab', 0);
		INSERT INTO group_members VALUES (1, 1), (1, 2);`);
});
const ledgerSum = writeOperation('test.ledger-sum', (db) => {
	const select = db
		.prepare(
			`SELECT CAST(coalesce(sum(amount_micro), 0) AS TEXT) FROM usage_records
			 WHERE charged = 1 AND at >= ? AND at < ? AND owner_seq IN (SELECT value FROM json_each(?))`,
		)
		.pluck();
	return (owners: readonly number[]) => Number(select.get(MARCH, APRIL, JSON.stringify(owners)));
});

let folder: TempFolder;
let ledger: TestLedger;
let statements: Statements;
let rollups: Rollups;
let prices: PriceBooks;
let now: number;

beforeEach(async () => {
	folder = new TempFolder();
	const operations = [...ACCOUNTING_OPERATIONS, insert, people, ledgerSum];
	ledger = new TestLedger({ file: folder.join('ledger.db'), operations });
	now = MARCH - 86_400_000;
	prices = new PriceBooks({ ledger, now: () => now });
	rollups = new Rollups({ ledger });
	statements = new Statements({
		...{ ledger, prices, rollups, issuer: 'Mill & Söhne', now: () => now },
	});
	await ledger.write(people, NAMES);
	await prices.add({ prices: { cpuSecond: 20 } }, BY);
	const random = new SeededRandom(7);
	const records = Array.from({ length: 600 }, (): UsageRecord => {
		const kind = random.pick(USAGE_KINDS.filter((one) => one !== 'correction'));
		return {
			...{
				...NOTHING_USED,
				...OF_NO_TASK,
				kind,
				ownerSeq: 1 + random.between(0, 2),
				charged: random.between(0, 8) > 0,
			},
			...{
				at: MARCH - 86_400_000 + random.between(0, 33 * 86_400_000),
				amountMicro: random.between(0, 1_000_000_000_000),
			},
			...(kind === 'attempt'
				? {
						taskType: random.pick(['noop', '=thumbnail']),
						serviceClass: random.pick(['standard', 'night']),
						attempt: 1,
					}
				: {}),
			...{ userUs: 7, bytesIn: 1, bytesOut: 2, storedMibS: 3, requests: 1 },
		};
	});
	await ledger.write(insert, records);
	now = APRIL - 1_000;
	for (const [owner, amountMicro] of [
		[1, -250_000],
		[1, 3],
		[3, 7],
	] as const) {
		await ledger.write(addCorrection, {
			owner: userOf(owner),
			amountMicro,
			reason: '=a broken node',
			key: null,
			by: BY,
			now,
		});
	}
	now = APRIL + 3_600_000;
});
afterEach(async () => {
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const sumOf = (items: readonly { amountMicro: number }[]) =>
	items.reduce((sum, { amountMicro }) => sum + amountMicro, 0);

describe('a statement', () => {
	it.each([
		['a person', { owner: userOf(1) }, [1], 2],
		['a group', { group: 'grp_1' }, [1, 2], 2],
		['everybody', {}, [1, 2, 3], 3],
	])('of %s comes to what the ledger says, to the last millionth', async (_, of, owners, corrections) => {
		const statement = statementSchema.parse(await statements.of('2026-03', of));
		const wanted = await ledger.write(ledgerSum, owners);
		expect(wanted).not.toBe(0);
		expect(statement.total.amountMicro).toBe(wanted);
		expect(sumOf(statement.lines)).toBe(wanted);
		expect(statement.corrections).toHaveLength(corrections);
		expect(sumOf(statement.corrections)).toBe(sumOf(statement.lines.filter(({ kind }) => kind === 'correction')));
		if (owners.length > 1) expect(sumOf(statement.people)).toBe(wanted);
		expect(statement.people.map(({ name }) => name)).toEqual(
			owners.length === 1 ? [] : owners.map((seq) => NAMES[seq - 1]).sort((a, b) => (a! < b! ? -1 : 1)),
		);
	});

	it('of a month that is closed stays what it is, whatever comes later', async () => {
		const before = await statements.of('2026-03', {});
		expect(before).toMatchObject({ state: 'closed', asOf: '2026-04-01T00:00:00.000Z', issuer: 'Mill & Söhne' });
		expect(before.prices).toEqual([{ version: 1, from: before.from, to: before.to }]);
		await prices.add({ prices: { cpuSecond: 40 } }, BY);
		await ledger.write(addCorrection, { owner: userOf(1), amountMicro: 9, reason: 'late', key: null, by: BY, now });
		now += 40 * 86_400_000;
		expect(await statements.of('2026-03', {})).toEqual(before);
	});

	it('is the same when its records are forgotten', async () => {
		now = APRIL + 100 * 86_400_000;
		const later: UsageRecord = { ...NOTHING_USED, ...OF_NO_TASK, kind: 'requests', at: now, ownerSeq: 1, requests: 1 };
		await ledger.write(insert, [later]);
		const clock = { ledger, now: () => now };
		const seals = new Seals(clock);
		await seals.sealDue();
		await rollups.finish();
		await new UsageCounters({ ledger }).catchUp();
		const before = await Promise.all(
			[{}, { owner: userOf(1) }, { group: 'grp_1' }].map((of) => statements.of('2026-03', of)),
		);
		const told = await new Forgetting({ ...clock, seals, counters: new UsageCounters({ ledger }) }).forget(
			1,
			new AbortController().signal,
		);
		expect(told).not.toMatch(/^0 /);
		expect(await ledger.write(ledgerSum, [1, 2, 3])).toBe(0);
		for (const statement of before) {
			const of = { [statement.of.kind === 'person' ? 'owner' : 'group']: statement.of.id ?? undefined };
			expect(statement.total.amountMicro).not.toBe(0);
			expect(await statements.of('2026-03', of)).toEqual(statement);
		}
	});

	it('is so far while something may still come, and none of a month that has not begun', async () => {
		now = APRIL - 3_600_000;
		expect(await statements.of('2026-03', {})).toMatchObject({ state: 'so-far', asOf: new Date(now).toISOString() });
		now = APRIL + 60_000;
		expect(await statements.of('2026-03', {})).toMatchObject({ state: 'so-far', asOf: '2026-04-01T00:00:00.000Z' });
		await expect(statements.of('2026-05', {})).rejects.toThrow('has not begun');
	});

	it('is refused of nobody, and empty of a month in which nothing was', async () => {
		await expect(statements.of('2026-03', { owner: userOf(9) })).rejects.toMatchObject({ code: 'not-found' });
		await expect(statements.of('2026-03', { group: 'grp_9' })).rejects.toMatchObject({ code: 'not-found' });
		expect(await statements.of('2025-11', {})).toMatchObject({ lines: [], prices: [], total: { amountMicro: 0 } });
	});
});

describe('as CSV', () => {
	it('has every amount, and nothing that a spreadsheet runs', async () => {
		const statement = await statements.of('2026-03', { group: 'grp_1' });
		const text = statementCsv(statement);
		const rows = parse(text, { columns: true }) as Record<string, string>[];
		const amounts = (row: string) => rows.filter((one) => one.row === row).map((one) => Number(one.amountMicro));
		const add = (of: number[]) => of.reduce((sum, one) => sum + one, 0);
		expect(add(amounts('line'))).toBe(statement.total.amountMicro);
		expect(add(amounts('person'))).toBe(statement.total.amountMicro);
		expect(amounts('total')).toEqual([statement.total.amountMicro]);
		expect(rows[0]).toMatchObject({ month: '2026-03', zone: 'UTC', state: 'closed', asOf: '2026-04-01T00:00:00.000Z' });
		expect(rows.filter(({ row }) => row === 'correction').map(({ reason }) => reason)).toEqual([
			...["'=a broken node", "'=a broken node"],
		]);
		for (const cell of rows.flatMap((row) => Object.values(row))) expect(cell).not.toMatch(/^[=+@]/);
	});

	it('has columns that stay', async () => {
		const [head] = statementCsv(await statements.of('2025-11', {})).split('\r\n');
		expect(head).toBe(
			'row,month,zone,state,asOf,scope,scopeId,scopeName,kind,what,class,person,personName,records,tasks,wallMs,cpuMs,userMs,systemMs,deviceMs,gpuMs,memoryMibMs,readBytes,writtenBytes,bytesIn,bytesOut,storedMibS,requests,amountMicro,currency,record,at,reason',
		);
	});
});

describe('as PDF', () => {
	const font = (name: string) =>
		readFileSync(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
	const fonts = { regular: font('DejaVuSans'), bold: font('DejaVuSans-Bold') };

	it('says whose it is, of when, by which prices, each line, corrections and the total; names are legible', async () => {
		const pdf = await statementPdf(await statements.of('2026-03', {}), fonts);
		const text = pdfText(pdf).flat();
		expect(text).toContain('Mill & Söhne');
		expect(text).toContain('Statement of use, 2026-03');
		expect(text).toContain('Period: 2026-03-01 00:00:00 UTC to 2026-04-01 00:00:00 UTC, not included');
		expect(text).toContain('State: Closed');
		expect(text.join(' ')).toContain('Prices: version 1 from 2026-03-01 00:00:00 UTC');
		const { total, lines } = await statements.of('2026-03', {});
		for (const { amountMicro } of [total, ...lines]) {
			expect(text.some((line) => line === `${moneyInWords(amountMicro)} EUR`)).toBe(true);
		}
		expect(text).toContain('=Ада Ловлейс');
		expect(text).toContain('Zoë [U+5F20][U+4F1F]');
		expect(text).toContain('=a broken node');
		expect(text.some((line) => line.includes('\ufffd'))).toBe(false);
		expect(text).toContain('Page 1 of 1');
	});

	it('is the same bytes again, and goes on over pages that are numbered', async () => {
		const statement: Statement = await statements.of('2026-03', {});
		const many = { ...statement, people: Array.from({ length: 90 }, () => statement.people[0]!) };
		const [pdf, again] = [await statementPdf(many, fonts), await statementPdf(many, fonts)];
		expect(pdf.equals(again)).toBe(true);
		const pages = pdfText(pdf);
		expect(pages.length).toBeGreaterThan(2);
		for (const [at, lines] of pages.entries()) {
			expect(lines).toContain(`Page ${at + 1} of ${pages.length}`);
			expect(lines).toContain('AMOUNT');
		}
		expect(pages.flat().filter((line) => line === many.people[0]?.name)).toHaveLength(90);
	});

	it('says that a month is not over', async () => {
		now = APRIL - 3_600_000;
		const text = pdfText(await statementPdf(await statements.of('2026-03', {}), fonts)).flat();
		expect(text).toContain('State: So far, as of 2026-03-31 23:00:00 UTC: the month is not closed');
	});
});

it.each([
	['a\u202eb\u0000c\n d', 'a b c d'],
	['שלום עולם', 'עולם שלום'],
	['שלום Ada', 'שלום Ada'],
	['😀', '[U+1F600]'],
])('%j is legible', (text, shown) => expect(legible(text, (one) => one < 0x3000)).toBe(shown));
