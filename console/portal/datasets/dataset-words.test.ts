import { expect, it } from 'vitest';
import {
	isName,
	isSmallPicture,
	mayChange,
	nameOfTitle,
	previewOf,
	publishingWords,
	readersWords,
	urlOfDatasetFile,
	urlOfProcess,
} from './dataset-words.ts';

const ada = { id: 'usr_1', username: 'ada' };

it('a name for addresses is made of a title, and is one that is taken', () => {
	expect(nameOfTitle('My photos 2026')).toBe('my-photos-2026');
	expect(nameOfTitle('  Größe & Café!  ')).toBe('gro-e-cafe');
	expect(nameOfTitle('日本')).toBe('');
	for (const title of ['My photos 2026', `${'x'.repeat(62)} y`, 'v1.0 (final)'])
		expect(isName(nameOfTitle(title))).toBe(true);
	expect([isName(''), isName('Photos'), isName('-a')]).toEqual([false, false, false]);
});

it('owners and administrators may change a dataset, others not', () => {
	expect(mayChange({ owner: ada }, { id: 'usr_1', role: 'user' })).toBe(true);
	expect(mayChange({ owner: ada }, { id: 'usr_2', role: 'operator' })).toBe(false);
	expect(mayChange({ owner: null }, { id: 'usr_2', role: 'administrator' })).toBe(true);
});

it('what is being published and who may read it is told in words', () => {
	expect(publishingWords({ publishing: null })).toBeNull();
	expect(publishingWords({ publishing: { version: 2, files: 1_204, bytes: 2_300 } })).toBe(
		'Version 2 is being published: 1,204 files, 2.3 kB so far.',
	);
	expect(readersWords({ everyone: true, owner: null }, ada)).toBe('Everybody');
	expect(readersWords({ everyone: false, owner: ada }, ada)).toMatch(/^You, and with whom you/);
	expect(readersWords({ everyone: false, owner: ada }, { id: 'usr_2' })).toMatch(/^You, and others/);
});

it('addresses hold any path', () => {
	expect(urlOfDatasetFile('birds', 2, 'a b/c&d/größe.txt')).toBe('/datasets/birds?folder=a+b%2Fc%26d&version=2');
	expect(urlOfDatasetFile('birds', 1, 'top.txt')).toBe('/datasets/birds?version=1');
	expect(urlOfProcess('birds', 'a&b')).toBe('/process?dataset=birds&path=a%26b');
	expect(urlOfProcess('birds', '')).toBe('/process?dataset=birds');
});

it('only pictures of a sensible size and texts are previewed', () => {
	expect(previewOf({ mediaType: 'image/png', size: 10 })).toBe('picture');
	expect(previewOf({ mediaType: 'image/png', size: 50_000_000 })).toBeNull();
	expect(previewOf({ mediaType: 'image/svg+xml', size: 10 })).toBeNull();
	expect(previewOf({ mediaType: 'text/csv', size: 1e9 })).toBe('text');
	expect(previewOf({ mediaType: 'application/zip', size: 10 })).toBeNull();
	expect(previewOf({ mediaType: null, size: 10 })).toBeNull();
	expect([
		isSmallPicture({ mediaType: 'image/png', size: 10 }),
		isSmallPicture({ mediaType: 'image/png', size: 1e6 }),
	]).toEqual([true, false]);
});
