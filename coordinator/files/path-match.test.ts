import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitsName, isTemporary, liesIn } from './path-match.ts';

describe('a folder', () => {
	test.each([
		['/a.txt', '/', true, true],
		['/a.txt', '/', false, true],
		['/x/a.txt', '/', false, false],
		['/x/a.txt', '/', true, true],
		['/x/a.txt', '/x', false, true],
		['/x/y/a.txt', '/x', false, false],
		['/x/y/a.txt', '/x', true, true],
		['/xy/a.txt', '/x', true, false],
		['/x', '/x', true, false],
	])('%s in %s, recursive %s: %s', (path, folder, recursive, lies) => {
		expect(liesIn(path, folder, recursive)).toBe(lies);
	});
});

describe('a pattern of names', () => {
	test.each([
		['.DS_Store', '.DS_Store', true],
		['.ds_store', '.DS_Store', true],
		['._photo.jpg', '._*', true],
		['photo.jpg.part', '*.part', true],
		['photo.part.jpg', '*.part', false],
		['~$brief.docx', '~$*', true],
		['ab', 'a*b', true],
		['a', 'a*a', false],
		['aa', 'a*a', true],
		['abcabc', '*bc*bc', true],
		['abc', '*bc*bc', false],
		['anything', '*', true],
		['a.b', 'a?b', false],
		['überschrift', 'ÜBER*', true],
	])('%s fits %s: %s', (name, pattern, fits) => {
		expect(fitsName(name, [pattern])).toBe(fits);
	});

	test('means what the same regular expression means', () => {
		const words = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 12 });
		const names = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 20 });
		fc.assert(
			fc.property(names, words, (name, pattern) => {
				const same = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
				expect(fitsName(name, [pattern])).toBe(same.test(name));
			}),
			{ numRuns: 2_000 },
		);
	});

	test('takes no time for a pattern that would keep a regular expression busy for ever', () => {
		expect(fitsName('a'.repeat(255), [`${'*a'.repeat(49)}*b`])).toBe(false);
	});
});

test.each([
	['/a.tmp', true],
	['/a/b.PART', true],
	['/a/.~table.ods', true],
	['/~WRD0001.docx', true],
	['/letter.docx.sb-1f2-x/letter.docx', true],
	['/letter.docx.sb-1f2-x', false],
	['/a.tmp/b', false],
	['/a.txt', false],
])('%s is temporary: %s', (path, is) => {
	expect(isTemporary(path)).toBe(is);
});
