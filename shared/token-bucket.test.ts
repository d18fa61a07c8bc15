import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

test('lets through at most the burst and what has trickled in since, and all that stays below', () => {
	const step = fc.record({ waitMs: fc.nat(500), count: fc.integer({ min: 1, max: 30 }) });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
			let now = 0;
			const bucket = new TokenBucket({ perSecond: 100, burst: 50 }, () => now);
			let taken = 0;
			let level = 50;
			for (const { waitMs, count } of steps) {
				now += waitMs;
				level = Math.min(50, level + waitMs / 10);
				// Decimal fractions are not exact; only what is clearly one or the other is judged.
				const isTaken = bucket.take(count);
				if (level > count + 1e-6) expect(isTaken).toBe(true);
				if (level < count - 1e-6) expect(isTaken).toBe(false);
				if (!isTaken) continue;
				level -= count;
				taken += count;
			}
			expect(taken).toBeLessThanOrEqual(50 + now / 10 + 1e-6);
		}),
	);
});

test('who waits as long as it says gets what it asked for, and not a moment before', () => {
	const step = fc.record({
		waitMs: fc.nat(500),
		count: fc.integer({ min: 1, max: 50 }),
		back: fc.nat(5),
		perSecond: fc.integer({ min: 1, max: 1_000 }),
	});
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			let now = 0;
			const bucket = new TokenBucket({ perSecond: 100, burst: 50 }, () => now);
			for (const { waitMs, count, back, perSecond } of steps) {
				now += waitMs;
				bucket.setRate({ perSecond, burst: 50 });
				const wait = bucket.waitMs(count);
				if (wait > 1) {
					now += wait - 1e-3;
					expect(bucket.take(count)).toBe(false);
					now += 2e-3;
				} else now += wait + 1e-3;
				expect(bucket.take(count)).toBe(true);
				bucket.giveBack(Math.min(back, count));
			}
		}),
	);
});

test('what is given back can be taken again, but never more than the burst', () => {
	const bucket = new TokenBucket({ perSecond: 1, burst: 10 }, () => 0);
	expect(bucket.take(10)).toBe(true);
	expect(bucket.take(1)).toBe(false);
	bucket.giveBack(3);
	expect(bucket.take(4)).toBe(false);
	expect(bucket.take(3)).toBe(true);
	bucket.giveBack(1_000);
	expect(bucket.isFull).toBe(true);
	expect(bucket.take(11)).toBe(false);
	expect(bucket.waitMs(11)).toBe(Number.POSITIVE_INFINITY);
});

test('a smaller burst takes away what was saved up beyond it', () => {
	const bucket = new TokenBucket({ perSecond: 1, burst: 10 }, () => 0);
	bucket.setRate({ perSecond: 1, burst: 2 });
	expect(bucket.take(3)).toBe(false);
	expect(bucket.take(2)).toBe(true);
});
