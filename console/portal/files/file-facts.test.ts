import { describe, expect, it } from 'vitest';
import { dimensionsOf, isPreviewable, otherFacts, typeWord } from './file-facts.ts';

describe('the type in a list', () => {
	it.each([
		['image/jpeg', 'JPEG image'],
		['image/svg+xml', 'SVG drawing'],
		['video/mp4', 'MP4 video'],
		['application/pdf', 'PDF'],
		['text/plain', 'Text'],
		['application/zip', 'Archive'],
		['application/vnd.oasis.opendocument.text', 'Document'],
		['application/octet-stream', 'application/octet-stream'],
	])('of %s is %s', (mimetype, word) => expect(typeWord({ mimetype })).toBe(word));

	it('is nothing until it is known', () => expect(typeWord({})).toBeNull());
});

describe('facts', () => {
	it('tell the size of a picture when both sides are numbers', () => {
		expect(dimensionsOf({ width: 4, height: 3 })).toBe('4 × 3');
		expect(dimensionsOf({ width: 4, height: 'tall' })).toBeNull();
	});

	it('without a place of their own are listed by name', () => {
		expect(otherFacts({ md5: 'x', width: 1, taken: '2026-01-01', gps: null, camera: { make: 'A' } })).toEqual([
			['taken', '2026-01-01'],
			['camera', '{"make":"A"}'],
		]);
	});

	it('let only pictures that cannot carry scripts be shown', () => {
		expect(isPreviewable({ mimetype: 'image/png' })).toBe(true);
		expect(isPreviewable({ mimetype: 'image/svg+xml' })).toBe(false);
		expect(isPreviewable({ mimetype: 'text/html' })).toBe(false);
	});
});
