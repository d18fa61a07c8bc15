import { z } from 'zod';
import { guardedFetch } from '../../shared/egress/guarded-fetch.ts';
import { MOST_PART_BYTES } from '../../shared/protocol/source.ts';
import { type FeedItem, feedItem } from './feed/feed-items.ts';
import { readFeed } from './feed/read-feed.ts';
import { egressOf, judgeOutside, requireSuccess } from './outside/ask-outside.ts';
import { lineOf, mostItems, type SourceAnswer, writeItems } from './outside/write-items.ts';
import { readParameters } from './read-parameters.ts';
import type { TaskModule } from './task-module.ts';

/** Of a feed so many entries are looked at, in its order, which is newest first. */
const MOST_ENTRIES = 1_000;
/** Keys that are remembered: of all entries that were looked at, and of some that have left the feed. */
const MOST_SEEN = 1_500;
const MOST_BYTES = 5 * 1024 * 1024;
const MOST_MS = 15_000;

const word = z.string().min(1).max(100);
const parametersSchema = z.object({
	url: z.string().min(1).max(4096),
	include: z.array(word).max(50).default([]),
	exclude: z.array(word).max(50).default([]),
	maxItems: z.number().int().min(1).max(500).default(100),
});
const cursorSchema = z.object({
	/** Of which feed the rest is. */
	url: z.string(),
	etag: z.string().max(1000).nullable(),
	lastModified: z.string().max(100).nullable(),
	/** Keys, newest first. */
	seen: z.array(z.string().max(11)).max(MOST_SEEN),
});
type Cursor = z.infer<typeof cursorSchema>;
type Parameters = z.infer<typeof parametersSchema>;

const isAbout = ({ include, exclude }: Parameters): ((item: FeedItem) => boolean) => {
	const fold = (text: string) => text.normalize('NFKC').toLowerCase();
	const [wanted, unwanted] = [include.map(fold), exclude.map(fold)];
	return (item) => {
		const text = fold([item.title, item.text, ...item.categories].join('\n'));
		return (
			(wanted.length === 0 || wanted.some((one) => text.includes(one))) && !unwanted.some((one) => text.includes(one))
		);
	};
};

/**
 * What of a feed is to be taken: oldest first, so that what is left is what stays in the feed for longest. What is not
 * about the topic has been seen all the same.
 */
const choose = (
	entries: readonly FeedItem[],
	before: readonly string[],
	isWanted: (item: FeedItem) => boolean,
	most: number,
) => {
	const seen = new Set(before);
	const taken: FeedItem[] = [];
	const looked: string[] = [];
	let more = false;
	let bytes = 0;
	for (const item of [...entries].reverse()) {
		if (seen.has(item.key)) continue;
		if (isWanted(item)) {
			bytes += Buffer.byteLength(lineOf(item));
			if (taken.length === most || (taken.length > 0 && bytes > MOST_PART_BYTES)) {
				more = true;
				break;
			}
			taken.push(item);
		}
		seen.add(item.key);
		looked.push(item.key);
	}
	// What is still in the feed must not be forgotten before what has left it.
	const there = new Set(entries.map(({ key }) => key));
	const old = [...before.filter((key) => there.has(key)), ...before.filter((key) => !there.has(key))];
	return { taken, more, seen: [...looked.reverse(), ...old].slice(0, MOST_SEEN) };
};

/** What is new in an RSS or Atom feed and about the topic, as `items.jsonl`: `{key, at, title, text, link, author, categories}`. */
export const feedTopic: TaskModule = {
	async run(context): Promise<SourceAnswer> {
		const parameters = readParameters(parametersSchema, context.parameters);
		const { allow } = egressOf(context);
		const given = cursorSchema.safeParse(context.source?.cursor).data;
		const known: Cursor | null = given?.url === parameters.url ? given : null;
		try {
			const answer = await guardedFetch(parameters.url, {
				allow,
				http: true,
				headers: {
					accept: 'application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1',
					...(known?.etag ? { 'if-none-match': known.etag } : {}),
					...(known?.lastModified ? { 'if-modified-since': known.lastModified } : {}),
				},
				maxBytes: MOST_BYTES,
				totalMs: MOST_MS,
				signal: context.signal,
			});
			if (answer.status === 304 && known) return { cursor: known, items: 0, more: false, note: null };
			requireSuccess(answer);
			const { headers, body, url } = answer;
			const all = readFeed(body, headers['content-type'], new URL(url).host);
			const entries = all.slice(0, MOST_ENTRIES).map((entry) => feedItem(entry, url));
			const most = mostItems(context, parameters.maxItems);
			const { taken, more, seen } = choose(entries, known?.seen ?? [], isAbout(parameters), most);
			await writeItems(context, taken);
			// While something is left the feed must be sent again, changed or not.
			const kept = (value: string | undefined, longest: number) =>
				more || value === undefined || value.length > longest ? null : value;
			const cursor: Cursor = {
				url: parameters.url,
				etag: kept(headers.etag, 1000),
				lastModified: kept(headers['last-modified'], 100),
				seen,
			};
			const note =
				all.length > MOST_ENTRIES ? `Of the feed’s ${all.length} entries the first ${MOST_ENTRIES} are read.` : null;
			return { cursor, items: taken.length, more, note };
		} catch (error) {
			throw judgeOutside(error);
		}
	},
};
