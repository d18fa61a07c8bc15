import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodedError } from '../../shared/coded-error.ts';
import { childPath, decodePath, formatPath, MAX_DEPTH, parsePath, splitPath } from './safe-path.ts';

const codeOf = (act: () => unknown): string => {
	try {
		act();
		return 'accepted';
	} catch (error) {
		if (error instanceof CodedError) return error.code;
		throw error;
	}
};

/** Names that have broken other programs; they are odd, but only data here. */
const NAUGHTY = [
	'CON',
	'nul.txt',
	'a\\..\\b',
	'\\\\server\\share',
	'%2e%2e',
	'%00',
	'..%2f',
	'...',
	'. ',
	' ..',
	'~root',
	'-rf',
	'$(reboot)',
	'`id`',
	"'; DROP TABLE files; --",
	'<script>alert(1)',
	'file:etc,passwd',
	'a:b|c?d*e"f<g>h',
	'𝓤𝓷𝓲𝓬𝓸𝓭𝓮',
	'田中さんにあげて下さい',
	'👩‍👩‍👧‍👦🏳️‍🌈',
	'ﷺ',
	'__proto__',
	'constructor',
	'Å',
];

describe('a path', () => {
	it('takes naughty names as data and gives them back', () => {
		for (const name of NAUGHTY) {
			expect(parsePath(`/folder/${name}`)).toEqual(['folder', name.normalize('NFC')]);
			expect(decodePath(`/folder/${encodeURIComponent(name)}`)).toEqual(['folder', name.normalize('NFC')]);
		}
	});

	it.each([
		['', 'nothing'],
		['a/b', 'a relative path'],
		['//a', 'an empty name'],
		['/a/', 'a slash at the end'],
		['/a//b', 'two slashes'],
		['/.', 'a dot'],
		['/a/../b', 'two dots'],
		['/a/..', 'two dots at the end'],
		['/a\0b', 'a NUL'],
		['/a\nb', 'a line feed'],
		['/a\u007f', 'DEL'],
		['/a\u0085b', 'a C1 control'],
		['/photo\u202egpj.exe', 'a turned direction of writing'],
		['/\ud800', 'a lone high surrogate'],
		['/a\udc00', 'a lone low surrogate'],
		[`/${'x'.repeat(256)}`, 'a name of 256 bytes'],
		[`/${'ä'.repeat(128)}`, 'a name of 256 bytes in 128 characters'],
		[
			`/${Array(MAX_DEPTH + 1)
				.fill('a')
				.join('/')}`,
			'65 names',
		],
		[`/${Array(40).fill('y'.repeat(120)).join('/')}`, 'more than 4096 bytes'],
		[`/${'ﷺ'.repeat(4000)}`, 'a very long text'],
	])('refuses %j: %s', (text) => {
		expect(codeOf(() => parsePath(text))).toBe('bad-path');
	});

	it('takes the longest that is allowed', () => {
		expect(parsePath(`/${'x'.repeat(255)}`)).toHaveLength(1);
		expect(parsePath(`/${Array(MAX_DEPTH).fill('a').join('/')}`)).toHaveLength(MAX_DEPTH);
	});

	it('is the same in NFC and NFD, and differs by case', () => {
		expect(parsePath('/Caf\u00e9')).toEqual(parsePath('/Cafe\u0301'));
		expect(parsePath('/A')).not.toEqual(parsePath('/a'));
	});

	it('of an address is decoded once and only once', () => {
		expect(decodePath('/%252e%252e')).toEqual(['%2e%2e']);
		expect(decodePath('/a%20b+c')).toEqual(['a b+c']);
		for (const bad of [
			'/%2e%2e',
			'/a%2fb',
			'/a%00',
			'/%',
			'/%zz',
			'/%ff',
			'/%c0%ae%c0%ae',
			'/%ed%a0%80',
			'/a%2F..%2Fb',
		]) {
			expect(
				codeOf(() => decodePath(bad)),
				bad,
			).toBe('bad-path');
		}
	});

	it('is refused with a code or comes back as the same path, whatever the text', () => {
		const piece = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.string({ unit: 'grapheme' }),
			fc.constantFrom(...NAUGHTY, '.', '..', '', '\0'),
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
				const text = `/${pieces.join('/')}`;
				let names: string[];
				try {
					names = parsePath(text);
				} catch (error) {
					expect(error).toMatchObject({ code: 'bad-path' });
					return;
				}
				expect(formatPath(names)).toBe(text.normalize('NFC'));
				expect(parsePath(formatPath(names))).toEqual(names);
				expect(decodePath(`/${names.map(encodeURIComponent).join('/')}`)).toEqual(names);
				for (const name of names) expect(name).not.toMatch(/^\.{0,2}$|\/|\0/);
			}),
			{ numRuns: 2_000 },
		);
	});

	it('of any bytes in an address is refused with a code or makes safe names', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
				const encoded = `/${[...bytes].map((b) => `%${b.toString(16).padStart(2, '0')}`).join('')}`;
				const code = codeOf(() => decodePath(encoded));
				expect(['accepted', 'bad-path']).toContain(code);
				if (bytes.includes(0x2f) || bytes.includes(0)) expect(code).toBe('bad-path');
			}),
		);
	});

	it('is cut and put together', () => {
		expect(splitPath(['a', 'b'])).toEqual({ folder: ['a'], name: 'b' });
		expect(codeOf(() => splitPath([]))).toBe('bad-path');
		expect(childPath('/', 'a')).toBe('/a');
		expect(childPath('/a', 'b')).toBe('/a/b');
	});
});
