import { expect, test } from 'vitest';
import { NOTHING_USED } from '../accounting/usage-record.ts';
import { attemptUsage, deviceUs } from './attempt-usage.ts';
import type { Lease } from './open-task.ts';
import { meteredIn, seenUsage, seenUsageOfAll } from './seen-usage.ts';

const leaseWith = (hardware: Record<string, number>): Lease =>
	({
		...{ attempt: 2, node: 'nod_1', startedMono: 1_000 },
		task: { owner: 1, seq: 7, type: 'scan', serviceClass: 'standard', needs: { hardware } },
	}) as unknown as Lease;

test('each exclusive device counts for as long as the lease was given out, whatever the node says', () => {
	expect(deviceUs(leaseWith({}), 61_000)).toBe(0);
	expect(deviceUs(leaseWith({ 'capture-card': 1 }), 61_000)).toBe(60_000_000);
	expect(deviceUs(leaseWith({ 'capture-card': 2, gpu: 1 }), 1_000.5)).toBe(1_500);
	expect(deviceUs(leaseWith({ gpu: 1 }), 0)).toBe(0);
});

const record = (wallUs: number, peakMemoryBytes: number, measured: string | null, flags: string[]) =>
	meteredIn(
		attemptUsage(leaseWith({}), {
			...{ at: 5, charged: true, queue: 'normal', measured, flags },
			quantities: { ...NOTHING_USED, wallUs, userUs: 1_001, systemUs: 2, peakMemoryBytes, memoryMibMs: 3 },
		}),
	);

test('people see what is kept, and of several attempts the sum in whole units', () => {
	const first = record(1_500, 10, 'cgroup', []);
	expect(seenUsage(first)).toMatchObject({ wallMs: 1.5, cpuMs: 1.003, userMs: 1.001, systemMs: 0.002, memoryMibMs: 3 });
	expect(seenUsage(first)).toMatchObject({ peakMemoryBytes: 10, measured: 'cgroup', flags: [] });
	const second = record(100, 7, 'cgroup', ['wall', 'cpu']);
	expect(seenUsageOfAll([first, second])).toMatchObject({
		...{ wallMs: 1.6, cpuMs: 2.006, peakMemoryBytes: 10, measured: 'cgroup', flags: ['wall', 'cpu'] },
	});
	expect(seenUsageOfAll([first, record(1, 1, 'rusage', ['cpu'])]).measured).toBe('mixed');
	expect(seenUsageOfAll([])).toMatchObject({ wallMs: 0, measured: null, flags: [] });
});
