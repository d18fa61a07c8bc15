import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { inputError } from '../task-failure.ts';

/** What the parser makes of an element: text, or an object of its attributes (`@…`), children, text and CDATA. */
export type Node = string | { readonly [name: string]: Node | readonly Node[] };

const parser = new XMLParser({
	ignoreAttributes: false,
	attributeNamePrefix: '@',
	parseTagValue: false,
	parseAttributeValue: false,
	processEntities: false,
	trimValues: true,
	cdataPropName: '#cdata',
	maxNestedTags: 32,
	isArray: (name) => ['item', 'entry', 'link', 'category'].includes(name),
});

const noFeed = (host: string, why: string, cause?: unknown) =>
	inputError('feed-not-a-feed', `What ${host} answers is no RSS or Atom feed: ${why}.`, cause);

const decode = (body: Buffer, contentType: string | undefined): string => {
	const head = body.subarray(0, 200).toString('latin1');
	const label =
		/charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType ?? '')?.[1] ??
		/^[^<]*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]{1,40})/i.exec(head)?.[1] ??
		'utf-8';
	try {
		return new TextDecoder(label).decode(body);
	} catch {
		// Nobody knows that encoding.
		return new TextDecoder().decode(body);
	}
};

export const childOf = (node: Node | readonly Node[] | undefined, name: string): Node | readonly Node[] | undefined =>
	typeof node === 'object' && !Array.isArray(node) && Object.hasOwn(node, name)
		? (node as Exclude<Node, string>)[name]
		: undefined;

export const listOf = (node: Node | readonly Node[] | undefined): readonly Node[] =>
	node === undefined ? [] : Array.isArray(node) ? node : [node as Node];

/**
 * The items or entries of a feed, as they stand in it: RSS 2.0, RSS 1.0 and Atom. Throws a failure of class `input` for
 * anything else. No DOCTYPE is read: it can make a small text a huge one, and no feed needs it.
 */
export const readFeed = (body: Buffer, contentType: string | undefined, host: string): readonly Node[] => {
	const text = decode(body, contentType);
	if (/<!DOCTYPE\s+html/i.test(text.slice(0, 1000)) || /^\s*<html[\s>]/i.test(text)) {
		throw noFeed(host, 'it is a web page. Look there for the address of its feed');
	}
	if (/<!DOCTYPE/i.test(text)) throw noFeed(host, 'it declares a DOCTYPE, which is not read');
	const verdict = XMLValidator.validate(text);
	if (verdict !== true) throw noFeed(host, `it is not well-formed in line ${verdict.err.line}`);
	let root: Node;
	try {
		root = parser.parse(text) as Node;
	} catch (error) {
		throw noFeed(host, 'it cannot be read', error);
	}
	const channels = listOf(childOf(childOf(root, 'rss'), 'channel'));
	if (channels.length > 0) return channels.flatMap((channel) => listOf(childOf(channel, 'item')));
	const atom = childOf(root, 'feed');
	if (atom !== undefined) return listOf(childOf(atom, 'entry'));
	const rdf = childOf(root, 'rdf:RDF');
	if (rdf !== undefined) return listOf(childOf(rdf, 'item'));
	throw noFeed(host, 'it is other XML');
};
