import type { SourceItem } from '../../shared/protocol/source.ts';
import { plainText } from '../queue/plain-text.ts';
import type { ItemLine } from '../source-runs/item-line.ts';

const MOST_KEY = 200;
const MOST_TITLE = 500;
const MOST_TEXT = 4_000;
const MOST_LINK = 2_048;
const MOST_DETAILS = 20;
const MOST_DETAIL = 300;

const SHOWN = new Set(['key', 'at', 'title', 'text', 'author', 'link', 'url']);

/** What is obeyed instead of shown goes, except where lines end. */
const cut = (text: string, most: number): string => {
	const plain = text.split(/\r?\n/).map(plainText).join('\n').trim();
	return plain.length <= most ? plain : `${plain.slice(0, most - 1)}…`;
};
const textOf = (value: unknown, most: number): string | null => {
	const text = typeof value === 'string' ? cut(value, most) : '';
	return text === '' ? null : text;
};

const linkOf = (value: unknown): string | null => {
	if (typeof value !== 'string' || value.length > MOST_LINK || !URL.canParse(value)) return null;
	const url = new URL(value);
	return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
};

/** As its source says; what is no time, or lies outside of all sense, is none. */
const timeOf = (value: unknown): string | null => {
	const at = typeof value === 'string' && value.length <= 40 ? Date.parse(value) : Number.NaN;
	const year = Number.isFinite(at) ? new Date(at).getUTCFullYear() : 0;
	return year >= 1900 && year <= 9999 ? new Date(at).toISOString() : null;
};

const authorOf = (value: unknown): string | null => {
	if (typeof value !== 'object' || value === null) return textOf(value, MOST_TITLE);
	const { name, username } = value as { name?: unknown; username?: unknown };
	const [called, known] = [textOf(name, 100), textOf(username, 100)];
	return known === null ? called : called === null ? `@${known}` : `${called} (@${known})`;
};

/** What else there is: texts, numbers, yes and no, and those of the objects and lists that are in it. */
const detailsOf = (item: ItemLine): Record<string, string> => {
	const details: Record<string, string> = {};
	let count = 0;
	const add = (name: string, value: unknown): void => {
		if (count === MOST_DETAILS || value === null || typeof value === 'object') return;
		const text = cut(String(value), MOST_DETAIL);
		if (text === '') return;
		count += 1;
		Object.defineProperty(details, cut(name, 60), {
			value: text,
			enumerable: true,
			configurable: true,
			writable: true,
		});
	};
	for (const [name, value] of Object.entries(item)) {
		if (SHOWN.has(name)) continue;
		if (Array.isArray(value)) add(name, value.filter((one) => typeof one !== 'object').join(', '));
		else if (typeof value === 'object' && value !== null) {
			for (const [inner, one] of Object.entries(value)) add(`${name}.${inner}`, one);
		} else add(name, value);
	}
	return details;
};

/** An item as it is shown: all of it is text that somebody outside wrote. */
export const itemViewOf = (item: ItemLine, from: { foundAt: number; datasetVersion: number }): SourceItem => ({
	key: cut(item.key, MOST_KEY),
	at: timeOf(item.at),
	foundAt: new Date(from.foundAt).toISOString(),
	datasetVersion: from.datasetVersion,
	title: textOf(item.title, MOST_TITLE),
	text: textOf(item.text, MOST_TEXT),
	author: authorOf(item.author),
	link: linkOf(item.link ?? item.url),
	details: detailsOf(item),
});
