import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { afterAll, describe, expect, test } from 'vitest';
import { capabilitiesSchema } from '../../shared/protocol/node.ts';
import { writeCommandTypes } from '../support/command-types.ts';
import { FakeCoordinator } from '../support/fake-coordinator.ts';
import { childrenOf } from '../support/processes.ts';
import { builtFile } from '../support/repository.ts';
import { startAgent } from '../support/start-agent.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { TestProcess } from '../support/test-process.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

/** Runs the command to its end. */
const agent = (args: readonly string[], env: Record<string, string> = {}) =>
	new Promise<{ code: number; out: string; err: string }>((resolve) => {
		execFile(
			process.execPath,
			[builtFile('agent/main.js'), ...args],
			{ env: { ...process.env, ...env }, encoding: 'utf8' },
			(error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
		);
	});

describe('help', () => {
	test('names the commands, the exit codes and the variables', async () => {
		const { code, out } = await agent(['--help']);
		expect(code).toBe(0);
		for (const word of ['start', 'multi', 'probe', 'Exit codes', '0 ', '1 ', '2 ', '3 ', 'MILLRACE_'])
			expect(out).toContain(word);
	});

	test('of start names every option with its variable, and shows how to begin', async () => {
		const { code, out } = await agent(['start', '--help']);
		expect(code).toBe(0);
		const text = out.replaceAll(/\s+/g, ' ');
		for (const option of ['coordinator', 'token', 'queues', 'concurrency', 'name', 'hardware', 'label', 'work-dir']) {
			expect(text).toContain(`--${option} <`);
			expect(text).toContain(`MILLRACE_${option.replace('-', '_').toUpperCase()}`);
		}
		expect(text).toContain('agent start --coordinator');
		expect(text).toContain('SIGTERM');
		expect(text).toContain('Exit codes');
	});

	test('of multi shows both forms of the file', async () => {
		const { out } = await agent(['multi', 'start', '--help']);
		expect(out).toContain('{"agents": [');
		expect(out).toContain('mill-1  --coordinator');
	});
});

describe('wrong usage', () => {
	for (const args of [
		['start', '--concurrency', 'many'],
		['start', '--frobnicate'],
		['start', '--sandbox', 'maybe'],
		['frobnicate'],
		[],
		['multi', 'start'],
		['multi', 'start', '/nowhere/agents.json'],
		['probe', '--task-types', '/nowhere'],
		['start', '--coordinator', 'http://127.0.0.1:1'],
		['start'],
	]) {
		test(`ends with 2 and a word about it: agent ${args.join(' ')}`, async () => {
			const { code, err } = await agent(args, { MILLRACE_WORK_DIR: folder.join('usage') });
			expect(code).toBe(2);
			expect(err.trim()).not.toBe('');
			expect(err).not.toMatch(/^\s+at /m);
		});
	}
});

test('a token that is no good ends with 3, and is not in the log', async () => {
	await using fake = await FakeCoordinator.start();
	const args = ['start', '--coordinator', fake.url, '--work-dir', folder.join('refused')];
	const { code, err } = await agent(args, { MILLRACE_TOKEN: 'mnt_used_up_canary' });
	expect(code).toBe(3);
	expect(err).toContain('The token is used up');
	expect(err).not.toContain('canary');
});

test('an agent waits for a coordinator that is not up yet, and can be stopped meanwhile', async () => {
	const args = [
		'start',
		'--coordinator',
		'http://127.0.0.1:9',
		'--token',
		'good',
		'--work-dir',
		folder.join('waiting'),
	];
	const waiting = new TestProcess('waiting', [process.execPath, builtFile('agent/main.js'), ...args]);
	await waiting.line(/could not join yet/);
	expect((await waiting.stop()).code).toBe(1);
	expect(waiting.tail).toContain('agent: stopped before it joined.');
});

test('two agents cannot share a work folder', async () => {
	await using fake = await FakeCoordinator.start();
	await using first = await startAgent(fake);
	const { code, err } = await agent([
		'start',
		'--coordinator',
		fake.url,
		'--work-dir',
		first.workDir,
		'--token',
		'good',
	]);
	expect(code).toBe(1);
	expect(err).toMatch(/in use by the agent with process id \d+/);
});

describe('agent probe', () => {
	const types = writeCommandTypes(folder.join('types'), { greet: { script: 'echo hello' } });
	const args = ['--hardware', 'capture-card=2', '--label', 'zone=lab', '--task-types', types];

	test('tells what would be advertised, joining nothing', async () => {
		const { code, out } = await agent(['probe', ...args]);
		expect(code).toBe(0);
		expect(out).toMatch(new RegExp(`^cores +${os.availableParallelism()} `, 'm'));
		expect(out).toMatch(/^hardware +capture-card=2$/m);
		expect(out).toMatch(/^labels +zone=lab$/m);
		expect(out).toMatch(/^sandbox +(strong|limits|none) /m);
		expect(out).toMatch(/^task types .*thumbnail.*greet$/m);
	});

	test('--json is exactly what the coordinator would be told', async () => {
		const { out } = await agent(['probe', '--json', ...args]);
		const { capabilities, machine } = JSON.parse(out);
		expect(capabilitiesSchema.parse(capabilities)).toEqual(capabilities);
		expect(capabilities.hardware).toEqual({ 'capture-card': 2 });
		expect(machine.system).not.toBe('');
	});
});

describe('agent multi', () => {
	const start = (file: string) =>
		new TestProcess('multi', [process.execPath, builtFile('agent/main.js'), 'multi', 'start', file]);

	test('starts every agent of a file, each with its own queues, and stops them all when stopped', async () => {
		await using fake = await FakeCoordinator.start();
		const file = folder.join('agents.json');
		const common = { coordinator: fake.url, token: 'good' };
		const agents = [
			{ ...common, name: 'mill-1', queues: ['normal', 'priority'], concurrency: 2, workDir: folder.join('mill-1') },
			{
				...common,
				name: 'mill-2',
				queues: 'hardware',
				concurrency: 1,
				hardware: 'card=1',
				workDir: folder.join('mill-2'),
			},
		];
		writeFileSync(file, JSON.stringify({ agents }));
		const multi = start(file);
		await multi.line(/agent mill-1 ready: normal,priority, concurrency 2/);
		await multi.line(/agent mill-2 ready: hardware, concurrency 1/);
		expect(fake.joins).toBe(2);
		const commands = childrenOf(multi.pid).map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
		expect(commands).toHaveLength(2);
		for (const command of commands) expect(command, 'a token is nobody’s business').not.toContain('good');
		expect(await multi.stop()).toEqual({ code: 0, signal: null });
	});

	test('takes lines too, and ends with the first exit code that is not 0', async () => {
		await using fake = await FakeCoordinator.start();
		const file = folder.join('agents.txt');
		const lines = [
			'# two agents, one of which has no token that counts',
			`good-one --coordinator ${fake.url} --token good --work-dir ${folder.join('good-one')}`,
			`bad-one --coordinator ${fake.url} --token bad --work-dir ${folder.join('bad-one')}`,
		];
		writeFileSync(file, lines.join('\n'));
		const multi = start(file);
		await multi.line(/agent good-one ready/);
		await multi.line(/bad-one: ended \(3\)/);
		expect((await multi.stop()).code).toBe(3);
	});

	test('leaves no agent behind when it is killed', async () => {
		await using fake = await FakeCoordinator.start();
		const file = folder.join('killed.txt');
		writeFileSync(file, `orphan --coordinator ${fake.url} --token good --work-dir ${folder.join('orphan')}`);
		const multi = start(file);
		await multi.line(/agent orphan ready/);
		await multi.kill('SIGKILL');
		await fake.until('disconnected', undefined, 10_000);
	});
});
