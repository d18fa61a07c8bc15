import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import type { FromChild, Run, RunDone } from '../tasks/child-messages.ts';
import { RunContext } from './run-context.ts';
import { RunQueue } from './run-queue.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

let runs = 0;
const run = (type: string, changes: Partial<Run> = {}): Run => ({
	id: ++runs,
	type,
	parameters: {},
	inputs: [],
	folder: folder.join(`run-${runs}`),
	outputBytes: 1_000_000,
	...changes,
});

const setUp = () => {
	const sent: FromChild[] = [];
	const queue = new RunQueue((message) => sent.push(message));
	const done = () => sent.flatMap((message): RunDone[] => ('done' in message ? message.done : []));
	const until = (count: number) => vi.waitFor(() => expect(done()).toHaveLength(count), { timeout: 30_000 });
	return { queue, sent, done, until };
};

const input = (content: string) => {
	const path = `${mkdtempSync(folder.join('input-'))}/file`;
	writeFileSync(path, content);
	return { name: 'input', path, size: content.length, sha256: '' };
};

describe('a child’s runs', () => {
	it('are done one after the other, and answered each by its own number', async () => {
		const { queue, done, until } = setUp();
		const [slow, quick] = [run('noop', { parameters: { sleepMs: 60 } }), run('md5', { inputs: [input('hello')] })];
		queue.handle({ runs: [slow], areInstant: false });
		queue.handle({ runs: [quick], areInstant: false });
		await until(2);
		expect(done().map(({ id }) => id)).toEqual([slow.id, quick.id]);
		expect(done()[1]?.result).toEqual({ md5: '5d41402abc4b2a76b9719d911017c592' });
		expect(done()[0]?.usage.peakMemoryBytes).toBeGreaterThan(1_000_000);
	});

	it('that are instant share one answer', async () => {
		const { queue, sent, until } = setUp();
		const three = [1, 2, 3].map((echo) => run('noop', { parameters: { echo } }));
		queue.handle({ runs: three, areInstant: true });
		await until(3);
		expect(sent).toHaveLength(1);
		expect(sent[0]).toMatchObject({
			done: [{ result: { echo: 1 } }, { result: { echo: 2 } }, { result: { echo: 3 } }],
		});
	});

	it('stop when they are asked to, and say so', async () => {
		const { queue, done, until } = setUp();
		const one = run('noop', { parameters: { sleepMs: 60_000 } });
		queue.handle({ runs: [one], areInstant: false });
		queue.handle({ abort: one.id + 1_000, reason: 'cancelled' });
		queue.handle({ abort: one.id, reason: 'timeout' });
		await until(1);
		expect(done()[0]).toMatchObject({ id: one.id, aborted: true });
	});

	it('tell nobody their secrets: not in results, not in failures, not in logs', async () => {
		const { queue, sent, done, until } = setUp();
		const secrets = { token: 'tok-canary-value' };
		const told = run('noop', { parameters: { echo: { 'tok-canary-value': ['x tok-canary-value y'] } }, secrets });
		// Its failure names the type that it is asked for.
		const failing = run('no-such-tok-canary-value', { secrets });
		queue.handle({ runs: [told, failing], areInstant: false });
		await until(2);
		expect(done()[0]?.result).toEqual({ echo: { '•••': ['x ••• y'] } });
		expect(done()[1]?.failure?.message).toContain('no-such-•••');

		const context = new RunContext(run('noop', { secrets }), (message) => sent.push(message));
		expect([context.secret('token'), context.secret('other'), context.secret('constructor')]).toEqual([
			'tok-canary-value',
			null,
			null,
		]);
		context.log('sent tok-canary-value\nand on');
		context.progress(0.5, 'with tok-canary-value');
		context.close();
		expect(JSON.stringify(sent)).not.toContain('canary');
		expect(JSON.stringify(sent)).toContain('sent •••');
	});

	it('that fail say whose fault it is', async () => {
		const { queue, done, until } = setUp();
		queue.handle({ runs: [run('thumbnail', { inputs: [input('text')] })], areInstant: false });
		queue.handle({
			runs: [run('md5', { inputs: [{ name: 'x', path: folder.join('none'), size: 1, sha256: '' }] })],
			areInstant: false,
		});
		queue.handle({ runs: [run('no-such-type')], areInstant: false });
		queue.handle({ runs: [run('noop', { parameters: { echo: 'x'.repeat(70_000) } })], areInstant: false });
		queue.handle({ runs: [run('noop')], areInstant: false });
		await until(5);
		expect(done().map(({ failure }) => failure?.class)).toEqual([
			'input',
			'transient',
			'transient',
			'permanent',
			undefined,
		]);
		expect(done()[3]?.failure?.code).toBe('result-too-large');
	});

	it('with a result that is nested without end fail, and the next goes on', async () => {
		const { queue, done, until } = setUp();
		const deep = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
		for (const levels of [5_000, 100, 60]) {
			queue.handle({ runs: [run('noop', { parameters: { echo: deep(levels) } })], areInstant: false });
		}
		await until(3);
		expect(done().map(({ failure }) => failure?.code)).toEqual(['result-too-large', 'result-too-large', undefined]);
	});

	it('hand over the files they wrote, if these are not too large in total', async () => {
		const { queue, done, until } = setUp();
		const svgFree = Buffer.from('R0lGODlhAQABAIAAAP8AAP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');
		const picture = input('');
		writeFileSync(picture.path, svgFree);
		const inputs = [{ ...picture, size: svgFree.length }];
		queue.handle({ runs: [run('thumbnail', { inputs })], areInstant: false });
		queue.handle({ runs: [run('thumbnail', { inputs, outputBytes: 10 })], areInstant: false });
		await until(2);
		const [made, refused] = done();
		expect(made?.outputs).toMatchObject([{ name: 'thumbnail.jpg', mediaType: 'image/jpeg' }]);
		expect(readFileSync(made?.outputs?.[0]?.path ?? '').length).toBe(made?.outputs?.[0]?.size);
		expect(refused).toMatchObject({ failure: { class: 'resource', code: 'output-limit' }, hasFolder: true });
	});

	it('of a program pass on its lines and its result', async () => {
		const { queue, sent, done, until } = setUp();
		const own = mkdtempSync(folder.join('command-'));
		const script = `mkdir -p '${own}/outputs'; echo out; echo err >&2; echo '{"n":1}' > '${own}/result.json'`;
		const command = { argv: ['/bin/sh', '-c', script], env: {}, cwd: own };
		queue.handle({ runs: [run('some-command', { folder: own, command })], areInstant: false });
		await until(1);
		expect(done()[0]).toMatchObject({ result: { n: 1 } });
		const lines = sent.flatMap((message) => ('log' in message ? message.log.lines : []));
		expect(lines).toEqual(
			expect.arrayContaining([
				{ stream: 'out', text: 'out' },
				{ stream: 'err', text: 'err' },
			]),
		);
		const missing = { argv: [folder.join('no-such-program')], env: {}, cwd: own };
		queue.handle({ runs: [run('some-command', { folder: own, command: missing })], areInstant: false });
		await until(2);
		expect(done()[1]?.failure).toMatchObject({ class: 'permanent', code: 'command-not-started' });
	});
});
