import { expect, test } from 'vitest';
import { perSecond } from './per-second.ts';

test('rates are told as exactly as they matter', () => {
	expect([0, 0.02, 0.1, 2.46, 9.96, 1_234.5].map(perSecond)).toEqual([
		'0/s',
		'<0.1/s',
		'0.1/s',
		'2.5/s',
		'10/s',
		'1,235/s',
	]);
});
