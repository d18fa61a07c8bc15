import { expect, test } from 'vitest';
import type { ReportedUsage } from '../../shared/protocol/agent-link.ts';
import { AttemptMeter } from './attempt-meter.ts';

const told = (meter: AttemptMeter): ReportedUsage => {
	const usage: ReportedUsage = { wallMs: 1, cpuMs: 0, peakMemoryBytes: 0, bytesIn: 0, bytesOut: 0 };
	meter.tell(usage);
	return usage;
};

test('what a program had used when it was killed stays used, when nothing of it is seen any more', () => {
	const meter = new AttemptMeter(0, { pid: process.pid, group: null, isCommand: true });
	const cpu = { totalUs: 984_000, systemUs: 4_000 };
	const program = { pid: 2 ** 22, parent: process.pid, group: 1, session: 1, cpu, memoryBytes: 1_000 };
	meter.look(1, 1_000, [program]);
	meter.killed([program], 2);
	meter.look(3, 0, []);
	expect(told(meter)).toMatchObject({ cpuMs: 984, systemMs: 4, measured: 'proc' });
});
