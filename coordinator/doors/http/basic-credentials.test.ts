import { describe, expect, it } from 'vitest';
import { readBasic } from './basic-credentials.ts';

const header = (text: string | Buffer): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('a Basic header', () => {
	it.each([
		['ada:abc', 'ada', 'abc'],
		['ada:a:b:c', 'ada', 'a:b:c'],
		['ada:', 'ada', ''],
		['Zoë:pässword', 'Zoë', 'pässword'],
		// Their base 64 has a plus and a slash.
		['ada:>>>', 'ada', '>>>'],
		['ada:a???', 'ada', 'a???'],
	])('%j is name %j and password %j', (text, username, password) => {
		expect(readBasic(header(text))).toEqual({ username, password });
		expect(readBasic(header(text).replace('Basic ', 'bAsIc  ').replace(/=+$/, ''))).toEqual({ username, password });
	});

	it('is tried with a plus and a slash', () => {
		expect(header('ada:>>>') + header('ada:a???')).toMatch(/\+.*\/|\/.*\+/);
	});

	it.each([
		'',
		'Basic',
		'Basic ',
		'Basic !!!!',
		'Basic YWRhOmFi\u00e4',
		'Basic YWRh Omx4',
		'Basic YWRhOmx4, Basic YWRhOmx4',
		'Bearer YWRhOmFiYw==',
		'Digest username="ada"',
		header('without a colon'),
		header(':no name'),
		header('ada:\0'),
		header('ada\n:x'),
		header(Buffer.from([0x61, 0x3a, 0xff, 0xfe])),
		header(`ada:${'x'.repeat(1_024)}`),
	])('%j is none', (text) => {
		expect(readBasic(text)).toBeNull();
	});
});
