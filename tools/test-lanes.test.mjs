import { expect, test } from 'vitest';
import { lanesOf } from './test-lanes.mjs';

test.each([
	[['unit', 'system', 'browser'], 'system', ['unit', 'browser']],
	[['browser', 'system'], 'system', ['browser']],
	[['unit', 'browser'], 'browser', ['unit']],
	[['unit'], 'unit', []],
])('of %j what waits most runs in front, and each of the others behind it, once', (projects, front, behind) => {
	expect(lanesOf(projects)).toEqual({ front: [front], behind });
});
