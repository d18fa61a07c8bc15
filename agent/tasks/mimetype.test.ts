import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOdf, makeOoxml, makeTar, makeZip } from '../../test/support/make-archives.ts';
import { makeSvgEntityBomb } from '../../test/support/make-images.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { detectFile } from './mimetype/detect-file.ts';
import { isJson } from './mimetype/json-shape.ts';
import { isCsv } from './mimetype/text-rules.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const wide = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
const picture = (format: 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif'): Promise<Buffer> =>
	sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
		.toFormat(format)
		.toBuffer();
const office = 'application/vnd.openxmlformats-officedocument';
const oasis = 'application/vnd.oasis.opendocument';

/** Content and what it is; the names of the files say nothing and must not matter. */
const CORPUS: Record<string, [content: string | Buffer | Promise<Buffer>, mimetype: string]> = {
	text: ['Hello world.\nThis is text.\n', 'text/plain'],
	'text in UTF-8': ['Grüße aus Köln, 東京\n', 'text/plain'],
	'text in UTF-8 with a mark': ['\ufeffHello\n', 'text/plain'],
	'text in UTF-16': [wide('Grüße, text\n'), 'text/plain'],
	'text in UTF-16, big end first': [wide('Grüße, text\n').swap16(), 'text/plain'],
	'text in Latin 1': [Buffer.from('Grüße aus Köln\n', 'latin1'), 'text/plain'],
	'text with colours': ['\u001b[31mred\u001b[0m\n', 'text/plain'],
	'a log': ['2024-01-01 00:00:00 INFO start\n2024-01-01 00:00:01 INFO stop\n', 'text/plain'],
	markdown: ['# Title\n\nText *here*.\n', 'text/plain'],
	yaml: ['a: 1\nb:\n  - x\n', 'text/plain'],
	'text that begins as a bitmap does': ['BMW makes cars\n', 'text/plain'],
	'text that begins as a program does': ['MZ is a name\n', 'text/plain'],
	'nothing at all': ['', 'inode/x-empty'],
	'one byte': ['a', 'application/octet-stream'],
	noise: [bytes('00 01 02 03 fe fd fc 00 99 88 77'), 'application/octet-stream'],
	'text with zeros': [Buffer.from('abc\0def\n'), 'application/octet-stream'],
	xml: ['<?xml version="1.0"?>\n<a><b/></a>\n', 'text/xml'],
	'xml in UTF-16': [wide('<?xml version="1.0"?>\n<a/>\n'), 'text/xml'],
	feed: ['<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"></rss>\n', 'text/xml'],
	html: ['<!DOCTYPE html>\n<html><head><title>x</title></head></html>\n', 'text/html'],
	'html after a comment': ['\n <!-- a -->\n<!doctype HTML><p>hi\n', 'text/html'],
	'html without a declaration': ['<html><body>hi</body></html>\n', 'text/html'],
	svg: ['<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n', 'image/svg+xml'],
	'svg after a declaration': ['<?xml version="1.0"?>\n<!-- c -->\n<svg xmlns="x"/>\n', 'image/svg+xml'],
	'svg bomb': [makeSvgEntityBomb(), 'image/svg+xml'],
	json: [JSON.stringify({ a: 1, b: [1, null, 'x'] }), 'application/json'],
	'json lines': ['{"a":1}\n{"a":2}\n', 'application/x-ndjson'],
	'nearly json': ['{"a":1', 'text/plain'],
	csv: ['name,q\n"x,y",2\n"z ""q""",3\n', 'text/csv'],
	'csv of Windows': ['a,b,c\r\n1,2,3\r\n4,5,6\r\n', 'text/csv'],
	'nearly csv': ['a,b\n1,2,3\n4\n', 'text/plain'],
	'shell script': ['#!/bin/sh\necho hi\n', 'text/x-shellscript'],
	'bash script': ['#!/usr/bin/env bash\necho hi\n', 'text/x-shellscript'],
	'python script': ['#!/usr/bin/env python3\nprint(1)\n', 'text/x-script.python'],
	'perl script': ['#!/usr/bin/perl -w\nprint 1;\n', 'text/x-perl'],
	'c source': ['#include <stdio.h>\nint main(void) { return 0; }\n', 'text/x-c'],
	mail: ['From: a@example.org\nTo: b@example.org\nSubject: x\n\nhi\n', 'message/rfc822'],
	calendar: ['BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n', 'text/calendar'],
	pdf: ['%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n', 'application/pdf'],
	rtf: ['{\\rtf1\\ansi hi}\n', 'text/rtf'],
	postscript: ['%!PS-Adobe-3.0\nshowpage\n', 'application/postscript'],
	png: [picture('png'), 'image/png'],
	jpeg: [picture('jpeg'), 'image/jpeg'],
	gif: [picture('gif'), 'image/gif'],
	webp: [picture('webp'), 'image/webp'],
	tiff: [picture('tiff'), 'image/tiff'],
	avif: [picture('avif'), 'image/avif'],
	zip: [makeZip([{ name: 'a.txt', content: 'hi' }]), 'application/zip'],
	'empty zip': [makeZip([]), 'application/zip'],
	gzip: [gzipSync('hello'), 'application/gzip'],
	tar: [makeTar([{ name: 'a.txt', content: 'hi' }]), 'application/x-tar'],
	docx: [makeOoxml('docx'), `${office}.wordprocessingml.document`],
	xlsx: [makeOoxml('xlsx'), `${office}.spreadsheetml.sheet`],
	pptx: [makeOoxml('pptx'), `${office}.presentationml.presentation`],
	odt: [makeOdf('text'), `${oasis}.text`],
	ods: [makeOdf('spreadsheet'), `${oasis}.spreadsheet`],
	odp: [makeOdf('presentation'), `${oasis}.presentation`],
	wav: [
		bytes('52494646 24000000 57415645 666d7420 10000000 01000100 44ac0000 88580100 02001000 64617461 00000000'),
		'audio/x-wav',
	],
	mp3: [Buffer.concat([bytes('fffb9064'), Buffer.alloc(413), bytes('fffb9064'), Buffer.alloc(413)]), 'audio/mpeg'],
	sqlite: [Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(100, 1)]), 'application/vnd.sqlite3'],
};

const write = async (name: string, content: string | Buffer | Promise<Buffer>): Promise<string> => {
	const path = folder.join(`sample-${name.replaceAll(/\W/g, '-')}.dat`);
	writeFileSync(path, await content);
	return path;
};

/** What file(1) says of each, in one run of it; null when it is not installed. */
const saidByFile = (paths: readonly string[]): string[] | null => {
	try {
		const args = ['--brief', '--dereference', '--mime-type', ...paths];
		return execFileSync('file', args, { encoding: 'utf8' }).trimEnd().split('\n');
	} catch {
		return null;
	}
};

describe('the type of a file', () => {
	const paths = new Map<string, string>();
	let said: string[] | null = null;
	beforeAll(async () => {
		for (const [name, [content]] of Object.entries(CORPUS)) paths.set(name, await write(name, content));
		said = saidByFile([...paths.values()]);
	});

	for (const [at, [name, [, mimetype]]] of Object.entries(CORPUS).entries()) {
		it(`is ${mimetype} for ${name}, as file(1) says`, async (context) => {
			expect(await detectFile(paths.get(name) ?? '')).toEqual({ mimetype });
			if (said === null) return context.skip('file(1) is not installed');
			expect(said[at]).toBe(mimetype);
		});
	}

	it('of a program of this system is what file(1) says', async (context) => {
		const start = folder.join('start-of-a-program');
		writeFileSync(start, readFileSync(process.execPath).subarray(0, 4096));
		const programs = ['/bin/true', process.execPath, start];
		const theirs = saidByFile(programs);
		if (theirs === null) return context.skip('file(1) is not installed');
		const found = await Promise.all(programs.map((path) => detectFile(path)));
		expect(found.map(({ mimetype }) => mimetype)).toEqual(theirs);
	});

	it('is told from the beginning of a large file', async () => {
		const path = await write('large-json', `[${Array.from({ length: 200_000 }, (_, n) => `{"n":${n}}`).join()}]`);
		expect(await detectFile(path)).toEqual({ mimetype: 'application/json' });
		const text = await write('large-text', Buffer.concat([Buffer.from('a line\n'.repeat(20_000)), Buffer.alloc(100)]));
		expect(await detectFile(text)).toEqual({ mimetype: 'text/plain' });
	});

	it('is found for any bytes whatever', async () => {
		const starts = Object.values(CORPUS).map(([content]) => content);
		await fc.assert(
			fc.asyncProperty(
				fc.nat(starts.length - 1),
				fc.nat(200),
				fc.uint8Array({ maxLength: 300 }),
				async (at, cut, noise) => {
					const start = Buffer.from((await starts[at]) as Buffer).subarray(0, cut);
					const { mimetype } = await detectFile(await write('noise', Buffer.concat([start, noise])));
					expect(mimetype).toMatch(/^[a-z]+\/[\w.+-]+$/i);
				},
			),
			{ numRuns: 300 },
		);
	});
});

describe('JSON', () => {
	it('is recognised when JSON.parse takes it, and then only', () => {
		fc.assert(
			fc.property(
				fc.json({ maxDepth: 4 }),
				fc.nat(),
				fc.constantFrom('', ',', '"', '}', ']', ':', '1', 'x'),
				(json, at, extra) => {
					const place = at % (json.length + 1);
					const text = json.slice(0, place) + extra + json.slice(place);
					let parsed: unknown = null;
					try {
						parsed = JSON.parse(text);
					} catch {
						// Not JSON: not to be taken for it.
					}
					const wanted = typeof parsed === 'object' && parsed !== null ? 'application/json' : null;
					expect(isJson(text, true)).toBe(wanted);
				},
			),
			{ numRuns: 2_000 },
		);
	});

	it('cut anywhere is still JSON when the rest is unknown', () => {
		const json = JSON.stringify([{ name: 'a "b" \\', list: [1, -2.5e3, true, null], inner: { x: {} } }]);
		for (let length = 1; length < json.length; length++) {
			expect(isJson(json.slice(0, length), false), json.slice(0, length)).toBe('application/json');
		}
	});

	it('nested without end is text, quickly', () => {
		expect(isJson('['.repeat(1_000_000), true)).toBeNull();
	});
});

describe('CSV', () => {
	it('wants three rows of equally many fields', () => {
		expect(isCsv('a,b\n1,2\n')).toBe(false);
		expect(isCsv('a,b\n1,2\n3,4\n')).toBe(true);
		expect(isCsv('a,b\n1,2\n3\n')).toBe(false);
		expect(isCsv('a\n1\n3\n')).toBe(false);
	});

	it('lets quotes hold commas and line ends', () => {
		expect(isCsv('"a,\n",b\n"1"",",2\n3,4\n')).toBe(true);
	});
});
