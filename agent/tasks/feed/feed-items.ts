import { createHash } from 'node:crypto';
import type { SourceItem } from '../outside/write-items.ts';
import { decodeEntities, plainText } from './plain-text.ts';
import { childOf, listOf, type Node } from './read-feed.ts';

/** Characters. */
const MOST_TITLE = 500;
const MOST_TEXT = 10_000;
const MOST_AUTHOR = 200;
const MOST_CATEGORIES = 20;
const MOST_LINK = 2_000;
const KEY_LENGTH = 11;

export interface FeedItem extends SourceItem {
	title: string;
	text: string;
	link: string | null;
	author: string | null;
	categories: string[];
}

/** The text of an element as XML means it: what stands in CDATA stays, the rest has its entities decoded. */
const textOf = (node: Node | readonly Node[] | undefined): string => {
	if (node === undefined) return '';
	if (typeof node === 'string') return decodeEntities(node);
	if (Array.isArray(node)) return textOf(node[0]);
	return Object.entries(node)
		.filter(([name]) => !name.startsWith('@'))
		.map(([name, inner]) =>
			name === '#cdata'
				? listOf(inner)
						.filter((one) => typeof one === 'string')
						.join('')
				: listOf(inner).map(textOf).join(' '),
		)
		.join(' ');
};

const firstOf = (item: Node, ...names: string[]): string => {
	for (const name of names) {
		const text = textOf(childOf(item, name)).trim();
		if (text !== '') return text;
	}
	return '';
};

const attribute = (node: Node, name: string): string => {
	const value = childOf(node, `@${name}`);
	return typeof value === 'string' ? decodeEntities(value) : '';
};

/** Only of the web: a link is shown, and clicked on. */
const linkOf = (item: Node, base: string): string | null => {
	const links = listOf(childOf(item, 'link'));
	const chosen = links.find((link) => ['', 'alternate'].includes(attribute(link, 'rel'))) ?? links[0];
	const guid = listOf(childOf(item, 'guid')).find((one) => attribute(one, 'isPermaLink') !== 'false');
	const text = (chosen && (attribute(chosen, 'href') || textOf(chosen)).trim()) || textOf(guid).trim();
	if (text === '' || text.length > MOST_LINK || !URL.canParse(text, base)) return null;
	const { protocol, href } = new URL(text, base);
	return protocol === 'https:' || protocol === 'http:' ? href : null;
};

const timeOf = (item: Node): string | null => {
	const text = firstOf(item, 'pubDate', 'published', 'dc:date', 'updated', 'date').slice(0, 100);
	const at = Date.parse(text);
	return Number.isFinite(at) && Math.abs(at) < 8.64e15 ? new Date(at).toISOString() : null;
};

const authorOf = (item: Node): string | null => {
	const author = listOf(childOf(item, 'author'))[0];
	const name = author === undefined ? '' : textOf(childOf(author, 'name')) || textOf(author);
	return plainText(name || firstOf(item, 'dc:creator'), MOST_AUTHOR) || null;
};

/** Tells an item from all others of its feed: 66 bits of a hash of what its author calls it by. */
const keyOf = (identity: string): string =>
	createHash('sha256').update(identity).digest('base64url').slice(0, KEY_LENGTH);

/** An entry of a feed as plain text; whatever markup it had is gone. `base`: where the feed came from. */
export const feedItem = (entry: Node, base: string): FeedItem => {
	const title = plainText(firstOf(entry, 'title'), MOST_TITLE);
	const text = plainText(firstOf(entry, 'content:encoded', 'content', 'description', 'summary'), MOST_TEXT);
	const link = linkOf(entry, base);
	const at = timeOf(entry);
	const identity = firstOf(entry, 'guid', 'id') || link || `${title}\n${at ?? text}`;
	const categories = listOf(childOf(entry, 'category'))
		.slice(0, MOST_CATEGORIES)
		.map((category) => plainText(attribute(category, 'term') || textOf(category), MOST_AUTHOR))
		.filter((category) => category !== '');
	return { key: keyOf(identity), at, title, text, link, author: authorOf(entry), categories };
};
