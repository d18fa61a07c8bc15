/** The namespace of WebDAV's own words. */
export const DAV = 'DAV:';
/** That of what only Millrace has. */
export const MILLRACE = 'urn:millrace:drive';
/** Both as every answer of ours declares them: `D:` and `m:`. */
export const DECLARED = `xmlns:D="${DAV}" xmlns:m="${MILLRACE}"`;

/** An element as it was sent, with its prefix and what it declared, so that it can be kept and given back as it was. */
export interface XmlElement {
	/** Empty: none. */
	namespace: string;
	/** Without its prefix. */
	name: string;
	prefix: string;
	/** Prefixes that it declares itself. */
	declares: ReadonlyMap<string, string>;
	attributes: readonly XmlAttribute[];
	/** The language that it is in, by itself or by what is around it. */
	language: string | null;
	children: (XmlElement | string)[];
}

export interface XmlAttribute {
	namespace: string;
	/** With its prefix. */
	qualified: string;
	prefix: string;
	value: string;
}

/** A name in a namespace. */
export interface XmlName {
	namespace: string;
	name: string;
}

export const isDav = (node: XmlElement | string, name: string): node is XmlElement =>
	typeof node !== 'string' && node.namespace === DAV && node.name === name;

export const elementsIn = (element: XmlElement): XmlElement[] =>
	element.children.filter((child): child is XmlElement => typeof child !== 'string');
