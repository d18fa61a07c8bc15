import { expect, test } from 'vitest';
import { Strangers } from './strangers.ts';

test('the oldest of a network that has too many goes, others stay', () => {
	const strangers = new Strangers<number>({ mostOfNetwork: 2, most: 100 });
	expect(strangers.add(1, 'near')).toBeUndefined();
	expect(strangers.add(2, 'far')).toBeUndefined();
	expect(strangers.add(3, 'far')).toBeUndefined();
	expect(strangers.add(4, 'far')).toBe(2);
	strangers.delete(2);
	expect(strangers.add(5, 'near')).toBeUndefined();
	expect(strangers.add(6, 'near')).toBe(1);
});

test('with too many in all the oldest of all goes', () => {
	const strangers = new Strangers<number>({ mostOfNetwork: 2, most: 3 });
	for (const [i, network] of ['a', 'b', 'c'].entries()) expect(strangers.add(i, network)).toBeUndefined();
	expect(strangers.add(3, 'd')).toBe(0);
	strangers.delete(0);
	strangers.delete(1);
	strangers.delete(1);
	expect(strangers.add(4, 'e')).toBeUndefined();
	expect(strangers.add(5, 'f')).toBe(2);
});
