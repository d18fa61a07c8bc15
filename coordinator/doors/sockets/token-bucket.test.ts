import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

test('lets through at most the burst and what has trickled in since, and all that stays below', () => {
	const step = fc.record({ waitMs: fc.nat(500), count: fc.integer({ min: 1, max: 30 }) });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
			let now = 0;
			const bucket = new TokenBucket({ perSecond: 100, burst: 50, now: () => now });
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
