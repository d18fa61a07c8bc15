import { describe, expect, it } from 'vitest';
import { mayFit } from './may-fit.ts';

const FILE = `fil_${'0'.repeat(26)}`;

describe('a filter', () => {
	it.each([
		[{}, true],
		[{ type: 'md5' }, true],
		[{ type: 'thumbnail' }, false],
		[{ state: 'running' }, true],
		[{ state: 'open' }, true],
		[{ state: 'final' }, false],
		[{ state: 'unsuccessful' }, false],
		[{ state: 'held' }, false],
		[{ file: FILE }, true],
		[{ file: `fil_${'1'.repeat(26)}` }, false],
	] as const)('%j lets a running md5 of the file through: %s', (filter, fits) => {
		expect(mayFit(filter, { type: 'md5', state: 'running', file: FILE })).toBe(fits);
	});

	it('lets what failed in any way through where that is asked for', () => {
		for (const state of ['failed', 'expired', 'quarantined', 'succeeded', 'cancelled']) {
			const fits = mayFit({ state: 'unsuccessful' }, { type: 'md5', state, file: null });
			expect([state, fits]).toEqual([state, state !== 'succeeded' && state !== 'cancelled']);
		}
	});

	it('lets a state that is not known through only where any state may be', () => {
		const strange = { type: 'md5', state: 'dreaming', file: null };
		expect(mayFit({ state: 'open' }, strange)).toBe(false);
		expect(mayFit({}, strange)).toBe(true);
	});
});
