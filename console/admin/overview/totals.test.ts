import { expect, test } from 'vitest';
import { oldestOf, totalsOf } from './totals.ts';

const queue = (name: string, queued: number, oldestAt: string | null) => ({
	...{ name, queued, running: 1, inPerSecond: 0.5, outPerSecond: 0.25, oldestAt },
});

test('queues are summed up, and the one whose task waits longest is named', () => {
	const queues = [
		queue('a', 2, '2026-01-02T00:00:00.000Z'),
		queue('b', 3, '2026-01-01T00:00:00.000Z'),
		queue('c', 0, null),
	];
	expect(totalsOf(queues)).toEqual({ queued: 5, running: 3, inPerSecond: 1.5, outPerSecond: 0.75 });
	expect(oldestOf(queues)).toEqual({ name: 'b', at: '2026-01-01T00:00:00.000Z' });
	expect(oldestOf([queue('c', 0, null)])).toBeNull();
});
