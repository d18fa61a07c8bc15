import { CodedError } from '../../../../shared/coded-error.ts';
import { MOST_XML_BYTES } from './read-xml.ts';
import type { XmlElement, XmlName } from './xml-element.ts';

export const XML_TYPE = 'application/xml; charset=utf-8';
export const XML_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n';

// What XML 1.0 has no way to write, not even escaped: control characters, halves of pairs and two that are none.
const UNWRITABLE =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
	/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const SPECIAL = /[&<>"\r\n\t]/g;
const PLAIN = /^[\u0020\u0021\u0023-\u0025\u0027-\u003b\u003d\u003f-\ud7ff\ue000-\ufffd]*$/;
const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text that is the same again when it is read, wherever it stands; what XML cannot say becomes U+FFFD. */
export const escapeXml = (text: string): string =>
	PLAIN.test(text)
		? text
		: text.replace(UNWRITABLE, '\ufffd').replace(SPECIAL, (one) => ESCAPED[one] ?? `&#${one.charCodeAt(0)};`);

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';

/** An empty element of that name; WebDAV's own have the prefix that every answer of ours declares. */
export const emptyElement = ({ namespace, name }: XmlName): string => {
	if (namespace === 'DAV:') return `<D:${name}/>`;
	// Its prefix is known everywhere, and nothing else may declare it.
	if (namespace === XML_NAMESPACE) return `<xml:${name}/>`;
	return `<${name} xmlns="${escapeXml(namespace)}"/>`;
};

/** How much may be written of one body: a short one can declare a long namespace that each of thousands of elements needs. */
export interface Room {
	characters: number;
}

/** Far more than anything that is kept. */
export const roomToWrite = (): Room => ({ characters: 4 * MOST_XML_BYTES });

const takeRoom = (room: Room, piece: string): string => {
	room.characters -= piece.length;
	if (room.characters < 0) {
		throw new CodedError('bad-request', 'The body is not usable: its namespaces make it too long when it is kept.');
	}
	return piece;
};

/** What prefixes mean somewhere. */
interface Scope {
	own: ReadonlyMap<string, string>;
	around: Scope | null;
}

const meaningOf = (prefix: string, scope: Scope | null): string | undefined => {
	for (let at = scope; at; at = at.around) {
		const meaning = at.own.get(prefix);
		if (meaning !== undefined) return meaning;
	}
	return undefined;
};

/** An element as it was, with all that it needs to be read the same within any other. Throws when `room` is not enough. */
export const writeElement = (element: XmlElement, room: Room): string => {
	const hasLanguage = element.attributes.some(({ qualified }) => qualified === 'xml:lang');
	const extra = hasLanguage || !element.language ? '' : ` xml:lang="${escapeXml(element.language)}"`;
	return write(element, { room, around: null, extra });
};

/** `around`: what prefixes mean there. Whatever stands around the whole is not known, so nothing is taken for granted. */
const write = (
	element: XmlElement,
	{ room, around, extra }: { room: Room; around: Scope | null; extra: string },
): string => {
	const { prefix, namespace, name, attributes, children } = element;
	const needed = new Map(element.declares).set(prefix, namespace);
	for (const attribute of attributes) if (attribute.prefix !== '') needed.set(attribute.prefix, attribute.namespace);
	needed.delete('xml');
	const own = new Map<string, string>();
	const qualified = prefix === '' ? name : `${prefix}:${name}`;
	let text = `<${qualified}`;
	for (const [known, value] of needed) {
		if (meaningOf(known, around) === value) continue;
		own.set(known, value);
		text += takeRoom(room, ` xmlns${known === '' ? '' : `:${known}`}="${escapeXml(value)}"`);
	}
	const scope = own.size === 0 ? around : { own, around };
	text += takeRoom(room, extra);
	for (const attribute of attributes) text += takeRoom(room, ` ${attribute.qualified}="${escapeXml(attribute.value)}"`);
	if (children.length === 0) return `${text}/>`;
	text += '>';
	for (const child of children) {
		text +=
			typeof child === 'string' ? takeRoom(room, escapeXml(child)) : write(child, { room, around: scope, extra: '' });
	}
	return `${text}</${qualified}>`;
};
