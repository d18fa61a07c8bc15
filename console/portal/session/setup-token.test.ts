import { describe, expect, it } from 'vitest';
import { setupTokenOf } from './setup-token.ts';

describe('the set-up token', () => {
	it.each([
		['#abc-DEF_1', '', 'abc-DEF_1'],
		['#token=abc', '', 'abc'],
		['', '?token=abc', 'abc'],
		['', '', null],
		['#', '?token=', null],
		['#other=1', '', null],
	])('of hash %j and query %j is %j', (hash, search, token) => {
		expect(setupTokenOf({ hash, search })).toBe(token);
	});
});
