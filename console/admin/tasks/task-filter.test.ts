import { expect, it } from 'vitest';
import { filterWords, steerFilterOf } from './task-filter.ts';

it('is told in words, as the button of an act has it', () => {
	expect(filterWords({ queue: 'normal', type: 'md5', state: 'unsuccessful' })).toBe(
		'state failed in any way, type md5, queue normal',
	);
	expect(filterWords({})).toBe('');
});

it('is what an act is on, but for everything and for a cause', () => {
	expect(steerFilterOf({})).toBe(null);
	expect(steerFilterOf({ cause: '0'.repeat(16), type: 'md5' })).toBe(null);
	expect(steerFilterOf({ state: 'open', node: 'vm-1' })).toEqual({ state: 'open', node: 'vm-1' });
});
