import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseName } from '../coordinator/files/safe-path.ts';
import { inboxName } from './inbox-name.ts';

test.each([
	['Image basics', 'Image basics'],
	['a/b: c?', 'a-b- c-'],
	['Cafe\u0301', 'Café'],
	['..', '-'],
	['v1. ', 'v1'],
	['é'.repeat(150), 'é'.repeat(100)],
	['a\u202eb', 'a-b'],
])('%s has the inbox %s', (recipe, name) => {
	expect(inboxName(recipe)).toBe(name);
});

test('is a name that every path takes as it is, whatever the recipe is called', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }), (recipe) => {
			const name = inboxName(recipe);
			expect(parseName(name)).toBe(name);
			expect(inboxName(name)).toBe(name);
		}),
	);
});
