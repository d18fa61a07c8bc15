import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLockRequest } from './lock-request.ts';
import { readPropfind } from './propfind-request.ts';
import { readProppatch } from './proppatch-request.ts';
import { parseXml } from './read-xml.ts';
import { emptyElement, escapeXml, roomToWrite, writeElement } from './write-xml.ts';
import type { XmlElement } from './xml-element.ts';

const read = (text: string): XmlElement => parseXml(Buffer.from(text))!;
const refused = (code: string) => expect.objectContaining({ code });

describe('a body', () => {
	it('is read with its namespaces, texts and languages', () => {
		const root = read('<a xmlns="u" xml:lang="de"><b:c xmlns:b="v" b:d="1" e="&lt;">t&amp;<![CDATA[<z>]]></b:c></a>');
		expect(root).toMatchObject({ namespace: 'u', name: 'a', language: 'de' });
		expect(root.children[0]).toMatchObject({
			...{ namespace: 'v', name: 'c', prefix: 'b', language: 'de', children: ['t&', '<z>'] },
			attributes: [
				{ namespace: 'v', qualified: 'b:d', value: '1' },
				{ namespace: '', qualified: 'e', value: '<' },
			],
		});
		expect(parseXml(Buffer.alloc(0))).toBeNull();
	});

	it('may be UTF-16 with its mark', () => {
		const text = '\ufeff<?xml version="1.0" encoding="utf-16"?><ä/>';
		expect(parseXml(Buffer.from(text, 'utf16le'))?.name).toBe('ä');
		expect(parseXml(Buffer.from(text, 'utf16le').swap16())?.name).toBe('ä');
		expect(parseXml(Buffer.from('\ufeff<?xml version="1.0" encoding="UTF-8"?><ä/>'))?.name).toBe('ä');
	});

	it.each([
		['half of one', '<a><b></a>'],
		['two', '<a/><b/>'],
		['blanks', '  \n'],
		['a prefix that is not declared', '<a:b/>'],
		['a prefix without a namespace', '<a xmlns:b=""/>'],
		['any DOCTYPE', '<!DOCTYPE a><a/>'],
		['a bomb', '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'],
		['a file of ours', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
		['an entity that nobody knows', '<a>&b;</a>'],
		['too many namespaces', `<a ${Array.from({ length: 300 }, (_, i) => `xmlns:n${i}="u${i}"`).join(' ')}/>`],
		['64 KiB of namespaces', `<a ${Array.from({ length: 2500 }, (_, i) => `xmlns:n${i}="u${i}"`).join(' ')}/>`],
		['a deep one', '<a>'.repeat(40) + '</a>'.repeat(40)],
		['characters that there are not', '<a>\u0001</a>'],
	])('with %s is refused', (_, text) => {
		expect(() => parseXml(Buffer.from(text))).toThrow(refused('bad-request'));
	});

	it('is refused in other encodings and as no text at all', () => {
		const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a/>');
		expect(() => parseXml(latin)).toThrow(refused('unsupported-media-type'));
		expect(() => parseXml(Buffer.from([0x3c, 0x61, 0xff, 0x2f, 0x3e]))).toThrow(refused('bad-request'));
	});

	it('never does anything but be read or be refused', () => {
		const piece = fc.constantFrom('<', '>', '/', 'a', 'D:', 'xmlns:D="DAV:"', '"', '&amp;', '&', '<!--', ']]>', ' ');
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
				try {
					parseXml(Buffer.from(pieces.join('')));
				} catch (error) {
					expect(error).toEqual(refused('bad-request'));
				}
			}),
		);
	});
});

describe('writing', () => {
	it('makes every text readable again', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				const { children, attributes } = read(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`);
				// What XML has no way to write is replaced by one character each.
				// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
				const written = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
				expect(children.join('')).toBe(written);
				expect(attributes[0]?.value).toBe(written);
			}),
		);
		expect(escapeXml('half \ud800 of a pair')).toBe('half \ufffd of a pair');
	});

	it('gives back an element that means the same wherever it stands', () => {
		const around = '<r xmlns="u" xmlns:p="v" xml:lang="en">';
		const inner = '<p:a q:b="1" xmlns:q="w" c="&quot;"><d/><p:e xmlns:p="z">t &lt; u</p:e><f xmlns=""/></p:a>';
		const element = read(`${around}${inner}</r>`).children[0] as XmlElement;
		const text = writeElement(element, roomToWrite());
		const again = read(`<x xmlns="other" xmlns:p="other">${text}</x>`).children[0] as XmlElement;
		const plain = ({ namespace, name, attributes, children }: XmlElement): unknown => ({
			...{ namespace, name, attributes: attributes.filter(({ prefix }) => prefix !== 'xml') },
			children: children.map((child) => (typeof child === 'string' ? child : plain(child))),
		});
		expect(plain(again)).toEqual(plain(element));
		expect(again.language).toBe('en');
		expect(writeElement(again, roomToWrite())).toBe(text);
		const strange = read('<__proto__:a xmlns:__proto__="u" __proto__:b="1"/>');
		expect(read(writeElement(strange, roomToWrite()))).toMatchObject({ namespace: 'u', name: 'a' });
	});
});

describe('a long namespace', () => {
	const long = `u:${'n'.repeat(30_000)}`;
	const thousands = '<p:c/>'.repeat(5_000);

	it('is not written for each of thousands of elements', () => {
		const patch = `<D:propertyupdate xmlns:D="DAV:" xmlns:p="${long}"><D:set><D:prop><z>${thousands}</z></D:prop></D:set></D:propertyupdate>`;
		expect(() => readProppatch(read(patch))).toThrow(refused('bad-request'));
		const lock = `<lockinfo xmlns="DAV:" xmlns:p="${long}"><lockscope><shared/></lockscope><locktype><write/></locktype><owner>${thousands}</owner></lockinfo>`;
		expect(() => readLockRequest(read(lock))).toThrow(refused('bad-request'));
		const element = read(`<z xmlns:p="${long}">${thousands}</z>`);
		expect(writeElement(element, roomToWrite()).length).toBeLessThan(64 * 1024);
	});

	it('is not told for each of hundreds of properties', () => {
		const named = Array.from({ length: 200 }, (_, i) => `<p:a${i}/>`).join('');
		const find = `<propfind xmlns="DAV:" xmlns:p="${long}"><prop>${named}</prop></propfind>`;
		expect(() => readPropfind(read(find))).toThrow(refused('bad-request'));
		const patch = `<propertyupdate xmlns="DAV:" xmlns:p="${long}"><remove><prop>${named}</prop></remove></propertyupdate>`;
		expect(() => readProppatch(read(patch))).toThrow(refused('bad-request'));
	});
});

it('what is named in the namespace of XML itself has its own prefix', () => {
	const name = { namespace: 'http://www.w3.org/XML/1998/namespace', name: 'a' };
	expect(read(emptyElement(name))).toMatchObject({ prefix: 'xml', name: 'a' });
});

describe('PROPFIND', () => {
	const D = 'xmlns="DAV:"';
	it.each([
		[`<propfind ${D}><propname/></propfind>`, { kind: 'names' }],
		[`<propfind ${D}><allprop/></propfind>`, { kind: 'all', include: [] }],
		[
			`<propfind ${D}><allprop/><include><a/></include></propfind>`,
			{ kind: 'all', include: [{ namespace: 'DAV:', name: 'a' }] },
		],
		[
			`<x:propfind xmlns:x="DAV:" xmlns:y="u"><y:new/><x:prop><x:a/><y:a/><x:a/></x:prop></x:propfind>`,
			{
				kind: 'some',
				names: [
					{ namespace: 'DAV:', name: 'a' },
					{ namespace: 'u', name: 'a' },
				],
			},
		],
	])('asks by %s', (text, request) => {
		expect(readPropfind(read(text))).toEqual(request);
	});

	it('asks for all without a body', () => {
		expect(readPropfind(null)).toEqual({ kind: 'all', include: [] });
	});

	it.each([
		'<propfind><allprop/></propfind>',
		`<propfind ${D}/>`,
		`<propfind ${D}><propname/><allprop/></propfind>`,
		`<prop ${D}/>`,
		`<propfind ${D}><prop>${Array.from({ length: 300 }, (_, i) => `<p${i}/>`).join('')}</prop></propfind>`,
	])('is refused as %s', (text) => {
		expect(() => readPropfind(read(text))).toThrow(refused('bad-request'));
	});
});

it('PROPPATCH keeps its orders in their order', () => {
	const text =
		'<D:propertyupdate xmlns:D="DAV:" xmlns:x="u"><D:remove><D:prop><x:a/></D:prop></D:remove>' +
		'<D:set><D:prop><x:a>1</x:a><b/></D:prop></D:set></D:propertyupdate>';
	expect(readProppatch(read(text))).toEqual([
		{ remove: { namespace: 'u', name: 'a' } },
		{ set: { namespace: 'u', name: 'a', value: '<x:a xmlns:x="u">1</x:a>' } },
		{ set: { namespace: '', name: 'b', value: '<b xmlns=""/>' } },
	]);
	for (const bad of ['<D:propertyupdate xmlns:D="DAV:"/>', '<propertyupdate/>']) {
		expect(() => readProppatch(read(bad))).toThrow(refused('bad-request'));
	}
	expect(() => readProppatch(null)).toThrow(refused('bad-request'));
});

it('LOCK says which lock, and who holds it', () => {
	const lock = (scope: string, type = 'write', more = '') =>
		`<lockinfo xmlns="DAV:"><lockscope><${scope}/></lockscope><locktype><${type}/></locktype>${more}</lockinfo>`;
	expect(readLockRequest(read(lock('shared')))).toEqual({ isExclusive: false, holder: null });
	expect(readLockRequest(read(lock('exclusive', 'write', '<owner><href>me</href></owner>')))).toEqual({
		isExclusive: true,
		holder: '<owner xmlns="DAV:"><href>me</href></owner>',
	});
	for (const bad of [lock('both'), lock('shared', 'read'), '<lockinfo xmlns="DAV:"/>', '<lockinfo/>']) {
		expect(() => readLockRequest(read(bad)), bad).toThrow(refused('bad-request'));
	}
});
