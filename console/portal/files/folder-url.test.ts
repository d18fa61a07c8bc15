import { describe, expect, it } from 'vitest';
import { folderOfUrl, stepsTo, urlOfFile, urlOfFolder } from './folder-url.ts';

describe('a folder’s address', () => {
	it.each([
		['/', '/files'],
		['/a', '/files/a'],
		['/a b/100 %/ü?#', '/files/a%20b/100%20%25/%C3%BC%3F%23'],
	])('of %s is %s', (folder, url) => expect(urlOfFolder(folder)).toBe(url));

	it.each([
		['/files', '/'],
		['/files/', '/'],
		['/files/a/b/', '/a/b'],
		['/files/a//b', '/a/b'],
		['/files/100%20%25/%252F', '/100 %/%2F'],
		['/files/%ff', '/'],
	])('read from %j is %s', (splat, folder) => expect(folderOfUrl(splat)).toBe(folder));

	it('comes with the file whose details are shown', () => {
		expect(urlOfFile({ id: 'fil_1', path: '/a/b.jpg' })).toBe('/files/a?file=fil_1');
		expect(urlOfFile({ id: 'fil_1', path: '/b.jpg' })).toBe('/files?file=fil_1');
	});

	it('leads down step by step', () => {
		expect(stepsTo('/')).toEqual([]);
		expect(stepsTo('/a/b')).toEqual([
			{ name: 'a', path: '/a' },
			{ name: 'b', path: '/a/b' },
		]);
	});
});
