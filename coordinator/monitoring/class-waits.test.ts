import { expect, test } from 'vitest';
import { ClassWaits } from './class-waits.ts';

const MINUTE = 60_000;

test('waits of the last hour are told by class, and older ones no more', () => {
	let now = 0;
	const waits = new ClassWaits(() => now);
	for (let i = 1; i <= 100; i += 1) waits.add('standard', i * 100);
	now = 30 * MINUTE;
	for (let i = 0; i < 300; i += 1) waits.add('standard', 60_000);
	waits.add('premium', 5);
	const { started, p50Ms, p95Ms } = waits.of('standard');
	expect(started).toBe(400);
	// Buckets are 1 % wide.
	expect(p50Ms).toBeGreaterThan(59_000);
	expect(p95Ms).toBeLessThan(61_000);
	now = 66 * MINUTE;
	expect(waits.of('standard').started).toBe(300);
	now = 200 * MINUTE;
	expect(waits.of('standard')).toEqual({ started: 0, p50Ms: null, p95Ms: null });
	expect(waits.of('premium').started).toBe(0);
	waits.keep(new Set(['premium']));
	now = 30 * MINUTE;
	expect([waits.of('standard').started, waits.of('premium').started]).toEqual([0, 1]);
});
