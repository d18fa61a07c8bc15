import { expect, test } from 'vitest';
import { slopeWithin } from './slope.ts';

const line = (from: number, to: number, value: (at: number) => number) =>
	Array.from({ length: to - from }, (_, i) => ({ at: from + i, value: value(from + i) }));

test('a slope is that of the line, whatever swings about it', () => {
	expect(slopeWithin([line(0, 50, (at) => 7 + 3 * at)])).toBeCloseTo(3, 9);
	// Whole periods of a saw of its own, which has almost no slope over a long time.
	expect(slopeWithin([line(0, 10_000, (at) => 0.5 * at + (at % 10))])).toBeCloseTo(0.5, 2);
});

test('what was lost by a restart counts for nothing', () => {
	const lives = [line(0, 20, (at) => 100 + 2 * at), line(20, 45, (at) => 2 * at), line(50, 60, (at) => 2 * at - 70)];
	expect(slopeWithin(lives)).toBeCloseTo(2, 9);
});

test('too little says nothing', () => {
	expect(slopeWithin([])).toBeNull();
	expect(slopeWithin([[{ at: 1, value: 5 }], [{ at: 2, value: 50 }]])).toBeNull();
});
