import { describe, expect, it } from 'vitest';
import { makeAssignment } from '../../test/support/make-assignment.ts';
import { AttemptMeter } from '../runner/attempt-meter.ts';
import { Attempt } from './attempt.ts';
import { AttemptTable } from './attempt-table.ts';
import { Leases } from './leases.ts';
import { readAssignments } from './read-assignments.ts';

const attempt = (run: number, receivedAt = 0, leaseMs = 1_000) =>
	new Attempt(makeAssignment('noop'), run, receivedAt, leaseMs);

describe('the table of attempts', () => {
	it('counts slots by what is in it, and finds attempts by token and by run', () => {
		const table = new AttemptTable(2);
		const [a, b] = [attempt(1), attempt(2)];
		table.add(a);
		expect(table.isFull).toBe(false);
		table.add(b);
		expect(table.isFull).toBe(true);
		expect(table.get(a.ref.token)).toBe(a);
		expect(table.byRun(2)).toBe(b);
		expect(table.refs()).toEqual([a.ref, b.ref]);
		table.remove(a);
		table.remove(a);
		expect([table.size, table.isFull, table.has(a.ref.token)]).toEqual([1, false, false]);
	});

	it('tells everyone who waits when it is empty', async () => {
		const table = new AttemptTable(2);
		await table.empty();
		const one = attempt(1);
		table.add(one);
		let told = 0;
		const waiting = [table.empty(), table.empty()].map((empty) => empty.then(() => ++told));
		await Promise.resolve();
		expect(told).toBe(0);
		table.remove(one);
		await Promise.all(waiting);
		expect(told).toBe(2);
	});
});

describe('leases', () => {
	it('run from when the renewal was sent, and never become shorter', () => {
		const table = new AttemptTable(2);
		const leases = new Leases(table);
		const one = attempt(1, 100, 1_000);
		table.add(one);
		expect(one.leaseEndsAt).toBe(1_100);
		leases.renew([one.ref], 500, 1_000);
		expect(one.leaseEndsAt).toBe(1_500);
		leases.renew([one.ref], 200, 1_000);
		expect(one.leaseEndsAt, 'an answer that comes late changes nothing').toBe(1_500);
		leases.renew([attempt(2).ref], 9_000, 1_000);
		expect(one.leaseEndsAt, 'nor does one for others').toBe(1_500);
		leases.renew([one.ref], 600, 5_000);
		expect([one.leaseEndsAt, leases.leaseMs]).toEqual([5_600, 5_000]);
	});
});

describe('an attempt', () => {
	it('gives back once what was registered, and measures to a thousandth of a millisecond', () => {
		const one = attempt(1, 10);
		let released = 0;
		one.onEnd(() => ++released);
		one.release();
		one.release();
		expect(released).toBe(1);
		expect(one.usage(11)).toMatchObject({ cpuMs: 0, measured: 'none' });
		one.meter = new AttemptMeter(10, null);
		const told = { systemMs: 0.2, peakMemoryBytes: 7, memoryMibMs: 3.4, measured: 'rusage' } as const;
		one.meter.done({ ...told, cpuMs: 1.23456 }, 12);
		expect(one.usage(12.34567)).toMatchObject({ ...told, wallMs: 2.346, cpuMs: 1.235, memoryMibMs: 3 });
		one.meter.done({ ...told, cpuMs: -1 }, 12);
		expect(one.usage(5)).toMatchObject({ cpuMs: 0, systemMs: 0 });
		expect(one.usage(5).wallMs).toBe(0);
	});

	it('aborts its transfers whether they have begun or not', () => {
		const one = attempt(1);
		const { transferSignal } = one;
		one.stopTransfers();
		expect(transferSignal.aborted).toBe(true);
		const two = attempt(2);
		two.stopTransfers();
		expect(two.transferSignal.aborted).toBe(true);
	});
});

describe('assignments', () => {
	it('are taken as the coordinator makes them', () => {
		const input = { name: 'x', sha256: 'a'.repeat(64), size: 3 };
		const tasks = [makeAssignment('noop'), makeAssignment('md5', { inputs: [input], sandbox: 'strong' })];
		expect(readAssignments({ tasks })).toEqual({ assignments: tasks, malformed: 0 });
	});

	it('that are malformed are left out, one by one', () => {
		const good = makeAssignment('noop');
		const bad = [
			null,
			7,
			'x',
			[],
			{},
			{ ...good, task: 'tsk_../../../../etc/passwd' },
			{ ...good, task: `tsk_${'u'.repeat(26)}` },
			{ ...good, token: 'x' },
			{ ...good, attempt: 1.5 },
			{ ...good, type: null },
			{ ...good, parameters: [] },
			{ ...good, limits: { ...good.limits, softMs: '5' } },
			{ ...good, limits: null },
			{ ...good, sandbox: 'perhaps' },
			{ ...good, inputs: {} },
			{ ...good, inputs: [{ name: 'x', size: 1, sha256: '../x' }] },
			{ ...good, inputs: [null] },
		];
		expect(readAssignments({ tasks: [...bad, good] })).toEqual({ assignments: [good], malformed: bad.length });
		for (const message of [null, undefined, 'x', {}, { tasks: {} }]) {
			expect(readAssignments(message)).toEqual({ assignments: [], malformed: 1 });
		}
	});
});
