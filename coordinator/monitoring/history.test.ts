import { existsSync, mkdirSync, readFileSync, rmdirSync, truncateSync, writeFileSync } from 'node:fs';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { bundledEntry } from '../../test/support/bundled-entry.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { BatchMaker } from './batch-maker.ts';
import { History } from './history.ts';
import { rangeOf } from './history-range.ts';
import { openHistory } from './open-history.ts';

const NOW = Date.parse('2030-01-02T03:04:05Z');

describe('the time asked for', () => {
	const ago = (ms: number) => new Date(NOW - ms).toISOString();
	const HOUR = 3_600_000;
	it.each([
		['the last hour by seconds, unless told', {}, 'second', HOUR],
		['what is older by minutes', { from: ago(2 * HOUR) }, 'minute', 2 * HOUR],
		['what is too long for minutes by hours', { from: ago(70 * HOUR) }, 'hour', 70 * HOUR],
		['what is too old for minutes by hours', { from: ago(200 * HOUR) }, 'hour', 200 * HOUR],
		['a short time long ago by hours', { from: ago(200 * HOUR), to: ago(199 * HOUR) }, 'hour', HOUR],
		['as it is told', { resolution: 'minute' }, 'minute', HOUR],
	] as const)('is told: %s', (_, query, resolution, length) => {
		const range = rangeOf(query, NOW);
		expect([range.resolution, range.to - range.from]).toEqual([resolution, length]);
	});

	it.each([
		['backwards', { from: ago(HOUR), to: ago(2 * HOUR) }, 'must end after it begins'],
		['nothing', { from: ago(HOUR), to: ago(HOUR) }, 'must end after it begins'],
		['too many seconds', { from: ago(2 * HOUR), resolution: 'second' }, 'more than 4000 seconds'],
		['too many hours', { from: '1970-01-01T00:00:00Z' }, 'more than 4000 hours'],
	] as const)('is refused: %s', (_, query, message) => {
		expect(() => rangeOf(query, NOW)).toThrow(message);
	});
});

describe('the file of history', () => {
	let folder: TempFolder;
	let file: string;
	let logged: string[];
	let opened: History[];
	beforeEach(() => {
		folder = new TempFolder();
		file = folder.join('history.db');
		logged = [];
		opened = [];
	});
	afterEach(async () => {
		for (const history of opened) await history[Symbol.asyncDispose]();
		await folder[Symbol.asyncDispose]();
	});

	const open = async () => {
		const entry = await bundledEntry('coordinator/history-thread.ts');
		const logger = pino({}, { write: (line) => void logged.push((JSON.parse(line) as { msg: string }).msg) });
		const history = new History({ file, entry, mostBytes: 2 ** 30, logger });
		opened.push(history);
		await history.settled();
		return history;
	};
	const record = (history: History, second = NOW / 1_000) => {
		const batch = new BatchMaker();
		batch.add('coordinator', '', second, { depth: 7 });
		return history.record(batch.take(), second * 1_000);
	};
	const depths = async (history: History) => {
		const query = { resolution: 'second' as const, measures: ['depth'] };
		return (await history.read('coordinator', '', query, NOW + 60_000)).measures.depth?.mean;
	};

	test('is written and read beside everything else, and is there again after a restart', async () => {
		const first = await open();
		await record(first);
		expect(await depths(first)).toEqual([7]);
		await expect(first.read('node', 'x', { measures: ['depth'] })).rejects.toMatchObject({ code: 'invalid' });
		await first[Symbol.asyncDispose]();
		const second = await open();
		expect(await depths(second)).toEqual([7]);
		expect([first.lost, second.lost]).toEqual([0, 0]);
		expect(second.isOpen).toBe(true);
	});

	test('that is none is set aside at the start, and a new one is begun', async () => {
		writeFileSync(file, 'this is no database, whatever its name says '.repeat(50));
		const history = await open();
		await record(history);
		expect(await depths(history)).toEqual([7]);
		expect(readFileSync(`${file}.unusable`, 'utf8')).toMatch(/^this is no database/);
	});

	test('that is damaged while it is used is set aside, and a new one is begun', async () => {
		const before = await open();
		for (let i = 0; i < 50; i += 1) await record(before, NOW / 1_000 + i);
		await before[Symbol.asyncDispose]();
		// The tables are there, what is in them is not.
		const db = openHistory(file);
		db.pragma('wal_checkpoint(TRUNCATE)');
		db.close();
		const size = readFileSync(file).length;
		truncateSync(file, 4096);
		truncateSync(file, size);
		const history = await open();
		await waitFor('a history that takes what comes', async () => {
			await record(history, NOW / 1_000 + 55);
			return history.isOpen && (await depths(history).catch(() => null))?.length === 1;
		});
		expect(existsSync(`${file}.unusable`)).toBe(true);
		expect(logged).toContain('the history is unusable: it is set aside and begun anew');
	});

	test('that cannot be there keeps nobody from anything: what comes is counted as lost', async () => {
		mkdirSync(file);
		const history = await open();
		expect(history.isOpen).toBe(false);
		await record(history);
		await record(history);
		expect(history.lost).toBe(2);
		await expect(depths(history)).rejects.toMatchObject({ code: 'history-unavailable' });
		rmdirSync(file);
	});
});
