import { expect, test } from 'vitest';
import { changesOf } from './changes.ts';

test('before and after are told side by side, what stayed is left out', () => {
	expect(changesOf({ version: 3, before: { weight: 1, band: 2 }, after: { weight: 4, band: 2, caps: {} } })).toEqual({
		changes: [
			{ name: 'weight', before: '1', after: '4' },
			{ name: 'caps', before: null, after: '{}' },
		],
		rest: { version: 3 },
	});
});

test('what was given and taken is told by itself', () => {
	expect(changesOf({ before: null, after: 'research' }).changes).toEqual([
		{ name: '', before: null, after: 'research' },
	]);
	expect(changesOf({ before: 'research', after: null }).changes).toEqual([
		{ name: '', before: 'research', after: null },
	]);
});

test('what was is compared with what the entry says beside it', () => {
	expect(changesOf({ folder: '/b', version: 2, before: { folder: '/a', recipe: 'r' } })).toEqual({
		changes: [
			{ name: 'folder', before: '/a', after: '/b' },
			{ name: 'recipe', before: 'r', after: null },
		],
		rest: { version: 2 },
	});
	expect(changesOf({ bindingKeys: ['b.#'], before: ['a.#'] })).toEqual({
		changes: [{ name: 'bindingKeys', before: '["a.#"]', after: '["b.#"]' }],
		rest: {},
	});
});

test('what tells of no change is told as it is', () => {
	expect(changesOf({ title: 'x' })).toEqual({ changes: [], rest: { title: 'x' } });
	expect(changesOf({ before: ['a'], one: [], two: [] })).toEqual({
		changes: [],
		rest: { before: ['a'], one: [], two: [] },
	});
});
