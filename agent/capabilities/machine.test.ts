import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeMetricsSchema } from '../../shared/protocol/node.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { findProgram } from '../sandbox/find-program.ts';
import { GpuMeter, parseGpus } from './gpu.ts';
import { Metrics } from './metrics.ts';
import { Pace } from './pace.ts';
import { deviceOf, diskTotals, networkTotals } from './proc-counters.ts';

let folder: TempFolder;
beforeEach(() => {
	folder = new TempFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

const NET = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 9999999    100    0    0    0     0          0         0  9999999     100    0    0    0     0       0          0
  eth0:    1000     10    0    0    0     0          0         0      200       5    0    0    0     0       0          0
wlan0:5000 1 0 0 0 0 0 0 70 1 0 0 0 0 0 0
`;
const DISKS = `   7       0 loop0 5 0 40 0 0 0 0 0 0 0 0
 259       1 nvme0n1p1 100 0 2048 3 50 0 4096 9 0 1 1 0 0 0 0 0 0
`;

test('bytes over the network are of all interfaces but the loopback', () => {
	expect(networkTotals(NET)).toEqual({ in: 6_000, out: 270 });
	expect(networkTotals('')).toBeNull();
	expect(networkTotals('eth0: garbage')).toBeNull();
});

test('bytes of the disk are those of the device that the folder lies on', () => {
	expect(diskTotals(DISKS, { major: 259, minor: 1 })).toEqual({ in: 2048 * 512, out: 4096 * 512 });
	expect(diskTotals(DISKS, { major: 8, minor: 1 })).toBeNull();
	expect(diskTotals('garbage', { major: 8, minor: 1 })).toBeNull();
	expect(deviceOf(0x10301)).toEqual({ major: 259, minor: 1 });
	expect(deviceOf(0x801)).toEqual({ major: 8, minor: 1 });
});

test('a pace is told from the second look on, and not when a counter went back', () => {
	const pace = new Pace();
	expect(pace.per({ in: 100, out: 10 }, 1_000)).toBeNull();
	expect(pace.per({ in: 400, out: 10 }, 3_000)).toEqual({ in: 150, out: 0 });
	expect(pace.per({ in: 0, out: 20 }, 4_000)).toBeNull();
	expect(pace.per({ in: 5, out: 20 }, 4_000)).toBeNull();
	expect(pace.per(null, 5_000)).toBeNull();
	expect(pace.per({ in: 5, out: 20 }, 6_000)).toBeNull();
});

test('GPUs are taken together; what a card does not tell is left out', () => {
	expect(parseGpus('40, 1000, 16384\n60, 3000, 16384\n')).toEqual({
		gpuLoad: 0.5,
		gpuMemoryUsedBytes: 4000 * 1024 * 1024,
		gpuMemoryTotalBytes: 32768 * 1024 * 1024,
	});
	expect(parseGpus('[N/A], 1, 2\n10, [N/A], [N/A]\n')).toEqual({
		gpuLoad: 0.1,
		gpuMemoryUsedBytes: 0,
		gpuMemoryTotalBytes: 0,
	});
	for (const none of ['', 'No devices were found', '-5, 1, 1', '101, 1, 1', 'NaN, 1, 1'])
		expect(parseGpus(none)).toBeNull();
});

/** A program that answers as nvidia-smi does, and notes each time that it is started. */
const fakeSmi = (body: string): string => {
	const path = folder.join('nvidia-smi');
	writeFileSync(path, `#!/bin/sh\necho "$@" >> '${folder.join('calls')}'\n${body}\n`);
	chmodSync(path, 0o755);
	return path;
};
const calls = () => readFileSync(folder.join('calls'), 'utf8').trim().split('\n');

test('nvidia-smi is found on the PATH, asked by one process at a time, and again only after a while', async () => {
	fakeSmi('echo "25, 512, 1024"');
	const before = process.env.PATH;
	process.env.PATH = `${folder.path}${delimiter}${before}`;
	const program = findProgram('nvidia-smi');
	process.env.PATH = before;
	let now = 0;
	const meter = new GpuMeter(program, () => now);
	expect([meter.read(), meter.read(), meter.read()]).toEqual([{}, {}, {}]);
	await meter.settled();
	expect(meter.read()).toMatchObject({ gpuLoad: 0.25 });
	now = 4_999;
	meter.read();
	await meter.settled();
	expect(calls()).toEqual([expect.stringContaining('--query-gpu=utilization.gpu')]);
	now = 5_000;
	meter.read();
	await meter.settled();
	expect(calls()).toHaveLength(2);
});

test('a nvidia-smi that fails leaves nothing behind and is not asked again soon; where there is none, none is started', async () => {
	let now = 0;
	const meter = new GpuMeter(fakeSmi('echo "25, 512, 1024"; exit 9'), () => now);
	meter.read();
	await meter.settled();
	now = 59_999;
	expect(meter.read()).toEqual({});
	await meter.settled();
	expect(calls()).toHaveLength(1);
	const none = new GpuMeter(null);
	expect(none.read()).toEqual({});
});

test('a look at this machine fits the contract’s bounds', () => {
	const metrics = new Metrics({ cacheBytes: () => 7, folder: folder.path, nvidiaSmi: null });
	const seen = metrics.read();
	metrics.close();
	expect(nodeMetricsSchema.parse(seen)).toEqual(seen);
	expect(seen).toMatchObject({ cacheBytes: 7, cpuLoad: expect.any(Number), memoryUsedBytes: expect.any(Number) });
	expect(seen.gpuLoad).toBeUndefined();
});
