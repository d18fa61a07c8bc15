import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentDigest } from '../../../shared/client/content.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import {
	disposition,
	etagOf,
	inlineType,
	readCondition,
	readContentDigest,
	readContentLength,
	readRange,
	readTime,
	shortEtagOf,
} from './content-headers.ts';

const refused = (code: string) => expect.objectContaining({ code });

describe('a range', () => {
	it.each([
		['bytes=0-0', { first: 0, last: 0 }],
		['bytes=10-19', { first: 10, last: 19 }],
		['bytes=90-', { first: 90, last: 99 }],
		['bytes=90-1000', { first: 90, last: 99 }],
		['bytes=-5', { first: 95, last: 99 }],
		['bytes=-1000', { first: 0, last: 99 }],
		[undefined, null],
		['bytes=0-1,5-6', null],
		['bytes=9-5', null],
		['bytes=-', null],
		['items=0-5', null],
		['bytes=a-b', null],
	])('%s of 100 bytes', (header, range) => {
		expect(readRange(header, 100)).toEqual(range);
	});

	it.each([
		['bytes=100-', 100],
		['bytes=100-200', 100],
		['bytes=-0', 100],
		['bytes=0-', 0],
		['bytes=-1', 0],
	])('%s of %i bytes lies outside', (header, size) => {
		expect(() => readRange(header, size)).toThrow(refused('range-not-satisfiable'));
	});

	it('lies within the content, whatever is asked for', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.stringMatching(/^bytes=\d{0,4}-\d{0,4}$/)), fc.nat(3000), (header, size) => {
				try {
					const range = readRange(header, size);
					if (range) expect(0 <= range.first && range.first <= range.last && range.last < size).toBe(true);
				} catch (error) {
					expect(error).toEqual(refused('range-not-satisfiable'));
				}
			}),
		);
	});
});

describe('conditions', () => {
	it('are read from lists of tags, weak ones only for If-None-Match', () => {
		expect(readCondition({ 'if-match': '*' })).toEqual({ ifMatch: '*', ifNoneMatch: null });
		expect(readCondition({ 'if-match': '"a", W/"b" ,"c"', 'if-none-match': 'W/"d"' })).toEqual({
			ifMatch: ['a', 'c'],
			ifNoneMatch: ['d'],
		});
		for (const bad of ['a', '"a', '"a" "b"', '', '"a",,"b"']) {
			expect(() => readCondition({ 'if-match': bad }), bad).toThrow(refused('bad-request'));
		}
	});
});

it('takes times as HTTP writes them, and ignores what is none', () => {
	expect(readTime('Thu, 01 Jan 1970 00:00:07 GMT')).toBe(7);
	for (const none of [undefined, '', 'soon', '1970-01-01', 'soon GMT']) expect(readTime(none)).toBeNull();
});

it('takes a tag of ours in both of its forms', () => {
	const sha256 = 'ab'.repeat(32);
	expect(readCondition({ 'if-match': `${etagOf(sha256)}, ${shortEtagOf(sha256)}` }).ifMatch).toEqual([sha256, sha256]);
});

describe('Content-Digest', () => {
	const sha256 = 'ab'.repeat(32);

	it('is what the client writes, also among others', () => {
		expect(readContentDigest(contentDigest(sha256))).toBe(sha256);
		expect(readContentDigest(`sha-512=:AAAA:, ${contentDigest(sha256)}`)).toBe(sha256);
		expect(readContentDigest(undefined)).toBeNull();
		expect(readContentDigest('sha-512=:AAAA:')).toBeNull();
	});

	it.each(['sha-256=', 'sha-256=:AAAA:', `sha-256=${sha256}`, 'sha-256=:!:', `sha-256=:${'A'.repeat(44)}:`])(
		'is refused as %s',
		(header) => {
			expect(() => readContentDigest(header)).toThrow(refused('bad-request'));
		},
	);
});

it('takes a length only as exact bytes', () => {
	expect(readContentLength('12')).toBe(12);
	expect(readContentLength(undefined)).toBeNull();
	expect(() => readContentLength('99999999999999999999')).toThrow(CodedError);
});

describe('Content-Disposition', () => {
	it('carries every name without letting it out of its quotes', () => {
		expect(disposition('attachment', 'a b.txt')).toBe('attachment; filename="a b.txt"');
		expect(disposition('inline', 'a"b\\c')).toBe(`inline; filename="a_b_c"; filename*=UTF-8''a%22b%5Cc`);
		expect(disposition('attachment', 'naïve (1).txt')).toBe(
			`attachment; filename="na_ve (1).txt"; filename*=UTF-8''na%C3%AFve%20%281%29.txt`,
		);
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (name) => {
				expect(disposition('attachment', name)).toMatch(
					/^attachment; filename="[\x20-\x7e]*"(; filename\*=UTF-8''[\w.~!#$&+^`|%-]*)?$/,
				);
			}),
		);
	});
});

it('shows inline only what cannot run', () => {
	expect(inlineType('image/png')).toBe('image/png');
	for (const type of ['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/xml', 'application/pdf', '', null]) {
		expect(inlineType(type)).toBeNull();
	}
});
