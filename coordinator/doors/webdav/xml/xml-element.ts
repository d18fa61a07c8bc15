import { CodedError } from '../../../../shared/coded-error.ts';

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

/** Properties that one request may name, and what their names may take, written out: each is said of each entry. */
const MOST_NAMES = 256;
const MOST_CHARACTERS = 64 * 1024;

/** Throws `bad-request` for too many names, or too long ones: one declaration of a namespace lengthens them all. */
export const requireFewNames = (names: readonly XmlName[]): void => {
	const length = names.reduce((sum, { namespace, name }) => sum + namespace.length + name.length, 0);
	if (names.length <= MOST_NAMES && length <= MOST_CHARACTERS) return;
	const limits = `${MOST_NAMES} properties, of ${MOST_CHARACTERS} characters with their namespaces,`;
	throw new CodedError('bad-request', `At most ${limits} may be named at once.`);
};
