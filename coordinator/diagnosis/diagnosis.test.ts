import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { fillEverything } from '../../test/support/fill-everything.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { tracesOfWord } from '../../test/support/traces.ts';
import { coordinatorConfig } from '../config/coordinator-config.ts';
import type { HealthFacts } from '../health/facts.ts';
import { Health } from '../health/health.ts';
import { createLogger } from '../report/logger.ts';
import { RecentLines } from '../report/recent-lines.ts';
import { Diagnosis } from './diagnosis.ts';
import { DIAGNOSIS_OPERATIONS } from './diagnosis-store.ts';
import { historySection, liveSections, logSection, settingsSection } from './live-sections.ts';
import { redactedLog } from './log-lines.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { ledgerSections } from './sections.ts';

/** Stands for every secret, name, address, path, file name and parameter there is. */
const CANARY = 'Zanzibar7';
const inPath = `/srv/${CANARY}/${CANARY}.jpg`;

let folder: TempFolder;
let ledger: TestLedger;
beforeEach(() => {
	folder = new TempFolder();
	ledger = new TestLedger({ file: folder.join('ledger.db'), operations: DIAGNOSIS_OPERATIONS });
});
afterEach(async () => {
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

/** Files of the zip with their text, and all its bytes as text. */
const unpacked = async (diagnosis: Diagnosis) => {
	const pieces: Buffer[] = [];
	await diagnosis.writeTo(async (piece) => void pieces.push(Buffer.from(piece)));
	const bytes = Buffer.concat(pieces);
	const files = new Map<string, string>();
	for await (const entry of (await fromBufferPromise(bytes)).eachEntry()) {
		const zip = await fromBufferPromise(bytes);
		files.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
	}
	return { files, raw: bytes.toString('latin1') };
};

const facts = (): HealthFacts => ({
	...{ now: 1_000, ledger: { answers: false, why: `EIO at ${inPath}` }, walBytes: 7, certificateEndsAt: null },
	disk: { free: 5, total: 10, watermark: 1 },
	nodes: [{ name: CANARY, state: 'online', isDrained: false, lastSeenAt: 900, clockSkewMs: 4 }],
	queues: [
		{
			...{ name: CANARY, queued: 3, servers: 0, freeSlots: 0, stillMs: 5 },
			pause: { sinceMs: 9, by: CANARY, reason: `${CANARY} is away` },
		},
	],
	astray: { tasks: 2, routingKeys: [`${CANARY}.x`] },
	schedules: [{ name: CANARY, owner: CANARY, failures: 3, stopped: true }],
	backup: { lastOkAt: 500, everyMs: 60_000, why: `ENOSPC: no room, write '${inPath}'` },
	damaged: { contents: 2 },
	mail: { recipients: 1, failingSince: 3, error: `It said: no ${CANARY} here`, waiting: 1 },
	chores: [{ name: 'back-up', error: `SQLITE_FULL at ${inPath}` }],
});

const logged = (): RecentLines => {
	const recent = new RecentLines();
	const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write: (line) => recent.add(line) });
	const error = Object.assign(new Error(`ENOENT: no such file, open '${inPath}'`), { code: 'ENOENT', syscall: 'open' });
	logger.warn({ err: error, path: inPath, owner: CANARY, count: 3, deep: { token: CANARY } }, 'a file was not found');
	logger.error(
		{ err: new Error(CANARY, { cause: error }), code: CANARY, [CANARY]: CANARY },
		`gone: ${inPath} ${CANARY}`,
	);
	recent.add(`plain words of ${CANARY}\n`);
	recent.add(JSON.stringify({ time: CANARY, level: 30, msg: CANARY }));
	return recent;
};

const whole = (): Diagnosis => {
	const env = { MILLRACE_ADMIN_PASSWORD: CANARY, MILLRACE_PUBLIC_URL: `https://${CANARY}.example` };
	const given = { data: folder.join(CANARY), host: `${CANARY}.lan`, backupTo: inPath, secretKey: inPath };
	const more = { egressAllow: `${CANARY}.lan:80`, datasetRoots: inPath, otlpUrl: `http://${CANARY}:4318` };
	const health = new Health({ facts: async () => facts(), version: '1', logger: createLogger('silent') });
	return new Diagnosis([
		...ledgerSections({ data: folder.path, madeBy: 'a test', ledger }),
		settingsSection(coordinatorConfig({ ...given, ...more }, env), 'a test'),
		...liveSections({ health, standing: () => ({ queues: [{ queue: CANARY, queued: 1 }], numbers: { inLine: 1 } }) }),
		historySection(async () => ({ times: [], measures: {} })),
		logSection(async () => logged().lines),
	]);
};

describe('a diagnosis', () => {
	it('tells of nobody and nothing of theirs, whatever is in the ledger, the settings, the checks and the log', async () => {
		const db = new Database(folder.join('ledger.db'));
		fillEverything(db, CANARY);
		expect(tracesOfWord(db, CANARY).length).toBeGreaterThan(150);
		db.close();
		process.env.MILLRACE_TEST_CANARY = CANARY;
		const { files, raw } = await unpacked(whole());
		delete process.env.MILLRACE_TEST_CANARY;
		expect(raw.toLowerCase()).not.toContain(CANARY.toLowerCase());
		// Nor is that so because it could not be made.
		for (const [name, words] of files) expect(words, name).not.toMatch(/cannotBeTold|leftOut/);
		expect(JSON.parse(files.get('nodes.json')!)).toMatchObject([
			{ name: expect.stringMatching(/^node-[0-9a-f]{10}$/), capabilities: { cores: 8 } },
		]);
		expect(JSON.parse(files.get('ledger.json')!).tables.files).toMatchObject({ rows: 1 });
	});

	it('says what is of use: checks with what they are made of, codes and places of errors, what waits', async () => {
		const { files } = await unpacked(whole());
		const checks = JSON.parse(files.get('checks.json')!);
		expect(checks).toMatchObject({
			state: 'fail',
			facts: { backup: { why: ['ENOSPC'] }, chores: [{ name: 'back-up', codes: ['SQLITE_FULL'] }] },
		});
		expect(checks.facts.nodes[0].node.slice(5)).toBe(checks.facts.queues[0].queue.slice(6));
		const [first] = files.get('log.ndjson')!.split('\n');
		expect(JSON.parse(first!)).toMatchObject({
			...{ level: 'warn', msg: 'a file was not found', count: 3 },
			err: {
				type: 'Error',
				code: 'ENOENT',
				syscall: 'open',
				frames: expect.arrayContaining([expect.stringMatching(/^diagnosis\.test\.ts:/)]),
			},
		});
		expect(JSON.parse(files.get('settings.json')!)).toMatchObject({
			...{ lease: 30_000, data: { isSet: true }, egressAllow: { entries: 1 }, adminPassword: { isSet: true } },
		});
		expect(JSON.parse(files.get('ledger.json')!)).toMatchObject({ pragmas: { journal_mode: 'wal', synchronous: 2 } });
		for (const name of files.keys()) expect(files.get('README.txt')).toContain(name === 'README.txt' ? '' : name);
	});

	it('is made of what there is: a part that cannot be found out says so, one that is too large, too', async () => {
		const { files } = await unpacked(
			new Diagnosis([
				{
					...{ file: 'bad.json', about: '' },
					gather: () => Promise.reject(Object.assign(new Error(CANARY), { code: 'SQLITE_CORRUPT' })),
				},
				{ file: 'large.json', about: '', gather: async () => 'x'.repeat(3 * 1024 * 1024) },
				{ file: 'good.json', about: '', gather: async () => ({ so: 'it is' }) },
			]),
		);
		expect(JSON.parse(files.get('bad.json')!)).toMatchObject({ cannotBeTold: { code: 'SQLITE_CORRUPT' } });
		expect(JSON.parse(files.get('large.json')!)).toMatchObject({ leftOut: 'it is too large' });
		expect(JSON.parse(files.get('good.json')!)).toEqual({ so: 'it is' });
	});

	it('keeps the newest of a long log, and the same words for the same name in one bundle only', () => {
		const recent = new RecentLines();
		for (let i = 0; i < 30_000; i++) {
			recent.add(
				`${JSON.stringify({ level: 30, time: '2026-11-30T07:00:00.000Z', i, msg: 'it goes on and on and on' })}\n`,
			);
		}
		expect(recent.lines.length).toBeLessThan(20_000);
		const lines = redactedLog(recent.lines, new Pseudonyms()).trim().split('\n');
		expect(JSON.parse(lines.at(-1)!)).toMatchObject({ i: 29_999 });
		const [one, other] = [new Pseudonyms(), new Pseudonyms()];
		expect(one.of('node', CANARY)).toBe(one.of('node', CANARY));
		expect(one.of('node', CANARY)).not.toBe(other.of('node', CANARY));
	});
});

it('messages of the log are constants: what differs stands in fields', () => {
	const root = new URL('..', import.meta.url).pathname;
	const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
		(name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
	);
	expect(sources.length).toBeGreaterThan(300);
	let calls = 0;
	for (const name of sources) {
		const source = readFileSync(join(root, name), 'utf8');
		for (const [call] of source.matchAll(/[lL]ogger\.(?:trace|debug|info|warn|error|fatal)\([\s\S]*?\);/g)) {
			calls += 1;
			expect(call, name).not.toMatch(/`/);
		}
	}
	expect(calls).toBeGreaterThan(50);
});
