import { describe, expect, it } from 'vitest';
import { clear, extendTo, keepPresent, NO_SELECTION, rowAfterKey, selectAll, toggle } from './selection.ts';

const ORDER = ['a', 'b', 'c', 'd', 'e'];

describe('a selection', () => {
	it('takes rows one by one and gives them back', () => {
		const two = toggle(toggle(NO_SELECTION, 'b'), 'd');
		expect([...two.chosen]).toEqual(['b', 'd']);
		expect([...toggle(two, 'b').chosen]).toEqual(['d']);
	});

	it('extends from where it began, in both directions', () => {
		const down = extendTo(toggle(NO_SELECTION, 'c'), 'e', ORDER);
		expect([...down.chosen]).toEqual(['c', 'd', 'e']);
		const up = extendTo(down, 'a', ORDER);
		expect([...up.chosen]).toEqual(['a', 'b', 'c']);
		expect(up).toMatchObject({ current: 'a', anchor: 'c' });
	});

	it('extends from the keyboard’s row when nothing is selected yet', () => {
		const selection = { ...NO_SELECTION, current: 'b' };
		expect([...extendTo(selection, 'c', ORDER).chosen]).toEqual(['b', 'c']);
	});

	it('takes all, and none', () => {
		expect(selectAll(NO_SELECTION, ORDER).chosen.size).toBe(5);
		expect(clear(selectAll(NO_SELECTION, ORDER)).chosen.size).toBe(0);
	});

	it('loses rows that are gone, and the keyboard goes to the next row', () => {
		const selection = { ...selectAll(NO_SELECTION, ['b', 'c']), current: 'c', anchor: 'c' };
		const after = keepPresent(selection, ORDER, ['a', 'b', 'd', 'e']);
		expect([...after.chosen]).toEqual(['b']);
		expect(after).toMatchObject({ current: 'd', anchor: null });
		expect(keepPresent(after, ORDER, []).current).toBeNull();
	});
});

describe('a key', () => {
	it.each([
		['ArrowDown', null, 'a'],
		['ArrowDown', 'b', 'c'],
		['ArrowDown', 'e', 'e'],
		['ArrowUp', 'a', 'a'],
		['Home', 'd', 'a'],
		['End', 'b', 'e'],
		['PageDown', 'b', 'e'],
		['x', 'b', null],
		['toString', 'b', null],
	])('%s on %j leads to %j', (key, current, row) => expect(rowAfterKey(key, current, ORDER)).toBe(row));
});
