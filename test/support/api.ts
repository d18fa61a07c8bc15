import { request } from 'undici';

/** An answer that was not 2xx: the status and the problem document. */
export class ApiRefusal extends Error {
	readonly status: number;
	readonly code: string;
	readonly problem: Record<string, unknown>;

	constructor(what: string, status: number, body: string) {
		super(`${what}: ${status} ${body.slice(0, 500)}`);
		this.status = status;
		this.problem = parseOr(body, {});
		this.code = String(this.problem.code ?? '');
	}
}

const parseOr = (text: string, otherwise: Record<string, unknown>): Record<string, unknown> => {
	try {
		return JSON.parse(text);
	} catch {
		return otherwise;
	}
};

type Body = Buffer | string | NodeJS.ReadableStream | undefined;

export interface RawAnswer {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	body: Buffer;
}

/** A thin HTTP client for tests that does not hide anything: no retries, and refusals keep their problem document. */
export class Api {
	readonly url: string;
	readonly token: string | null;

	constructor(url: string, token: string | null = null) {
		this.url = url;
		this.token = token;
	}

	/** The same person at another address, such as a proxy's. */
	at(url: string): Api {
		return new Api(url, this.token);
	}

	/** Any request, any answer; rejects only when the connection fails. */
	async raw(method: string, path: string, body?: Body, headers: Record<string, string> = {}): Promise<RawAnswer> {
		const answer = await request(this.url + path, {
			method: method as 'GET',
			headers: { ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }), ...headers },
			body: (body ?? null) as Buffer | null,
			headersTimeout: 120_000,
			bodyTimeout: 120_000,
		});
		return {
			status: answer.statusCode,
			headers: answer.headers,
			body: Buffer.from(await answer.body.arrayBuffer()),
		};
	}

	/** A JSON request; throws ApiRefusal unless the answer is 2xx. Undefined for an empty answer. */
	async json<T = Record<string, unknown>>(
		method: string,
		path: string,
		body?: unknown,
		headers: Record<string, string> = {},
	): Promise<T> {
		const text = body === undefined ? undefined : JSON.stringify(body);
		const type = text === undefined ? {} : { 'content-type': 'application/json' };
		const answer = await this.raw(method, `/api/v1${path}`, text, { ...type, ...headers });
		const answered = answer.body.toString('utf8');
		if (answer.status >= 300) throw new ApiRefusal(`${method} ${path}`, answer.status, answered);
		return (answered === '' ? undefined : JSON.parse(answered)) as T;
	}

	get<T = Record<string, unknown>>(path: string): Promise<T> {
		return this.json<T>('GET', path);
	}

	post<T = Record<string, unknown>>(
		path: string,
		body: unknown = {},
		headers: Record<string, string> = {},
	): Promise<T> {
		return this.json<T>('POST', path, body, headers);
	}

	/** Uploads a whole file by `PUT /content`. The path starts with a slash and is encoded here. */
	async upload(path: string, content: Buffer | string, headers: Record<string, string> = {}) {
		const encoded = path.split('/').map(encodeURIComponent).join('/');
		const answer = await this.raw('PUT', `/api/v1/content${encoded}`, content, headers);
		if (answer.status >= 300) throw new ApiRefusal(`PUT ${path}`, answer.status, answer.body.toString('utf8'));
		return JSON.parse(answer.body.toString('utf8')) as {
			file: { id: string; path: string; size: number; sha256: string; version: number };
			tasks: { id: string; type: string; state: string }[];
		};
	}
}

/** Signs in with name and password, as a browser of the same host; answers with the cookies of the session. */
export const sessionCookies = async (
	url: string,
	who: { username: string; password: string },
): Promise<{ name: string; value: string }[]> => {
	const headers = { 'content-type': 'application/json', origin: url, 'user-agent': 'Mozilla/5.0 (X11) Chrome/140.0' };
	const answer = await new Api(url).raw('POST', '/api/v1/session', JSON.stringify(who), headers);
	if (answer.status >= 300) throw new ApiRefusal('POST /session', answer.status, answer.body.toString('utf8'));
	return [answer.headers['set-cookie'] ?? []].flat().map((cookie) => {
		const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=', 2);
		return { name, value };
	});
};

/** Signs in with name and password and makes an API token, which does not mind restarts or cross-site rules. */
export const signIn = async (url: string, username: string, password: string): Promise<Api> => {
	const cookies = await sessionCookies(url, { username, password });
	const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
	const headers = { cookie, origin: url, 'sec-fetch-site': 'same-origin' };
	const made = await new Api(url).post<{ token: string }>('/tokens', { name: 'test' }, headers);
	return new Api(url, made.token);
};
