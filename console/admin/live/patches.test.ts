import { expect, test } from 'vitest';
import type { HealthCheck, HealthView } from '../../../shared/protocol/health.ts';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import { type QueuePulse, queueViewSchema } from '../../../shared/protocol/queue.ts';
import { patchHealth } from './patch-health.ts';
import { keepNewer, patchQueues } from './patch-queues.ts';

const pulse = (name: string, more: Partial<QueuePulse> = {}): QueuePulse => ({
	...{ name, queued: 5, running: 1, oldestAt: null, inPerSecond: 1, outPerSecond: 0, paused: false, draining: false },
	...more,
});
const patch = (name: string, version: number, more: Partial<QueuePulse> | null = {}): LivePatch => ({
	...{ kind: 'queue', id: name, version },
	pulse: more === null ? null : pulse(name, more),
});
const list = {
	items: ['fast', 'slow'].map((name) =>
		queueViewSchema.parse({ name, bindingKeys: [], paused: false, lookedAt: 10, trend: [3] }),
	),
	nextCursor: null,
};

test('a queue is changed by newer patches only, and what no patch tells stays', () => {
	const { list: after, isStale } = patchQueues(list, [patch('fast', 11, { queued: 7 }), patch('slow', 10)]);
	expect(isStale).toBe(false);
	expect(after.items[0]).toMatchObject({ queued: 7, lookedAt: 11, trend: [3] });
	expect(after.items[1]).toBe(list.items[1]);
	expect(patchQueues(list, [patch('slow', 9)]).list).toBe(list);
});

test('a list that was on its way while a patch came does not undo the patch', () => {
	const { list: patched } = patchQueues(list, [patch('fast', 12, { queued: 7, paused: true })]);
	const { items } = keepNewer({ ...list, items: list.items.map((queue) => ({ ...queue, trend: [4] })) }, patched);
	expect(items[0]).toMatchObject({ queued: 7, paused: true, lookedAt: 12, trend: [4] });
	expect(items[1]).toMatchObject({ queued: 0, lookedAt: 10, trend: [4] });
	expect(keepNewer(list, undefined)).toBe(list);
});

test('the list is to be read again when a queue is new, gone, or was steered', () => {
	expect(patchQueues(list, [patch('new', 11)]).isStale).toBe(true);
	expect(patchQueues(list, [patch('fast', 11, null)]).isStale).toBe(true);
	// Gone before the list was read.
	expect(patchQueues(list, [patch('old', 11, null)]).isStale).toBe(false);
	const steered = patchQueues(list, [patch('fast', 11, { paused: true })]);
	expect([steered.isStale, steered.list.items[0]?.paused]).toEqual([true, true]);
});

test('checks are those of the newest look, and the whole is as bad as the worst of them', () => {
	const check = (name: HealthCheck['name'], state: HealthCheck['state']): HealthCheck => ({
		...{ name, state, what: 'It is so.', do: null, since: '2026-01-01T00:00:00.000Z' },
	});
	const view: HealthView = {
		...{ state: 'ok', at: new Date(1_000).toISOString(), version: '1' },
		checks: [check('ledger', 'ok'), check('disk', 'ok')],
	};
	const told = (version: number): LivePatch => ({
		...{ kind: 'health', id: 'disk', version },
		check: check('disk', 'fail'),
	});
	expect(patchHealth(view, [told(1_000)])).toBe(view);
	const after = patchHealth(view, [told(1_001)]);
	expect([after.state, after.checks.map(({ state }) => state)]).toEqual(['fail', ['ok', 'fail']]);
});
