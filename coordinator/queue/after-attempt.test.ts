import { expect, test } from 'vitest';
import type { Failure } from '../../shared/protocol/agent-link.ts';
import { afterAttempt } from './after-attempt.ts';

const retry = { maxFailures: 3, maxWorkerLosses: 3, backoffMs: 1_000, backoffMaxMs: 4_000 };
const task = { failures: 0, losses: 0, attempt: 1, node: 'nod_a', retry };
const NOW = 1_000_000;
const most = () => 1;
const failed = (kind: Failure['class']) =>
	({ state: 'failed', failure: { class: kind, code: 'boom', message: 'It went wrong.' } }) as const;

test('a success ends the task and spends nothing', () => {
	const after = afterAttempt(task, { state: 'succeeded' }, NOW, most);
	expect(after).toMatchObject({ next: { state: 'succeeded' }, failures: 0, losses: 0, charged: true });
});

test('a transient failure is tried again after a growing, bounded time, until the budget is used up', () => {
	const delays = [0, 1].map((failures) => {
		const after = afterAttempt({ ...task, failures }, failed('transient'), NOW, most);
		expect(after).toMatchObject({ next: { state: 'retrying' }, failures: 1, charged: true });
		return (after.next.dueAt as number) - NOW;
	});
	expect(delays).toEqual([1_000, 2_000]);
	const last = afterAttempt({ ...task, failures: 2 }, failed('transient'), NOW, most);
	expect(last).toMatchObject({ next: { state: 'failed', dueAt: null }, error: { code: 'boom' } });
});

test.each(['permanent', 'input'] as const)('a failure of class %s is final at once', (kind) => {
	expect(afterAttempt(task, failed(kind), NOW, most).next.state).toBe('failed');
});

test('a lost worker costs the person neither an attempt nor money, and the task goes elsewhere', () => {
	const after = afterAttempt(task, { state: 'lost', reason: 'its node was lost' }, NOW, most);
	expect(after).toMatchObject({
		next: { state: 'queued', avoidNode: 'nod_a' },
		failures: 0,
		losses: 1,
		charged: false,
	});
});

test('a crash counts as a lost worker, and the third one quarantines the task', () => {
	expect(afterAttempt(task, failed('crash'), NOW, most).attemptState).toBe('lost');
	const third = afterAttempt({ ...task, losses: 2 }, failed('crash'), NOW, most);
	expect(third).toMatchObject({ next: { state: 'quarantined' }, error: { code: 'worker-lost' } });
});

test('work that a draining node gives back is in line again at once and spends nothing', () => {
	const after = afterAttempt(task, { state: 'returned', reason: 'drain', draining: true }, NOW, most);
	expect(after).toMatchObject({ next: { state: 'queued', dueAt: null }, failures: 0, losses: 0, charged: false });
});

test('a node that keeps giving a task back does not get it again and again without a pause', () => {
	const again = afterAttempt({ ...task, attempt: 5 }, { state: 'returned', reason: 'x', draining: false }, NOW, most);
	expect(again.next).toEqual({ state: 'retrying', dueAt: NOW + 4_000, avoidNode: 'nod_a' });
});
