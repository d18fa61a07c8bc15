import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReportedUsage } from '../../shared/protocol/agent-link.ts';
import { soberUsage } from './sober-usage.ts';

const MIB = 1024 * 1024;
const possible = { leaseMs: 10_000, machine: { cores: 2, memoryBytes: 100 * MIB } };
const usage: ReportedUsage = { wallMs: 100, cpuMs: 150, peakMemoryBytes: 5 * MIB, bytesIn: 1, bytesOut: 2 };
const sober = (more: Partial<ReportedUsage>) => soberUsage({ ...usage, ...more }, possible);

test('what can be stays as it is, to the microsecond', () => {
	const told = { cpuMs: 150.123, systemMs: 50.1, memoryMibMs: 500, readBytes: 3, writtenBytes: 4, gpuMs: 7.5 };
	const { quantities, measured, flags } = sober({ ...told, measured: 'cgroup' });
	expect(quantities).toMatchObject({
		wallUs: 100_000,
		userUs: 100_023,
		systemUs: 50_100,
		gpuUs: 7_500,
		memoryMibMs: 500,
	});
	expect(quantities).toMatchObject({
		peakMemoryBytes: 5 * MIB,
		readBytes: 3,
		writtenBytes: 4,
		bytesIn: 1,
		bytesOut: 2,
	});
	expect({ measured, flags }).toEqual({ measured: 'cgroup', flags: [] });
});

test.each<[string, Partial<ReportedUsage>, Record<string, number>]>([
	['wall', { wallMs: 12_000 }, { wallUs: 11_000_000 }],
	['wall', { wallMs: -5, cpuMs: 0 }, { wallUs: 0 }],
	['wall', { wallMs: null, cpuMs: 0 }, { wallUs: 0 }],
	// Two cores for 100 ms, one part in twenty beyond, and 50 ms.
	['cpu', { cpuMs: 261 }, { userUs: 260_000, systemUs: 0 }],
	['cpu', { cpuMs: 1e300, systemMs: 300 }, { userUs: 0, systemUs: 260_000 }],
	['cpu', { cpuMs: -1 }, { userUs: 0, systemUs: 0 }],
	['system', { systemMs: 151 }, { userUs: 0, systemUs: 150_000 }],
	['memory', { peakMemoryBytes: 111 * MIB }, { peakMemoryBytes: Math.floor(100 * MIB * 1.1) }],
	['memoryTime', { memoryMibMs: 20_000 }, { memoryMibMs: 11_001 }],
	['gpu', { gpuMs: 1e9 }, { gpuUs: 6_400_000 }],
	['read', { readBytes: -1 }, { readBytes: 0 }],
	['written', { writtenBytes: 1e300 }, { writtenBytes: 11 * 16 * 1024 * MIB }],
	['bytesIn', { bytesIn: 2 ** 50 }, { bytesIn: 11 * 4 * 1024 * MIB }],
	['bytesOut', { bytesOut: null }, { bytesOut: 0 }],
])('%s that cannot be is cut and named', (name, told, left) => {
	const { quantities, flags } = sober(told);
	expect(flags).toEqual([name]);
	expect(quantities).toMatchObject(left);
});

test('of a machine that is not known only what no machine can do is cut', () => {
	const { flags } = soberUsage(
		{ ...usage, cpuMs: 1_000, peakMemoryBytes: 2 ** 40 },
		{ leaseMs: 10_000, machine: null },
	);
	expect(flags).toEqual([]);
});

test('a machine that says it has no end of memory is believed up to 16 TiB', () => {
	const machine = { cores: 2, memoryBytes: Number.MAX_SAFE_INTEGER };
	const { quantities, flags } = soberUsage({ ...usage, memoryMibMs: 1e12 }, { leaseMs: 10_000, machine });
	expect(flags).toEqual(['memoryTime']);
	expect(quantities.memoryMibMs).toBe(Math.ceil(16 * MIB * 1.1 * 100));
});

test('whatever is claimed, what comes out is whole, safe and within what is possible', () => {
	const figure = fc.oneof(fc.double(), fc.constant(null), fc.integer());
	const claims = fc.record({
		...{ wallMs: figure, cpuMs: figure, peakMemoryBytes: figure, bytesIn: figure, bytesOut: figure },
		...{ systemMs: figure, memoryMibMs: figure, readBytes: figure, writtenBytes: figure, gpuMs: figure },
	});
	fc.assert(
		fc.property(claims, (claimed) => {
			const { quantities } = soberUsage(claimed, possible);
			for (const value of Object.values(quantities)) {
				expect(Number.isSafeInteger(value)).toBe(true);
				expect(value).toBeGreaterThanOrEqual(0);
			}
			expect(quantities.wallUs).toBeLessThanOrEqual(11_000_000);
			expect(quantities.userUs + quantities.systemUs).toBeLessThanOrEqual(quantities.wallUs * 2.1 + 50_001);
		}),
	);
});
