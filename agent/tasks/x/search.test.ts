import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GuardedAgent } from '../../../shared/egress/guarded-agent.ts';
import { TempFolder } from '../../../test/support/temp-folder.ts';
import { hasOpenssl, makeCertificate } from '../../../test/support/test-certificate.ts';
import { X_REFUSALS, XStandIn } from '../../../test/support/x-stand-in.ts';
import { searchX } from './search.ts';

const TOKEN = 'canary-AAAA%2Fbearer';
const WISH = { query: '(mills) -is:retweet', most: 10, sinceId: null, untilId: null, next: null };

describe.skipIf(!hasOpenssl)('the search of X (needs openssl)', () => {
	let folder: TempFolder;
	let certificate: ReturnType<typeof makeCertificate>;
	let x: XStandIn;

	beforeAll(() => {
		folder = new TempFolder();
		certificate = makeCertificate(folder);
	});
	afterAll(() => folder[Symbol.asyncDispose]());
	beforeEach(async () => {
		x = await XStandIn.start(certificate);
	});
	afterEach(() => x[Symbol.asyncDispose]());

	const agentOf = (allow = [x.host], maxBytes = 1_000_000) =>
		new GuardedAgent({ allow, maxBytes, ca: certificate.cert });
	const search = (wish: Partial<typeof WISH> & { next?: string | null } = {}, agent = agentOf()) =>
		searchX(TOKEN, { agent, xApi: x.url })({ ...WISH, ...wish });
	const instead = (answer: (response: ServerResponse) => void) => x.instead.push(answer);

	it('asks as X’s documents say, and reads what they say', async () => {
		x.posts = Array.from({ length: 25 }, (_, i) => 1_700_000_000_000_000_001n + BigInt(i));
		const first = await search({ sinceId: '1700000000000000002' } as object);
		expect(first).toMatchObject({
			posts: expect.arrayContaining([
				{
					id: '1700000000000000025',
					at: '2026-03-01T08:00:00.000Z',
					text: 'post 1700000000000000025',
					language: 'en',
					author: { id: '7', username: 'ada', name: 'Ada' },
					metrics: { like_count: 3 },
				},
			]),
			next: 'b1700000000000000016',
		});
		const [asked] = x.asked;
		expect(asked?.authorization).toBe(`Bearer ${TOKEN}`);
		expect(Object.fromEntries(asked?.query ?? [])).toEqual({
			query: WISH.query,
			max_results: '10',
			since_id: '1700000000000000002',
			'tweet.fields': 'created_at,lang,author_id,public_metrics',
			expansions: 'author_id',
		});
		const second = await search({ next: 'b1700000000000000016' } as object);
		expect(second).toMatchObject({ posts: { 0: { id: '1700000000000000015' } } });
	});

	it('takes an empty result for one', async () => {
		expect(await search()).toEqual({ posts: [], next: null });
	});

	it.each([
		['401', X_REFUSALS.unauthorized, 'input', 'x-token-refused'],
		['403', X_REFUSALS.forbidden, 'input', 'x-forbidden'],
		['429 of the month', X_REFUSALS.usageCapped, 'input', 'x-usage-capped'],
		['400', X_REFUSALS.badQuery, 'input', 'x-query-refused'],
		['402', (response: ServerResponse) => void response.writeHead(402).end('{}'), 'input', 'x-forbidden'],
		['503', (response: ServerResponse) => void response.writeHead(503).end('<html>'), 'transient', 'x-unavailable'],
		['half an answer', (response: ServerResponse) => void response.destroy(), 'transient', 'x-unavailable'],
		['no result', (response: ServerResponse) => void response.end('{"data": []}'), 'transient', 'x-odd-answer'],
		['a page', (response: ServerResponse) => void response.end('<html>'), 'transient', 'x-'],
	] as const)('tells what %s means, and not the token', async (_, answer, kind, code) => {
		x.instead.push(answer);
		const trouble = await search();
		expect(trouble).toMatchObject({ kind: 'failed', failure: { failure: { class: kind } } });
		if (!('kind' in trouble) || trouble.kind !== 'failed') throw new Error('it did not fail');
		expect(trouble.failure.failure.code).toContain(code);
		expect(trouble.failure.message).not.toContain('canary');
	});

	it('reads when it may ask again', async () => {
		x.instead.push(X_REFUSALS.tooOften(Math.round(Date.now() / 1_000) + 300));
		const trouble = await search();
		expect(trouble).toMatchObject({ kind: 'too-often' });
		expect((trouble as { resetAt: number }).resetAt).toBe(
			Math.round((trouble as { resetAt: number }).resetAt / 1_000) * 1_000,
		);
	});

	it.each(['since_id', 'until_id'] as const)('sees that %s is too old', async (parameter) => {
		x.instead.push(X_REFUSALS.tooOld(parameter));
		expect(await search({ sinceId: '1', untilId: '2' } as object)).toEqual({
			kind: 'too-old',
			border: parameter === 'since_id' ? 'since' : 'until',
		});
	});

	it('follows nowhere, and takes a redirect for no posts', async () => {
		instead((response) => void response.writeHead(302, { location: 'https://127.0.0.1/' }).end());
		expect(await search()).toMatchObject({ failure: { failure: { class: 'transient' } } });
		expect(x.asked).toHaveLength(1);
	});

	it('cuts an answer without an end', async () => {
		instead((response) => {
			response.writeHead(200, { 'content-type': 'application/json' });
			const more = () => {
				while (!response.destroyed && response.write(Buffer.alloc(65_536, ' ')));
				if (!response.destroyed) response.once('drain', more);
			};
			more();
		});
		expect(await search({}, agentOf([x.host], 500_000))).toMatchObject({
			failure: { failure: { class: 'permanent', code: 'answer-too-large' } },
		});
	});

	it('asks no place inside that the operator has not allowed', async () => {
		expect(await search({}, agentOf([]))).toMatchObject({ failure: { failure: { code: 'address-refused' } } });
		expect(x.asked).toEqual([]);
	});
});
