import { SaxesParser, type SaxesTagNS } from 'saxes';
import { CodedError } from '../../../../shared/coded-error.ts';
import type { XmlElement } from './xml-element.ts';

/** Largest body in XML, in bytes: far more than any client sends. */
export const MOST_XML_BYTES = 64 * 1024;
/** A parser looks at every declaration for every name. */
const MOST_DECLARATIONS = 256;
const MOST_DEPTH = 32;

const refuse = (why: string, cause?: unknown): never => {
	throw new CodedError('bad-request', `The body is not usable: ${why}`, { cause });
};

/**
 * The root element of a body; null when there is none. Strict, and without anything that a DTD could bring: whatever
 * has one is refused.
 */
export const parseXml = (body: Buffer): XmlElement | null => {
	if (body.length === 0) return null;
	const text = decode(body);
	if (count(text, 'xmlns') > MOST_DECLARATIONS) refuse(`it declares more than ${MOST_DECLARATIONS} namespaces.`);
	let root: XmlElement | null = null;
	const open: XmlElement[] = [];
	const parser = new SaxesParser({ xmlns: true, position: false });
	const addText = (piece: string): void => {
		open.at(-1)?.children.push(piece);
	};
	parser.on('error', (error) => refuse(`${error.message}`, error));
	parser.on('doctype', () => refuse('a DOCTYPE is not taken.'));
	parser.on('text', addText);
	parser.on('cdata', addText);
	parser.on('opentag', (tag) => {
		const around = open.at(-1);
		const element = elementOf(tag, around?.language ?? null);
		if (around) around.children.push(element);
		else root = element;
		open.push(element);
		if (open.length > MOST_DEPTH) refuse(`it is nested more than ${MOST_DEPTH} deep.`);
	});
	parser.on('closetag', () => {
		open.pop();
	});
	parser.write(text).close();
	return root;
};

const elementOf = (tag: SaxesTagNS, around: string | null): XmlElement => {
	const attributes = Object.values(tag.attributes).filter(({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns');
	return {
		namespace: tag.uri,
		name: tag.local,
		prefix: tag.prefix,
		declares: new Map(Object.entries(tag.ns)),
		attributes: attributes.map(({ uri, name, prefix, value }) => ({ namespace: uri, qualified: name, prefix, value })),
		language: attributes.find(({ name }) => name === 'xml:lang')?.value ?? around,
		children: [],
	};
};

/** UTF-8, or UTF-16 by its mark: what every reader of XML has to know, and all that clients send. */
const decode = (body: Buffer): string => {
	const isLittle = body[0] === 0xff && body[1] === 0xfe;
	const isBig = body[0] === 0xfe && body[1] === 0xff;
	const encoding = isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8';
	let text = '';
	try {
		text = new TextDecoder(encoding, { fatal: true }).decode(body);
	} catch (cause) {
		refuse(`it is not ${encoding.toUpperCase()}.`, cause);
	}
	const declared = /^<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']/.exec(text)?.[1]?.toLowerCase() ?? encoding;
	if (!declared.startsWith(encoding.slice(0, 5)) && declared !== 'us-ascii') {
		throw new CodedError('unsupported-media-type', 'Send XML as UTF-8.');
	}
	return text;
};

const count = (text: string, word: string): number => {
	let found = 0;
	for (let at = text.indexOf(word); at >= 0 && found <= MOST_DECLARATIONS; at = text.indexOf(word, at + 1)) found += 1;
	return found;
};
