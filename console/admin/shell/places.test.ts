import { expect, it } from 'vitest';
import { PLACES, placeOf } from './places.ts';

it('knows whose place a screen is, by the beginning of its path', () => {
	const found = ['/', '/users', '/users/:id', '/prices/new', '/nodes/add', '/nowhere'].map((path) => placeOf(path)?.to);
	expect(found).toEqual(['/', '/users', '/users', '/prices', '/nodes', undefined]);
});

it('has every place once, with a key of its own', () => {
	const places = PLACES.flatMap((group) => group.places);
	for (const part of ['to', 'key', 'word'] as const) {
		expect(new Set(places.map((place) => place[part])).size, part).toBe(places.length);
	}
});
