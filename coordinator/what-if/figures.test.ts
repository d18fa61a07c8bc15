import { describe, expect, it } from 'vitest';
import { simulatedNode } from '../../test/support/simulated.ts';
import { WaitHistogram } from '../scheduler/wait-histogram.ts';
import { jain } from './jain.ts';
import { LevelSeries } from './level-series.ts';
import { SlotUse } from './slot-use.ts';

describe('WaitHistogram', () => {
	it('tells quantiles within half a percent, and mean and maximum exactly', () => {
		const waits = new WaitHistogram();
		for (let ms = 1; ms <= 10_000; ms += 1) waits.add(ms);
		const [p50 = 0, p90 = 0, p99 = 0] = waits.quantiles([0.5, 0.9, 0.99]);
		for (const [found, exact] of [
			[p50, 5_000],
			[p90, 9_000],
			[p99, 9_900],
		] as const) {
			expect(Math.abs(found / exact - 1)).toBeLessThan(0.006);
		}
		expect(waits.meanMs).toBe(5_000.5);
		expect(waits.mostMs).toBe(10_000);
	});

	it('knows no wait as none, and nothing as zero', () => {
		const waits = new WaitHistogram();
		expect(waits.quantiles([0.5, 1])).toEqual([0, 0]);
		for (let i = 0; i < 60; i += 1) waits.add(0);
		for (let i = 0; i < 40; i += 1) waits.add(86_400_000);
		expect(waits.quantiles([0.5, 0.6, 0.61, 1])).toEqual([
			0,
			0,
			expect.closeTo(86_400_000, -6),
			expect.closeTo(86_400_000, -6),
		]);
	});
});

describe('LevelSeries', () => {
	it('spreads a level over the pieces of a period, however it lies across their edges', () => {
		const level = new LevelSeries(100, 140, 4);
		level.add(2, 105);
		level.add(-1, 125);
		level.set(5, 139);
		expect(level.means(1_000)).toEqual([1, 2, 1.5, (9 + 5) / 10]);
	});

	it('has the same area as what it was told, with pieces of odd length', () => {
		const level = new LevelSeries(0, 1_000, 7);
		let area = 0;
		for (let at = 0; at < 1_000; at += 13) {
			level.set(at % 5, at);
			area += (at % 5) * Math.min(13, 1_000 - at);
		}
		const means = level.means(1_000);
		expect(means.reduce((sum, mean) => sum + (mean * 1_000) / 7, 0)).toBeCloseTo(area, 6);
	});
});

describe('SlotUse', () => {
	it('follows nodes that come, grow, go and change their queues', () => {
		const use = new SlotUse({ from: 0, until: 100, buckets: 2, groupOf: ({ queues }) => queues.join() });
		use.changed({ at: 0, do: 'setNode', node: simulatedNode('a', 2) }, 0);
		use.took('a', 0);
		use.changed({ at: 50, do: 'setNode', node: simulatedNode('a', 4, { queues: ['other'] }) }, 50);
		use.took('a', 50);
		use.changed({ at: 75, do: 'removeNode', id: 'a' }, 75);
		const { groups, used } = use.figures(100);
		// One of two slots, then two of four; after the node has left what still runs there is not more than all.
		expect(groups).toEqual([
			{ name: 'normal', nodes: 1, mean: 0.5, used: [0.5, 0] },
			{ name: 'other', nodes: 1, mean: 1, used: [0, 1] },
		]);
		expect(used).toBeCloseTo(0.75, 9);
	});
});

describe('Jain’s index', () => {
	it('is 1 for equals, 1/n when one has all, and 1 of nobody', () => {
		expect(jain([3, 3, 3])).toBe(1);
		expect(jain([8, 0, 0, 0])).toBe(0.25);
		expect(jain([])).toBe(1);
	});
});
