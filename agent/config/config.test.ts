import os from 'node:os';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addStartOptions } from '../cli/start-options.ts';
import { type AgentConfig, agentConfig, BadSetting, type StartOptions } from './agent-config.ts';
import { parseAgents } from './multi-file.ts';

const parse = (args: readonly string[]): AgentConfig => {
	const command = addStartOptions(new Command('start'))
		.exitOverride()
		.configureOutput({ writeErr: () => {} });
	command.parse([...args], { from: 'user' });
	return agentConfig(command.opts<StartOptions>());
};

afterEach(() => vi.unstubAllEnvs());

/** Every option: its flag, a value, and the setting that comes of it. */
const OPTIONS: [flag: string, value: string, setting: Partial<AgentConfig>][] = [
	['--coordinator', 'https://farm.example:8443/mill', { coordinator: 'https://farm.example:8443/mill' }],
	['--token', 'mnt_secret', { token: 'mnt_secret' }],
	['--queues', 'hardware, priority,hardware', { queues: ['hardware', 'priority'] }],
	['--concurrency', '7', { concurrency: 7 }],
	['--name', 'mill-1', { name: 'mill-1' }],
	['--hardware', 'capture-card=2,gpu', { hardware: { 'capture-card': 2, gpu: 1 } }],
	['--label', 'zone=lab,rack=a=b', { labels: { zone: 'lab', rack: 'a=b' } }],
	['--work-dir', 'some/folder', { workDir: resolve('some/folder') }],
	['--cache-size', '1.5GiB', { cacheBytes: 1.5 * 2 ** 30 }],
	['--task-types', 'types', { taskTypes: resolve('types') }],
	['--sandbox', 'none', { sandbox: 'none' }],
	['--metering', 'proc', { metering: 'proc' }],
	['--egress', 'none', { egress: 'none' }],
	['--egress-allow', 'Feeds.lab:8080,127.1:9', { egressAllow: ['feeds.lab:8080', '127.0.0.1:9'] }],
	['--x-api', 'https://x.lab:8443', { xApi: 'https://x.lab:8443' }],
	['--drain-timeout', '30m', { drainTimeoutMs: 1_800_000 }],
	['--log-level', 'debug', { logLevel: 'debug' }],
];
const variableOf = (flag: string): string => `MILLRACE_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`;

describe('the settings of an agent', () => {
	for (const [flag, value, setting] of OPTIONS) {
		it(`come from ${flag} and from ${variableOf(flag)} alike, the option going first`, () => {
			expect(parse([flag, value])).toMatchObject(setting);
			vi.stubEnv(variableOf(flag), value);
			expect(parse([])).toMatchObject(setting);
			vi.stubEnv(variableOf(flag), 'something-else-that-is-not-taken');
			expect(parse([flag, value])).toMatchObject(setting);
		});
	}

	it('are all in the list above', () => {
		const flags = addStartOptions(new Command('start')).options.map(({ long }) => long);
		expect(flags.sort()).toEqual(OPTIONS.map(([flag]) => flag).sort());
		for (const { long, envVar } of addStartOptions(new Command('start')).options) {
			expect(envVar).toBe(variableOf(long ?? ''));
		}
	});

	it('have defaults that need nothing to be given', () => {
		expect(parse([])).toMatchObject({
			coordinator: null,
			token: null,
			queues: ['normal', 'priority'],
			concurrency: os.availableParallelism(),
			hardware: {},
			labels: {},
			cacheBytes: 2e9,
			sandbox: 'auto',
			egress: 'public',
			egressAllow: [],
			xApi: 'https://api.x.com',
			drainTimeoutMs: null,
			logLevel: 'info',
		});
		expect(parse([]).workDir).toContain(parse([]).name);
	});

	it('may be given as lists or again and again', () => {
		expect(parse(['--hardware', 'a=1', '--hardware', 'b=2,c=3']).hardware).toEqual({ a: 1, b: 2, c: 3 });
	});

	for (const [flag, value] of [
		['--coordinator', 'coordinator:8080'],
		['--coordinator', 'ftp://x'],
		['--queues', ','],
		['--queues', 'with space'],
		['--concurrency', '0'],
		['--concurrency', '1.5'],
		['--concurrency', 'many'],
		['--concurrency', '5000'],
		['--name', '../x'],
		['--hardware', 'Capture Card=1'],
		['--hardware', 'card=0'],
		['--hardware', 'card=x'],
		['--label', 'zone'],
		['--cache-size', 'big'],
		['--egress-allow', 'feeds.lab'],
		['--x-api', 'http://x.lab'],
		['--drain-timeout', '-1'],
		['--drain-timeout', 'soon'],
		['--log-level', 'loud'],
		['--token', ''],
	] as const) {
		it(`are refused by name when wrong: ${flag} ${JSON.stringify(value)}`, () => {
			expect(() => parse([flag, value])).toThrow(BadSetting);
			expect(() => parse([flag, value])).toThrow(flag);
		});
	}

	it('with a choice name what there is to choose', () => {
		expect(() => parse(['--sandbox', 'maybe'])).toThrow(/--sandbox.*auto, none/);
	});
});

describe('a file of agents', () => {
	it('may be JSON', () => {
		const agents = [
			{ name: 'one', coordinator: 'http://c:1', token: 't', queues: ['a', 'b'], concurrency: 4, workDir: '/w' },
			{ name: 'two', hardware: ['card=1', 'gpu'], label: 'zone=lab', taskTypes: 'types' },
		];
		expect(parseAgents(JSON.stringify({ agents }))).toEqual([
			{
				name: 'one',
				args: ['--coordinator', 'http://c:1', '--queues', 'a,b', '--concurrency', '4', '--work-dir', '/w'],
				token: 't',
			},
			{
				name: 'two',
				args: ['--hardware', 'card=1', '--hardware', 'gpu', '--label', 'zone=lab', '--task-types', 'types'],
				token: null,
			},
		]);
	});

	it('may be lines as celeryd_multi had them', () => {
		const text =
			'# all of them\n\none --queues a -x\ntwo --token secret --concurrency 1 # the second\nthree --token=other\n';
		expect(parseAgents(text)).toEqual([
			{ name: 'one', args: ['--queues', 'a', '-x'], token: null },
			{ name: 'two', args: ['--concurrency', '1'], token: 'secret' },
			{ name: 'three', args: [], token: 'other' },
		]);
	});

	it('turns every setting into an option that there is', () => {
		const flags = new Set(addStartOptions(new Command('start')).options.map(({ long }) => long));
		const all = {
			name: 'x',
			coordinator: 'c',
			queues: 'q',
			concurrency: 1,
			hardware: 'h',
			label: 'l',
			workDir: 'w',
			cacheSize: 1,
			taskTypes: 't',
			sandbox: 's',
			drainTimeout: 1,
			logLevel: 'l',
		};
		const [agent] = parseAgents(JSON.stringify({ agents: [all] }));
		const used = agent?.args.filter((_, index) => index % 2 === 0) ?? [];
		expect(used).toHaveLength(Object.keys(all).length - 1);
		for (const flag of used) expect(flags).toContain(flag);
	});

	it('that cannot be used is refused with what is wrong', () => {
		const cases: [string, RegExp][] = [
			['', /names no agent/],
			['# nothing\n', /names no agent/],
			['{', /not valid JSON/],
			['{"agents": []}', /not usable/],
			['{"agents": [{"name": "a", "colour": "red"}]}', /colour/],
			['{"agents": [{"name": "a b"}]}', /name/],
			['{"agents": [{"name": "a"}, {"name": "a"}]}', /names a twice/],
			['--queues a\n', /Line 1/],
			['ok\n../x --queues a\n', /Line 2/],
			['a\na\n', /names a twice/],
		];
		for (const [text, message] of cases) {
			expect(() => parseAgents(text), text).toThrow(BadSetting);
			expect(() => parseAgents(text), text).toThrow(message);
		}
	});
});
