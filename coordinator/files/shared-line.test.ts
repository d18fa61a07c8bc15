import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TestBook } from '../../test/support/policy-book.ts';
import { Bandwidth, type Pace } from './bandwidth.ts';

let policies: TestBook;
let bandwidth: Bandwidth;
beforeEach(() => {
	vi.useFakeTimers();
	policies = new TestBook();
	bandwidth = new Bandwidth({ policies });
});
afterEach(() => {
	vi.useRealTimers();
});

const limit = (downloadBytesPerSecond: number | null, userSeq = 1) =>
	policies.give(userSeq, { bandwidth: { downloadBytesPerSecond } });

/** Takes pieces one after the other without end, as a fast receiver makes a door do. */
const flow = (pace: Pace, mostPiece = 256 * 1024) => {
	const counted = { bytes: 0 };
	const run = async (): Promise<void> => {
		while (!pace.isOver) {
			const bytes = pace.piece(mostPiece);
			const wait = pace.take(bytes);
			if (wait) await wait;
			if (!pace.isOver) counted.bytes += bytes;
		}
	};
	void run();
	return counted;
};

test.each([512, 10_000, 1_000_000, 100_000_000])('%i bytes a second are let through, steadily', async (rate) => {
	limit(rate);
	const pace = bandwidth.paceOf(1, 'download');
	const counted = flow(pace);
	let before = 0;
	for (let second = 1; second <= 10; second += 1) {
		await vi.advanceTimersByTimeAsync(1_000);
		expect(counted.bytes - before).toBeGreaterThanOrEqual(rate * 0.9);
		expect(counted.bytes - before).toBeLessThanOrEqual(rate * 1.1);
		before = counted.bytes;
	}
	expect(Math.abs(before / (10 * rate) - 1)).toBeLessThan(0.02);
	pace.end();
	expect(vi.getTimerCount()).toBe(0);
});

test('a person’s connections share, each as much as the other whatever its pieces; other people do not matter', async () => {
	limit(200_000);
	limit(50_000, 2);
	const paces = [1_000, 16_000, 256_000].map((most) => ({ pace: bandwidth.paceOf(1, 'download'), most }));
	const counts = paces.map(({ pace, most }) => flow(pace, most));
	const other = bandwidth.paceOf(2, 'download');
	const others = flow(other);
	await vi.advanceTimersByTimeAsync(10_000);
	const bytes = counts.map((one) => one.bytes);
	expect(Math.abs(bytes.reduce((a, b) => a + b) / 2_000_000 - 1)).toBeLessThan(0.02);
	expect(Math.abs(bytes[2]! / bytes[1]! - 1)).toBeLessThan(0.25);
	expect(Math.abs(others.bytes / 500_000 - 1)).toBeLessThan(0.05);
	for (const { pace } of paces) pace.end();
	other.end();
	expect(bandwidth.size).toBe(0);
	expect(vi.getTimerCount()).toBe(0);
});

test('a changed limit holds for what runs: more, less, none, and one again', async () => {
	limit(1_000);
	const pace = bandwidth.paceOf(1, 'download');
	const counted = flow(pace);
	const inTenSeconds = async () => {
		const before = counted.bytes;
		await vi.advanceTimersByTimeAsync(10_000);
		return counted.bytes - before;
	};
	expect(Math.abs((await inTenSeconds()) / 10_000 - 1)).toBeLessThan(0.1);
	limit(100_000);
	expect(Math.abs((await inTenSeconds()) / 1_000_000 - 1)).toBeLessThan(0.1);
	limit(1_000);
	expect(Math.abs((await inTenSeconds()) / 10_000 - 1)).toBeLessThan(0.6);
	expect(Math.abs((await inTenSeconds()) / 10_000 - 1)).toBeLessThan(0.1);
	pace.end();

	limit(1);
	const slow = bandwidth.paceOf(1, 'download');
	let isThrough = false;
	void slow.take(1_000_000)!.then(() => {
		isThrough = true;
	});
	limit(null);
	await vi.advanceTimersByTimeAsync(1_000);
	expect(isThrough).toBe(true);
	expect(slow.take(1_000_000)).toBeNull();
	limit(1);
	expect(slow.take(1_000_000)).not.toBeNull();
	slow.end();
	expect(vi.getTimerCount()).toBe(0);
});

test('without a limit there is no line and no timer, and nothing waits', () => {
	const pace = bandwidth.paceOf(1, 'download');
	expect(pace.isLimited).toBe(false);
	expect(pace.piece(65_536)).toBe(65_536);
	expect(pace.take(1e12)).toBeNull();
	expect(bandwidth.size).toBe(0);
	expect(vi.getTimerCount()).toBe(0);
});

test('many short transfers get no more than a long one', async () => {
	limit(10_000);
	let bytes = 0;
	let goesOn = true;
	void (async () => {
		while (goesOn) {
			const pace = bandwidth.paceOf(1, 'download');
			const wait = pace.take(400);
			if (wait) await wait;
			bytes += 400;
			pace.end();
		}
	})();
	await vi.advanceTimersByTimeAsync(20_000);
	goesOn = false;
	expect(bytes).toBeLessThanOrEqual(201_000);
	await vi.advanceTimersByTimeAsync(1_000);
	expect(bandwidth.size).toBe(0);
});

test('whatever comes and goes, no more than the rate flows, all that waits gets its turn, and nothing stays', async () => {
	const act = fc.record({
		who: fc.nat(3),
		what: fc.constantFrom('take', 'take', 'take', 'end', 'pass'),
		bytes: fc.integer({ min: 1, max: 30_000 }),
		ms: fc.integer({ min: 1, max: 700 }),
	});
	await fc.assert(
		fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
			limit(20_000);
			const begun = performance.now();
			const open = new Map<number, { pace: Pace; busy: boolean }>();
			let through = 0;
			for (const { who, what, bytes, ms } of acts) {
				let one = open.get(who);
				if (what === 'pass') await vi.advanceTimersByTimeAsync(ms);
				else if (what === 'end') {
					one?.pace.end();
					open.delete(who);
				} else if (!one?.busy) {
					one ??= { pace: bandwidth.paceOf(1, 'download'), busy: false };
					open.set(who, one);
					const mine = one;
					const wait = mine.pace.take(bytes);
					const done = () => {
						mine.busy = false;
						if (!mine.pace.isOver) through += bytes;
					};
					mine.busy = true;
					if (wait) void wait.then(done);
					else done();
				}
				const most = ((performance.now() - begun) / 1_000) * 20_000;
				expect(through).toBeLessThanOrEqual(most + 1);
			}
			await vi.advanceTimersByTimeAsync(60_000);
			for (const { pace, busy } of open.values()) {
				expect(busy).toBe(false);
				pace.end();
			}
			expect(bandwidth.size).toBe(0);
			expect(vi.getTimerCount()).toBe(0);
		}),
		{ numRuns: 60 },
	);
});
