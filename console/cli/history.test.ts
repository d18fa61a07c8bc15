import { describe, expect, it } from 'vitest';
import { commandLineStage } from '../../test/support/command-line-stage.ts';
import { standInId } from '../../test/support/stand-in-id.ts';
import { sparkline } from './terminal/sparkline.ts';

const stage = commandLineStage();
const millrace = (...argv: readonly string[]) => stage.run(argv);

const NODE = {
	...{ id: standInId('nod'), name: 'vm-1', state: 'online', queues: ['normal'], concurrency: 4, running: 1 },
	capabilities: { cores: 2, memoryBytes: 8e9, hardware: {}, taskTypes: ['noop'], agentVersion: '1.2.3' },
	metrics: {
		cpuLoad: 0.5,
		load1: 1.5,
		memoryUsedBytes: 4e9,
		networkInBytesPerSecond: 1e6,
		networkOutBytesPerSecond: 0,
	},
	lastSeenAt: '2026-01-02T03:04:05.000Z',
};
const HISTORY = {
	...{ resolution: 'minute', from: '2026-01-02T03:00:00.000Z', to: '2026-01-02T04:00:00.000Z' },
	times: ['2026-01-02T03:00:00.000Z', '2026-01-02T03:01:00.000Z'],
	measures: {
		cpuLoad: { unit: 'share', mean: [0.25, 0.5], least: [0, 0.1], most: [0.75, 1] },
		memoryUsedBytes: { unit: 'bytes', mean: [1e9, null], least: [1e9, null], most: [1e9, null] },
		ownLoad: { unit: 'cores', mean: [0.25, 1], least: [0.25, 1], most: [0.25, 1] },
		gpuLoad: { unit: 'share', mean: [null, null], least: [null, null], most: [null, null] },
	},
};
const asked: string[] = [];
const serve = (path: string, answer: object): void => {
	stage.server.instead.set(`GET ${path}`, (_request, response, url) => {
		asked.push(url.search);
		stage.server.json(response, 200, answer);
	});
};

describe('node', () => {
	it('says how a machine is doing now, of what is known', async () => {
		serve('/api/v1/admin/nodes', { items: [NODE], nextCursor: null });
		const { stdout, code } = await millrace('node', 'vm-1');
		expect(code).toBe(0);
		expect(stdout.split('\n')[0]).toMatch(/^vm-1: online, 1 of 4 slots in use, last seen 2026-01-0/);
		expect(stdout).toMatch(/^ {2}CPU +50 % of 2 cores, load 1\.5$/m);
		expect(stdout).toMatch(/^ {2}Memory +4\.0 GB of 8\.0 GB$/m);
		expect(stdout).toMatch(/^ {2}Network +1\.0 MB\/s in, 0 B\/s out$/m);
		expect(stdout).not.toMatch(/GPU|Disk/);
		expect((await millrace('node', 'vm-1', '--json')).json).toMatchObject({ name: 'vm-1', metrics: { cpuLoad: 0.5 } });
	});

	it('says how it was doing: one line a measure, with its course', async () => {
		serve('/api/v1/admin/nodes', { items: [NODE], nextCursor: null });
		serve(`/api/v1/admin/nodes/${NODE.id}/history`, HISTORY);
		const ran = await millrace('node', 'vm-1', '--history', '--measures', 'cpuLoad,memoryUsedBytes,gpuLoad');
		expect(ran.stderr).toBe('');
		expect(asked.at(-1)).toBe('?measures=cpuLoad%2CmemoryUsedBytes%2CgpuLoad');
		expect(ran.stdout).toMatch(/^vm-1, by the minute, 2026-01-0/);
		expect(ran.stdout).toMatch(/^MEASURE +LEAST +MEAN +MOST +LAST +OVER TIME$/m);
		expect(ran.stdout).toMatch(/^cpuLoad +0 % +37\.5 % +100 % +50 % +▅█$/m);
		expect(ran.stdout).toMatch(/^memoryUsedBytes +1\.0 GB +1\.0 GB +1\.0 GB +1\.0 GB +█ ?$/m);
		expect(ran.stdout).toMatch(/^ownLoad +0\.25 cores +0\.625 cores +1 core +1 core /m);
		expect(ran.stdout).not.toContain('gpuLoad');
		expect((await millrace('node', 'vm-1', '--history', '--json')).json).toEqual({ node: NODE.id, ...HISTORY });
	});

	it('says what to do when it is asked for half', async () => {
		const half = await millrace('node', 'vm-1', '--since', '1h');
		expect(half.code).toBe(2);
		expect(half.stderr).toContain('add --history');
		expect((await millrace('admin', 'history', 'queue')).stderr).toContain('millrace admin history queue NAME');
	});

	it('tells of queues, classes and the coordinator alike, and of what is not known that it is not', async () => {
		serve('/api/v1/admin/queues/normal/history', HISTORY);
		serve('/api/v1/admin/service-classes/standard/history', HISTORY);
		serve('/api/v1/admin/history', { ...HISTORY, times: [], measures: {} });
		expect((await millrace('admin', 'history', 'queue', 'normal', '--json')).json).toEqual(HISTORY);
		expect((await millrace('admin', 'history', 'class', 'standard', '--resolution', 'hour')).stdout).toMatch(
			/^standard, by/,
		);
		expect(asked.at(-1)).toBe('?resolution=hour');
		const none = await millrace('admin', 'history', '--since', '2h');
		expect(asked.at(-1)).toMatch(/^\?from=2/);
		expect(none.stdout).toBe('');
		expect(none.stderr).toContain('Nothing is known of The coordinator in that time');
	});
});

it('a line of bars goes from nothing to the most, and has gaps', () => {
	expect(sparkline([0, 1, null, 2], 10)).toBe('▁▅ █');
	expect(sparkline([0, 0], 10)).toBe('▁▁');
	expect(sparkline([], 10)).toBe('');
	expect(sparkline([1, 3, null, null, 4, 4], 3)).toBe('▅ █');
});
