import { createHash } from 'node:crypto';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { builtFile } from '../support/repository.ts';
import { startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { TestProcess } from '../support/test-process.ts';

const isRoot = process.getuid?.() === 0;
const folder = new TempFolder();
let whole: Buffer;
let data: string;
let count = 0;

beforeAll(async () => {
	await using coordinator = await startCoordinator();
	await coordinator.stop();
	whole = readFileSync(join(coordinator.data, 'ledger.db'));
});
beforeEach(() => {
	data = folder.join(`data-${++count}`);
	mkdirSync(data);
});
afterAll(() => folder[Symbol.asyncDispose]());

const ledger = () => join(data, 'ledger.db');
const hash = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const run = async (args: readonly string[]) => {
	const command = new TestProcess('coordinator', [process.execPath, builtFile('coordinator/main.js'), ...args]);
	const { code } = await command.exited;
	return { code, said: command.tail.trim() };
};
const start = (more: readonly string[] = ['--port', '0']) => run(['start', '--data', data, ...more]);

/** One line, which names the file and what to do, and the code for it. */
const expectSentence = ({ code, said }: { code: number | null; said: string }, file: string, words: RegExp): void => {
	expect(said.split('\n'), said).toHaveLength(1);
	expect(said).toContain(`coordinator: ${file}`);
	expect(said).toMatch(words);
	expect(code).toBe(70);
};

describe('a coordinator says in one sentence what to do', () => {
	test('about a damaged ledger, and leaves it as it is', async () => {
		writeFileSync(ledger(), whole);
		const file = openSync(ledger(), 'r+');
		writeSync(file, Buffer.alloc(20 * 4096, 0x5a), 0, 20 * 4096, 4096);
		closeSync(file);
		const before = hash(ledger());
		expectSentence(await start(), ledger(), /is damaged.*left as it is.*restore the newest backup/);
		expect(hash(ledger())).toBe(before);
		expectSentence(await run(['user', 'list', '--data', data]), ledger(), /is damaged/);
		expectSentence(await run(['node-token', 'create', '--data', data]), ledger(), /is damaged/);
	});

	test('about a file that is not a database', async () => {
		writeFileSync(ledger(), 'not a database '.repeat(1_000));
		const before = hash(ledger());
		expectSentence(await start(), ledger(), /is not a database.*left as it is/);
		expect(hash(ledger())).toBe(before);
	});

	test('about a lock that is not one', async () => {
		const lock = join(data, 'coordinator.lock');
		writeFileSync(lock, 'not a database '.repeat(1_000));
		expectSentence(await start(), lock, /is not a database/);
	});

	test('about another program’s database, and about a newer one', async () => {
		const other = new Database(ledger());
		other.exec('CREATE TABLE theirs (a)');
		other.close();
		expectSentence(await start(), ledger(), /another program/);
		writeFileSync(ledger(), whole);
		const newer = new Database(ledger());
		newer.pragma('user_version = 9999');
		newer.close();
		expectSentence(await start(), ledger(), /schema 9999.*newer Millrace/);
	});

	test('about a data folder that is a file', async () => {
		data = folder.join('file');
		writeFileSync(data, '');
		expectSentence(await start(), data, /must be a folder/);
	});

	test('about a data folder that it may not write', async ({ skip }) => {
		skip(isRoot, 'root may write everywhere');
		chmodSync(data, 0o500);
		expectSentence(await start(), join(data, 'coordinator.lock'), /write permission/);
		chmodSync(data, 0o700);
		writeFileSync(ledger(), whole, { mode: 0o400 });
		expectSentence(await start(), ledger(), /write permission/);
	});

	test('about a port that is taken, and lets go of the data', async () => {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as { port: number };
		expect(await start(['--port', String(port)])).toEqual({
			code: 2,
			said: `coordinator: --port ${port}: another program listens there on 127.0.0.1.`,
		});
		await new Promise((resolve) => server.close(resolve));
		await using again = await startCoordinator({ data, port });
		expect(again.port).toBe(port);
	});
});
