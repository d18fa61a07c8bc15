import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ClassShare } from './class-share.ts';
import type { Demand } from './needs.ts';
import { plainClass } from './service-class.ts';

const most = fc.option(fc.integer({ min: 1, max: 6 }), { nil: null });
const demands = fc
	.record({ type: fc.constantFrom('scan', 'ocr'), cores: fc.nat(3), memoryBytes: fc.nat(3) })
	.map((asked): Demand => ({ ...asked, sandbox: 'none', labels: [], devices: [] }));
const shares = fc
	.record({
		mostRunning: most,
		mostCores: most,
		mostMemoryBytes: most,
		mostOfType: fc.dictionary(fc.constantFrom('scan', 'ocr'), fc.integer({ min: 1, max: 6 })),
		loaded: fc.array(demands, { maxLength: 6 }),
	})
	.map(({ loaded, ...caps }) => {
		const share = new ClassShare({ ...plainClass('a'), ...caps });
		for (const [seq, demand] of loaded.entries()) {
			if (share.limitReached(demand, 0) === null) share.load.add(seq, demand);
		}
		return share;
	});

it('starts, counts room and forecasts by the same caps', () => {
	const reached = new Set<string>();
	fc.assert(
		fc.property(shares, demands, (share, demand) => {
			const room = share.room(demand);
			const caps = share.caps(demand);
			expect(room > 0).toBe(share.limitReached(demand, 0) === null);
			expect(room > 0).toBe(caps.every(({ isReached }) => !isReached));
			for (const { cap, atOnce, isReached } of caps) {
				expect(atOnce).toBeGreaterThanOrEqual(room);
				if (isReached) reached.add(cap);
			}
			// As many as there is room for fit, and not one more.
			if (room === Number.POSITIVE_INFINITY) return;
			for (let i = 0; i < room; i += 1) share.load.add(100 + i, demand);
			expect(share.room(demand)).toBe(0);
			expect(share.limitReached(demand, 0)).toMatchObject({ rule: 'class-cap' });
		}),
	);
	expect([...reached].sort()).toEqual(['cores', 'memory', 'running', 'type']);
});

it('owes for starts before it began until their time is over', () => {
	const demand: Demand = { type: 'scan', cores: 1, memoryBytes: 0, sandbox: 'none', labels: [], devices: [] };
	// One a second, three at once: two of the three have been used.
	const rules = { ...plainClass('a'), starts: { perMinute: 60, burst: 3 }, startsPaidUntil: 7_000 };
	const share = new ClassShare(rules);
	expect(share.limitReached(demand, 5_000)).toBeNull();
	share.countStart(5_000);
	expect(share.limitReached(demand, 5_000)).toEqual({ rule: 'class-rate', perMinute: 60, inMs: 1_000 });
	expect(share.limitReached(demand, 6_000)).toBeNull();
	expect(new ClassShare({ ...rules, startsPaidUntil: 4_000 }).nextStartAt).toBeLessThan(5_000);
});

it('goes by the caps as they are now', () => {
	const share = new ClassShare(plainClass('a'));
	const demand: Demand = { type: 'scan', cores: 2, memoryBytes: 0, sandbox: 'none', labels: [], devices: [] };
	expect(share.room(demand)).toBe(Number.POSITIVE_INFINITY);
	share.rules = { ...share.rules, mostCores: 5 };
	expect(share.room(demand)).toBe(2);
	share.rules = { ...share.rules, mostCores: 1 };
	expect(share.limitReached(demand, 0)).toEqual({ rule: 'class-cap', cap: 'cores', most: 1, used: 0, asked: 2 });
});
