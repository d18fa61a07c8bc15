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
			['Taken', '2026-01-01'],
			['Camera', '{"make":"A"}'],
		]);
		expect(otherFacts({ lensModel: 'X 35' })).toEqual([['Lens model', 'X 35']]);
	});

	it('of a picture are told in words', () => {
		const facts = { format: 'png', orientation: 6, hasAlpha: true, pages: 3, takenAt: '2026-05-04T10:11:12' };
		expect(otherFacts(facts)).toEqual([
			['Format', 'PNG'],
			['Orientation', 'on its left side'],
			['Transparency', 'yes'],
			['Frames', '3'],
			['Taken', '2026-05-04 10:11:12'],
		]);
		expect(otherFacts({ hasAlpha: false, orientation: 1 })).toEqual([
			['Transparency', 'no'],
			['Orientation', 'upright'],
		]);
	});

	it('that are not as expected are shown as they are', () => {
		expect(otherFacts({ format: 7, hasAlpha: 'maybe', orientation: 99 })).toEqual([
			['Format', '7'],
			['Transparency', 'maybe'],
			['Orientation', '99'],
		]);
	});

	it('let only pictures that cannot carry scripts be shown', () => {
		expect(isPreviewable({ mimetype: 'image/png' })).toBe(true);
		expect(isPreviewable({ mimetype: 'image/svg+xml' })).toBe(false);
		expect(isPreviewable({ mimetype: 'text/html' })).toBe(false);
	});
});
