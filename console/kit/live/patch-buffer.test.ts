import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import { PatchBuffer } from './patch-buffer.ts';

const patch = (id: string, version: number): LivePatch => ({ kind: 'node', id, version, state: 'online', running: 0 });

const setup = (most = 100) => {
	let now = 0;
	let timers: { at: number; act: () => void }[] = [];
	const flushes: { at: number; patches: LivePatch[] }[] = [];
	const overflows: number[] = [];
	const clock = {
		now: () => now,
		after: (ms: number, act: () => void) => {
			const timer = { at: now + ms, act };
			timers.push(timer);
			return () => {
				timers = timers.filter((each) => each !== timer);
			};
		},
	};
	const buffer = new PatchBuffer({
		clock,
		everyMs: 250,
		most,
		onFlush: (patches) => flushes.push({ at: now, patches }),
		onOverflow: () => overflows.push(now),
	});
	const advance = (ms: number) => {
		const until = now + ms;
		for (;;) {
			const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
			if (next === undefined) break;
			now = next.at;
			timers = timers.filter((each) => each !== next);
			next.act();
		}
		now = until;
	};
	return { buffer, advance, flushes, overflows };
};

describe('patches', () => {
	it('go at once after a quiet while, and then at most four times a second', () => {
		const { buffer, advance, flushes } = setup();
		buffer.add(patch('a', 1));
		expect(flushes).toHaveLength(1);
		buffer.add(patch('b', 1));
		buffer.add(patch('c', 1));
		expect(flushes).toHaveLength(1);
		advance(250);
		expect(flushes[1]).toEqual({ at: 250, patches: [patch('b', 1), patch('c', 1)] });
	});

	it('of one thing are merged to the newest, whatever their order', () => {
		const { buffer, advance, flushes } = setup();
		buffer.add(patch('first', 1));
		buffer.add(patch('a', 3));
		buffer.add(patch('a', 2));
		buffer.add(patch('a', 5));
		advance(250);
		expect(flushes[1]?.patches).toEqual([patch('a', 5)]);
	});

	it('wait while the tab is hidden and come when it is seen again', () => {
		const { buffer, advance, flushes } = setup();
		buffer.pause();
		buffer.add(patch('a', 1));
		advance(10_000);
		expect(flushes).toEqual([]);
		buffer.resume();
		expect(flushes).toHaveLength(1);
	});

	it('that are too many become one overflow, and later ones are kept again', () => {
		const { buffer, flushes, overflows } = setup(3);
		buffer.pause();
		for (const id of ['a', 'b', 'c', 'd', 'e']) buffer.add(patch(id, 1));
		buffer.resume();
		expect(overflows).toHaveLength(1);
		expect(flushes.flatMap(({ patches }) => patches.map(({ id }) => id))).toEqual(['e']);
	});

	it('are forgotten when cleared', () => {
		const { buffer, advance, flushes } = setup();
		buffer.add(patch('a', 1));
		buffer.add(patch('b', 1));
		buffer.clear();
		advance(1_000);
		expect(flushes).toHaveLength(1);
	});

	it('never come more often than four times a second, and the last of each thing always comes', () => {
		const act = fc.record({ id: fc.constantFrom('a', 'b', 'c'), wait: fc.integer({ min: 0, max: 400 }) });
		fc.assert(
			fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
				const { buffer, advance, flushes } = setup();
				const newest = new Map<string, number>();
				acts.forEach(({ id, wait }, index) => {
					newest.set(id, index + 1);
					buffer.add(patch(id, index + 1));
					advance(wait);
				});
				advance(1_000);
				for (let at = 1; at < flushes.length; at += 1)
					expect((flushes[at]?.at ?? 0) - (flushes[at - 1]?.at ?? 0)).toBeGreaterThanOrEqual(250);
				const shown = new Map<string, number>();
				for (const { patches } of flushes) for (const { id, version } of patches) shown.set(id, version);
				expect(shown).toEqual(newest);
			}),
		);
	});
});
