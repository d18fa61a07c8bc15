import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Ledger } from '../database/ledger.ts';
import { createLogger } from '../report/logger.ts';
import { expireTasks, wakeDue } from './open-store.ts';
import type { OpenRow } from './open-task.ts';
import { Timekeeper } from './timekeeper.ts';

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
	vi.useRealTimers();
});

/** A ledger that answers when it is told to. */
const slowLedger = () => {
	const waiting: (() => void)[] = [];
	let wakes = 0;
	let onWake: () => void = () => {};
	const write = (operation: { name: string }) => {
		if (operation.name === wakeDue.name) {
			wakes += 1;
			onWake();
		}
		const answer =
			operation.name === expireTasks.name ? { ended: [], nextExpiryAt: null } : { queued: [], nextDueAt: null };
		return new Promise((resolve) => waiting.push(() => resolve(answer)));
	};
	return {
		ledger: { write } as unknown as Ledger,
		answer: () => {
			for (const resolve of waiting.splice(0)) resolve();
		},
		nextWake: () =>
			new Promise<void>((resolve) => {
				onWake = resolve;
			}),
		get wakes() {
			return wakes;
		},
	};
};

test('what is due goes into line although ending what is over fails', async () => {
	vi.useRealTimers();
	const row = [1, 1, 1, 'normal.noop', 4, 0, 2, 0, 0, 0, null, null, null, null] as OpenRow;
	const ledger = {
		write: async (operation: { name: string }) => {
			if (operation.name === expireTasks.name) throw new Error('something about an expired task');
			return { queued: [row], nextDueAt: null };
		},
	} as unknown as Ledger;
	const queued = await new Promise<OpenRow[]>((resolve) => {
		const keeper = new Timekeeper({
			ledger,
			logger: createLogger('silent'),
			onQueued: (rows) => {
				resolve(rows);
				void keeper.stop();
			},
			onEnded: () => {},
		});
		keeper.start();
	});
	expect(queued).toEqual([row]);
});

test('what becomes due while a look is under way is looked for after it', async () => {
	const slow = slowLedger();
	const keeper = new Timekeeper({
		ledger: slow.ledger,
		logger: createLogger('silent'),
		onQueued: () => {},
		onEnded: () => {},
	});
	const first = slow.nextWake();
	keeper.start();
	await vi.advanceTimersByTimeAsync(0);
	await first;
	// Its alarm goes off before the look has ended.
	keeper.noteDue(Date.now() + 1);
	await vi.advanceTimersByTimeAsync(1);
	const second = slow.nextWake();
	slow.answer();
	await vi.advanceTimersByTimeAsync(0);
	await second;
	expect(slow.wakes).toBe(2);
	// And it is not deaf from now on.
	slow.answer();
	const third = slow.nextWake();
	await new Promise((resolve) => setImmediate(resolve));
	keeper.noteDue(Date.now());
	await vi.advanceTimersByTimeAsync(0);
	await third;
	slow.answer();
	await keeper.stop();
});
