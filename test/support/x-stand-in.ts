import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface XAsked {
	query: URLSearchParams;
	authorization: string | undefined;
}
type Instead = (response: ServerResponse, asked: XAsked) => void;

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
	response
		.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
		.end(JSON.stringify(body));
};

/** Answers of X that are no posts, as its documents show them. */
export const X_REFUSALS = {
	tooOften:
		(resetSeconds: number): Instead =>
		(response) =>
			json(
				response,
				429,
				{ title: 'Too Many Requests', detail: 'Too Many Requests', type: 'about:blank', status: 429 },
				{
					'x-rate-limit-limit': '450',
					'x-rate-limit-remaining': '0',
					'x-rate-limit-reset': String(resetSeconds),
				},
			),
	unauthorized: ((response) =>
		json(response, 401, {
			...{ title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' },
		})) as Instead,
	forbidden: ((response) =>
		json(response, 403, {
			title: 'Client Forbidden',
			reason: 'client-not-enrolled',
			type: 'https://api.twitter.com/2/problems/client-forbidden',
			detail: 'When authenticating requests you must use keys from an app that is attached to a project.',
		})) as Instead,
	usageCapped: ((response) =>
		json(response, 429, {
			title: 'UsageCapExceeded',
			period: 'Monthly',
			scope: 'Product',
			detail: 'Usage cap exceeded: Monthly product cap',
			type: 'https://api.twitter.com/2/problems/usage-capped',
		})) as Instead,
	tooOld:
		(parameter: 'since_id' | 'until_id'): Instead =>
		(response, { query }) =>
			json(response, 400, {
				errors: [
					{
						parameters: { [parameter]: [query.get(parameter)] },
						message: `'${parameter}' must be a tweet id created after the last seven days.`,
					},
				],
				title: 'Invalid Request',
				detail: 'One or more parameters to your request was invalid.',
				type: 'https://api.x.com/2/problems/invalid-request',
			}),
	badQuery: ((response) =>
		json(response, 400, {
			errors: [{ parameters: { query: ['('] }, message: 'There were errors processing your request: missing )' }],
			title: 'Invalid Request',
			detail: 'One or more parameters to your request was invalid.',
			type: 'https://api.x.com/2/problems/invalid-request',
		})) as Instead,
};

/** The recent search of X on this machine, over TLS: posts by id, newest first, in pages, above `since_id` and below `until_id`. */
export class XStandIn implements AsyncDisposable {
	/** Ids of all posts there are. */
	posts: bigint[] = [];
	/** Taken one after the other before posts are given. Null: posts. */
	readonly instead: (Instead | null)[] = [];
	readonly asked: XAsked[] = [];
	readonly #server: Server;

	private constructor(certificate: { cert: string; key: string }) {
		this.#server = createServer(certificate, (request, response) => {
			const { pathname, searchParams: query } = new URL(request.url ?? '', 'https://localhost');
			const asked = { query, authorization: request.headers.authorization };
			this.asked.push(asked);
			const instead = this.instead.shift();
			if (instead) instead(response, asked);
			else if (pathname !== '/2/tweets/search/recent') json(response, 404, { title: 'Not Found' });
			else this.#search(response, query);
		});
	}

	static async start(certificate: { cert: string; key: string }): Promise<XStandIn> {
		const x = new XStandIn(certificate);
		await new Promise<void>((done) => x.#server.listen(0, '127.0.0.1', done));
		return x;
	}

	/** `host:port`, as an operator allows it. */
	get host(): string {
		return `localhost:${(this.#server.address() as AddressInfo).port}`;
	}

	get url(): string {
		return `https://${this.host}`;
	}

	#search(response: ServerResponse, query: URLSearchParams): void {
		const since = BigInt(query.get('since_id') ?? 0);
		const until = BigInt(query.get('next_token')?.slice(1) ?? query.get('until_id') ?? 2n ** 63n);
		const most = Number(query.get('max_results'));
		const found = this.posts.filter((id) => id > since && id < until).sort((a, b) => (a < b ? 1 : -1));
		const page = found.slice(0, most);
		if (page.length === 0) {
			json(response, 200, { meta: { result_count: 0 } });
			return;
		}
		const last = page.at(-1)!;
		json(
			response,
			200,
			{
				data: page.map((id) => ({
					...{ id: String(id), text: `post ${id}`, lang: 'en', author_id: '7', created_at: '2026-03-01T08:00:00.000Z' },
					public_metrics: { like_count: 3 },
				})),
				includes: { users: [{ id: '7', name: 'Ada', username: 'ada' }] },
				meta: {
					...{ newest_id: String(page[0]), oldest_id: String(last), result_count: page.length },
					...(found.length > page.length ? { next_token: `b${last}` } : {}),
				},
			},
			{ 'x-rate-limit-limit': '450', 'x-rate-limit-remaining': '449', 'x-rate-limit-reset': '1900000000' },
		);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((done) => this.#server.close(done));
	}
}
