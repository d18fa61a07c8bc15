import { expect, test } from 'vitest';
import { sparkPoints } from './spark-points.ts';

test('a small line goes from left to right and from zero to the greatest', () => {
	expect(sparkPoints([0, 4, 2], 100, 23)).toBe('1.0,21.5 50.0,1.5 99.0,11.5');
	expect(sparkPoints([0, 0], 100, 23)).toBe('1.0,21.5 99.0,21.5');
	expect(sparkPoints([7], 100, 23)).toBe('1.0,1.5 99,1.5');
	expect(sparkPoints([], 100, 23)).toBe('');
});
