import { expect, test } from 'vitest';
import { inOrderOf } from './use-steady-order.ts';

test('rows that are held keep their places; new ones come last, gone ones leave no gap', () => {
	const rows = ['new', 'c', 'a'];
	expect(inOrderOf(rows, ['a', 'b', 'c'], (row) => row)).toEqual(['a', 'c', 'new']);
});
