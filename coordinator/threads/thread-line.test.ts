import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { ThreadLine } from './thread-line.ts';

type Wish = { say: string } | { hang: true } | { fail: string } | { fill: true };

const PROGRAM = `
import { parentPort, workerData } from 'node:worker_threads';
if ('fail' in workerData) throw new Error(workerData.fail);
const kept = [];
while ('fill' in workerData) kept.push(new Array(100_000).fill({}));
if ('say' in workerData) parentPort.postMessage(workerData.say);
else setInterval(() => {}, 1_000);
`;

let folder: TempFolder;
let entry: URL;
beforeEach(() => {
	folder = new TempFolder();
	writeFileSync(folder.join('thread.mjs'), PROGRAM);
	entry = pathToFileURL(folder.join('thread.mjs'));
});
afterEach(() => folder[Symbol.asyncDispose]());

const lineOf = (options: { withinMs?: number; mostWaiting?: number } = {}) =>
	new ThreadLine<Wish, string>({
		...{ entry, mostWaiting: 3, mostHeapMb: 32, withinMs: 60_000, ...options },
		...{ busy: { detail: 'busy', retryAfter: 7 }, tooMuch: 'too much' },
	});

describe('a line of threads', () => {
	it('answers one after the other, whatever became of those before', async () => {
		await using line = lineOf();
		const asked: string[] = [];
		const say = (word: string) => () => {
			asked.push(word);
			return { say: word };
		};
		const first = line.run(say('a'));
		const second = line.run(() => ({ fail: 'broken' }));
		const third = line.run(say('c'));
		expect(await first).toBe('a');
		expect(asked, 'the third is asked for its wish when it is its turn').toEqual(['a']);
		await expect(second).rejects.toThrow('broken');
		expect(await third).toBe('c');
	});

	it('sends away who comes after too many, and takes the next when there is room', async () => {
		await using line = lineOf({ mostWaiting: 1 });
		const first = line.run(() => ({ say: 'a' }));
		await expect(line.run(() => ({ say: 'b' }))).rejects.toMatchObject({ code: 'overloaded', retryAfter: 7 });
		await first;
		expect(await line.run(() => ({ say: 'c' }))).toBe('c');
	});

	it('ends what takes too long or too much memory, and goes on', async () => {
		await using line = lineOf({ withinMs: 300 });
		await expect(line.run(() => ({ hang: true }))).rejects.toMatchObject({ code: 'overloaded', message: 'too much' });
		await using patient = lineOf();
		await expect(patient.run(() => ({ fill: true }))).rejects.toMatchObject({
			code: 'overloaded',
			message: 'too much',
		});
		expect(await patient.run(() => ({ say: 'on' }))).toBe('on');
	});

	it('says that it shuts down, to whoever waits and to whoever comes', async () => {
		const line = lineOf();
		let isBegun = () => {};
		const begun = new Promise<void>((resolve) => {
			isBegun = resolve;
		});
		const hanging = line.run(() => {
			isBegun();
			return { hang: true };
		});
		const waiting = line.run(() => ({ say: 'b' }));
		await begun;
		await new Promise((resolve) => setImmediate(resolve));
		const ended = Promise.allSettled([hanging, waiting]);
		await line[Symbol.asyncDispose]();
		for (const one of await ended) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'shutting-down' } });
		await expect(line.run(() => ({ say: 'c' }))).rejects.toMatchObject({ code: 'shutting-down' });
	});
});
