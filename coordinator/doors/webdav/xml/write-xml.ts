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

/** An empty element of that name; WebDAV's own have the prefix that every answer of ours declares. */
export const emptyElement = ({ namespace, name }: XmlName): string =>
	namespace === 'DAV:'
		? `<D:${name}/>`
		: namespace === ''
			? `<${name} xmlns=""/>`
			: `<${name} xmlns="${escapeXml(namespace)}"/>`;

/** An element as it was, with all that it needs to be read the same within any other. */
export const writeElement = (element: XmlElement): string => {
	const hasLanguage = element.attributes.some(({ qualified }) => qualified === 'xml:lang');
	const extra = hasLanguage || !element.language ? '' : ` xml:lang="${escapeXml(element.language)}"`;
	return write(element, new Map(), extra);
};

/** `around`: what prefixes mean there. Whatever stands around the whole is not known, so nothing is taken for granted. */
const write = (element: XmlElement, around: ReadonlyMap<string, string>, extra: string): string => {
	const { prefix, namespace, name, attributes, children } = element;
	const needed = new Map(element.declares).set(prefix, namespace);
	for (const attribute of attributes) if (attribute.prefix !== '') needed.set(attribute.prefix, attribute.namespace);
	needed.delete('xml');
	const scope = new Map(around);
	const qualified = prefix === '' ? name : `${prefix}:${name}`;
	let text = `<${qualified}`;
	for (const [known, value] of needed) {
		if (scope.get(known) === value) continue;
		scope.set(known, value);
		text += ` xmlns${known === '' ? '' : `:${known}`}="${escapeXml(value)}"`;
	}
	text += extra;
	for (const attribute of attributes) text += ` ${attribute.qualified}="${escapeXml(attribute.value)}"`;
	if (children.length === 0) return `${text}/>`;
	text += '>';
	for (const child of children) text += typeof child === 'string' ? escapeXml(child) : write(child, scope, '');
	return `${text}</${qualified}>`;
};
