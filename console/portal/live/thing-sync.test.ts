import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keys } from '../remote/keys.ts';
import { type ThingPatch, ThingSync } from './thing-sync.ts';

const changed = (what: ThingPatch['what'], id: string): ThingPatch => ({
	...{ kind: 'thing', what, id, version: 1, gone: false },
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Lists and pages that are on screen, and how often each was read since it came there. */
const setup = async (onScreen: readonly (readonly unknown[])[], takesMs = 0) => {
	const cache = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
	const reads: Record<string, number> = {};
	for (const queryKey of onScreen) {
		const name = queryKey.filter((one) => typeof one === 'string').join(' ');
		reads[name] = -1;
		const queryFn = async () => {
			reads[name] = (reads[name] ?? 0) + 1;
			if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
			return null;
		};
		new QueryObserver(cache, { queryKey, queryFn }).subscribe(() => {});
	}
	await vi.advanceTimersByTimeAsync(takesMs);
	return { sync: new ThingSync(cache), cache, reads };
};

describe('what is on screen', () => {
	it('is read again when the thing that it is about has changed, and no other is', async () => {
		const { sync, reads } = await setup([
			keys.jobList({}),
			keys.job('job_a'),
			keys.job('job_b'),
			keys.recipes,
			keys.triggers('rcp_a'),
			keys.firings('trg_a'),
			keys.firings('trg_b'),
			keys.schedules,
		]);
		sync.apply([changed('job', 'job_a'), changed('trigger', 'trg_a')]);
		await vi.advanceTimersByTimeAsync(0);
		expect(reads).toEqual({
			'jobs list': 1,
			'jobs one job_a': 1,
			'jobs one job_b': 0,
			recipes: 1,
			'recipes triggers rcp_a': 1,
			'recipes firings trg_a': 1,
			'recipes firings trg_b': 0,
			schedules: 0,
		});
	});

	it('is read at once, then once a second while it goes on changing, and at the end', async () => {
		const { sync, reads } = await setup([keys.job('job_a')]);
		for (let times = 0; times < 40; times += 1) {
			sync.apply([changed('job', 'job_a')]);
			await vi.advanceTimersByTimeAsync(250);
		}
		await vi.advanceTimersByTimeAsync(10_000);
		expect(reads['jobs one job_a']).toBe(11);
	});

	it('is not asked for again before the answer has come, however long that takes', async () => {
		const { sync, reads, cache } = await setup([keys.job('job_a')], 3_000);
		sync.apply([changed('job', 'job_a')]);
		await vi.advanceTimersByTimeAsync(2_000);
		sync.apply([changed('job', 'job_a')]);
		await vi.advanceTimersByTimeAsync(900);
		expect(reads['jobs one job_a']).toBe(1);
		await vi.advanceTimersByTimeAsync(10_000);
		expect([reads['jobs one job_a'], cache.isFetching()]).toEqual([2, 0]);
	});

	it('what is not on screen is read when it comes back', async () => {
		const { sync, cache } = await setup([]);
		cache.setQueryData(keys.job('job_a'), 'old');
		cache.setQueryData(keys.job('job_b'), 'old');
		sync.apply([changed('job', 'job_a')]);
		await vi.advanceTimersByTimeAsync(0);
		const isStale = (id: string) => cache.getQueryState(keys.job(id))?.isInvalidated;
		expect([isStale('job_a'), isStale('job_b')]).toEqual([true, false]);
	});
});
