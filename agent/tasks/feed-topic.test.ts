import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MOST_PART_BYTES } from '../../shared/protocol/source.ts';
import { runOutsideTask } from '../../test/support/outside-task.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { WebStandIn } from '../../test/support/web-stand-in.ts';
import { plainText } from './feed/plain-text.ts';
import { feedTopic } from './feed-topic.ts';
import { TaskFailure } from './task-failure.ts';
import type { JsonObject } from './task-module.ts';

let web: WebStandIn;
let folder: TempFolder;
beforeEach(async () => {
	web = await WebStandIn.start();
	folder = new TempFolder();
});
afterEach(async () => {
	await web[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const read = (parameters: JsonObject = {}, cursor?: unknown, left: number | null = null) =>
	runOutsideTask(
		folder,
		feedTopic,
		{ url: web.at('/feed'), ...parameters },
		{
			egress: { allow: [web.host], xApi: 'https://api.x.com' },
			source: cursor === undefined ? null : { cursor: cursor as JsonObject, left },
		},
	);
const failureOf = (act: Promise<unknown>) =>
	act.then(
		() => 'succeeded',
		(error: unknown) => (error instanceof TaskFailure ? error.failure : error),
	);
const rss = (items: string) =>
	`<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>${items}</channel></rss>`;
const item = (n: number, title = `Title ${n}`) =>
	`<item><guid isPermaLink="false">id-${n}</guid><title>${title}</title><link>https://x.test/${n}</link></item>`;
/** Newest first, as feeds are. */
const newestFirst = (...numbers: number[]) =>
	rss(
		[...numbers]
			.sort((a, b) => b - a)
			.map((n) => item(n))
			.join(''),
	);
const titles = (items: Record<string, unknown>[]) => items.map(({ title }) => title);

describe('a feed', () => {
	it('of RSS is read as plain text', async () => {
		web.serve(
			'/feed',
			rss(`<item>
				<guid>https://x.test/1</guid><title><![CDATA[Mills &amp; <b>races</b>]]></title>
				<description>&lt;p&gt;Water &amp;amp; &lt;b&gt;wheels&lt;/b&gt;&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description>
				<link>/1?a=1&amp;b=2</link><pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate>
				<author>ada@x.test (Ada)</author><category>Water</category><category>Mills</category>
			</item>`),
			{ etag: '"1"', 'last-modified': 'Sun, 01 Mar 2026 08:00:00 GMT' },
		);
		const { result, items } = await read();
		expect(items).toEqual([
			{
				key: expect.stringMatching(/^[\w-]{11}$/),
				at: '2026-03-01T08:00:00.000Z',
				title: 'Mills & races',
				text: 'Water & wheels',
				link: web.at('/1?a=1&b=2'),
				author: 'ada@x.test (Ada)',
				categories: ['Water', 'Mills'],
			},
		]);
		expect(Object.keys(items[0] ?? {}).slice(0, 2)).toEqual(['key', 'at']);
		expect(result).toMatchObject({ items: 1, more: false, cursor: { etag: '"1"', seen: [items[0]?.key] } });
	});

	it('of Atom, and of RSS 1.0, is read as well', async () => {
		web.serve(
			'/feed',
			`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id><title type="html">A &amp;lt;b&amp;gt;</title>
			<link rel="self" href="https://x.test/self"/><link href="https://x.test/1"/><updated>2026-03-01T08:00:00Z</updated>
			<author><name>Ada</name></author><category term="water"/>
			<content type="xhtml"><div><p>deep <b>text</b></p></div></content></entry></feed>`,
		);
		expect((await read()).items).toMatchObject([
			{
				title: 'A <b>',
				link: 'https://x.test/1',
				author: 'Ada',
				categories: ['water'],
				at: '2026-03-01T08:00:00.000Z',
			},
		]);
		web.serve('/feed', '<rdf:RDF xmlns:rdf="r"><item rdf:about="1"><title>One</title></item></rdf:RDF>');
		expect(titles((await read()).items)).toEqual(['One']);
	});

	it('is read in its own encoding', async () => {
		const text = rss(item(1, 'Mühle')).replace('version="1.0"', 'version="1.0" encoding="ISO-8859-1"');
		web.serve('/feed', Buffer.from(text, 'latin1'));
		expect(titles((await read()).items)).toEqual(['Mühle']);
	});

	it('gives each item once, over changes, repeats and an empty feed', async () => {
		web.serve('/feed', newestFirst(1, 2), { etag: '"1"' });
		const first = await read();
		expect(titles(first.items)).toEqual(['Title 1', 'Title 2']);
		const same = await read({}, first.result.cursor);
		expect(same).toMatchObject({ result: { items: 0, cursor: first.result.cursor }, outputs: [] });
		expect(web.asked[1]?.headers['if-none-match']).toBe('"1"');
		web.serve('/feed', newestFirst(2, 3), { etag: '"2"' });
		const second = await read({}, same.result.cursor);
		expect(titles(second.items)).toEqual(['Title 3']);
		web.serve('/feed', rss(''));
		const empty = await read({}, second.result.cursor);
		expect(empty.result).toMatchObject({ items: 0, more: false, cursor: { etag: null } });
		web.serve('/feed', newestFirst(1, 2, 3));
		expect((await read({}, empty.result.cursor)).items).toEqual([]);
	});

	it('that is read in pieces is read whole, oldest first', async () => {
		web.serve('/feed', newestFirst(1, 2, 3, 4, 5), { etag: '"1"' });
		const got: unknown[] = [];
		let cursor: unknown;
		for (const [left, more] of [
			[null, true],
			[1, true],
			[2, false],
		] as const) {
			const { result, items } = await read({ maxItems: 2 }, cursor, left);
			got.push(...titles(items));
			expect(result.more).toBe(more);
			cursor = result.cursor;
		}
		expect(got).toEqual([1, 2, 3, 4, 5].map((n) => `Title ${n}`));
	});

	it('of more than one part holds is read in several, and none is lost', async () => {
		const text = Array.from(
			{ length: 480 },
			(_, n) => `<item><guid>id-${n}</guid><description>${'ก'.repeat(9_500)}</description></item>`,
		);
		web.serve('/feed', Buffer.from(rss(text.join('')).replaceAll('ก', '\xa1'), 'latin1'), {
			'content-type': 'application/rss+xml; charset=windows-874',
		});
		const big = await read({ maxItems: 500 });
		expect(big.result.more).toBe(true);
		const bytes = Buffer.byteLength(big.items.map((one) => `${JSON.stringify(one)}\n`).join(''));
		expect(bytes).toBeLessThanOrEqual(MOST_PART_BYTES);
		const rest = await read({ maxItems: 500 }, big.result.cursor);
		expect(rest.result).toMatchObject({ items: 480 - big.items.length, more: false });
	});

	it('of two channels is read whole', async () => {
		web.serve('/feed', `<rss version="2.0"><channel>${item(1)}</channel><channel>${item(2)}</channel></rss>`);
		expect((await read()).items).toHaveLength(2);
	});

	it('is held to the topic, and what is not about it is not looked at again', async () => {
		web.serve('/feed', rss(item(3, 'Water mill') + item(2, 'Wind mill') + item(1, 'Cars')));
		const { items, result } = await read({ include: ['MILL'], exclude: ['wind'] });
		expect(titles(items)).toEqual(['Water mill']);
		expect((result.cursor as { seen: string[] }).seen).toHaveLength(3);
	});

	it('of ten thousand entries is cut, and its cursor stays small', async () => {
		web.serve('/feed', rss(Array.from({ length: 10_000 }, (_, n) => item(n)).join('')));
		const { result } = await read({ maxItems: 500 });
		expect(result).toMatchObject({ items: 500, more: true, note: expect.stringContaining('10000 entries') });
		const second = await read({ maxItems: 500 }, result.cursor);
		expect(second.result).toMatchObject({ items: 500, more: false });
		expect(JSON.stringify(second.result.cursor).length).toBeLessThan(32 * 1024);
		expect((await read({}, second.result.cursor)).result.items).toBe(0);
	});
});

describe('what is no feed', () => {
	const deep = `${'<a>'.repeat(200)}${'</a>'.repeat(200)}`;
	it.each([
		['a web page', '<!DOCTYPE html><html><body>Hello</body></html>', 'it is a web page'],
		['a page without a type', '<html><body>Hello</body></html>', 'it is a web page'],
		['a DOCTYPE', '<!DOCTYPE rss [<!ENTITY x "y">]><rss><channel/></rss>', 'declares a DOCTYPE'],
		['other XML', '<invoice/>', 'it is other XML'],
		['no XML', '{"items": []}', 'not well-formed'],
		['an element that is not closed', '<rss><channel><item></rss>', 'not well-formed'],
		['nothing', '', 'feed'],
		['very deep XML', `<rss><channel>${deep}</channel></rss>`, 'cannot be read'],
		['a name of an object’s own', '<rss><channel><__proto__>x</__proto__></channel></rss>', 'cannot be read'],
	])('such as %s is refused with a sentence', async (_, text, message) => {
		web.serve('/feed', text);
		const failure = (await failureOf(read())) as { class: string; code: string; message: string };
		expect(failure).toMatchObject({ class: 'input', code: 'feed-not-a-feed' });
		expect(failure.message).toContain(message);
	});

	it('because it is inside, or never ends, is told apart', async () => {
		web.answers.set(
			'/feed',
			(_, response) => void response.writeHead(302, { location: 'https://10.0.0.1/feed' }).end(),
		);
		expect(await failureOf(read())).toMatchObject({ class: 'input', code: 'address-refused' });
		web.answers.set('/feed', (_, response) => {
			const more = () => {
				while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x')));
				if (!response.destroyed) response.once('drain', more);
			};
			more();
		});
		expect(await failureOf(read())).toMatchObject({ class: 'permanent', code: 'answer-too-large' });
		web.answers.set('/feed', (_, response) => void response.writeHead(429, { 'retry-after': '60' }).end());
		expect(await failureOf(read())).toMatchObject({ class: 'transient', retryAfterMs: 60_000 });
	});
});

describe('plain text', () => {
	it.each([
		['a<br>b<p>c</p>d', 'a b c d'],
		['1 < 2 &lt;b&gt;', '1 < 2 <b>'],
		['<style>p{}</style>x<!-- <b> -->y', 'xy'],
		['<script>never closed', ''],
		['an <a href="x', 'an'],
		['&#8364;&#x20AC;&nbsp;&unknown;&#0;&#xd800;', '€€ &unknown;��'],
		['<img src=x onerror=alert(1)>hi', 'hi'],
	])('of %j is %j', (markup, text) => expect(plainText(markup, 100)).toBe(text));

	it('of the nastiest markup takes no time, and is cut between characters', () => {
		for (const piece of ['<script>', '<!--', '<', '<a ', '&#', '&lt;script&gt;']) {
			expect(plainText(piece.repeat(200_000), 50).length).toBeLessThanOrEqual(50);
		}
		expect(plainText('💧'.repeat(60), 50)).toBe('💧'.repeat(50));
	});
});
