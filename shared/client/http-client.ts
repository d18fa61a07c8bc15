import type { z } from 'zod';
import { certificateTrouble } from '../certificate-trouble.ts';
import { CodedError } from '../coded-error.ts';
import { UnexpectedAnswerError, UnreachableError } from './client-errors.ts';
import { errorOfRefusal } from './problem.ts';
import { DEFAULT_RETRY, type RetryBounds, withRetries } from './retry.ts';

/** How requests show who sends them. A browser keeps the cookie itself; outside of one it is given. */
export type ClientAuth = { kind: 'none' } | { kind: 'token'; token: string } | { kind: 'cookie'; cookie?: string };

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface CallOptions {
	query?: Record<string, string | number | boolean | undefined>;
	headers?: Record<string, string>;
	/** Sent as JSON. */
	body?: unknown;
	/** Sent as it is, instead of `body`. */
	content?: Blob | Uint8Array<ArrayBuffer>;
	/** Makes a POST safe to repeat: the server answers a repeat with the first answer. `newIdempotencyKey()` makes one. */
	idempotencyKey?: string;
	signal?: AbortSignal;
	/** Until the answer's headers are there; 60 s unless told. Zero means no limit. */
	timeoutMs?: number;
	/** Never repeat this request, even though its method is idempotent. */
	once?: boolean;
}

export interface HttpClientOptions {
	/** Where the coordinator is, such as `https://millrace.example`; a path in it is kept as a prefix. */
	baseUrl: string;
	auth: ClientAuth;
	retry?: RetryBounds;
	fetch?: typeof fetch;
	/** Has the person show the password again, as `reauth-required` asks for; true: what was refused is asked for once more. */
	confirm?: () => Promise<boolean>;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const IDEMPOTENT: readonly Method[] = ['GET', 'HEAD', 'PUT', 'DELETE'];

/** What a parsed answer was parsed from, for those who pass answers on whole. */
const wireJson = new WeakMap<object, unknown>();

/** The JSON that an answer came as, with the fields that this version does not know. */
export const answeredJson = (answer: object): unknown => wireJson.get(answer) ?? answer;

const remember = (answer: unknown, json: unknown): void => {
	if (typeof answer !== 'object' || answer === null) return;
	wireJson.set(answer, json);
	// A list's items are passed on one by one.
	if (!('items' in answer && Array.isArray(answer.items))) return;
	const items: unknown[] = (json as { items: unknown[] }).items;
	for (const [at, item] of answer.items.entries()) {
		if (typeof item === 'object' && item !== null) wireJson.set(item, items[at]);
	}
};

/** 128 random bits; `crypto.randomUUID` is missing in browsers on plain HTTP. */
export const newIdempotencyKey = (): string =>
	[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * HTTP to the coordinator, in Node and in browsers. Refusals become CodedError, no answer becomes UnreachableError, an
 * answer of another shape becomes UnexpectedAnswerError. Idempotent requests are repeated with jittered back-off.
 */
export class HttpClient {
	/** Without a slash at its end. */
	readonly baseUrl: string;
	readonly auth: ClientAuth;
	readonly #retry: RetryBounds;
	readonly #fetch: typeof fetch;
	readonly #confirm: (() => Promise<boolean>) | undefined;

	constructor(options: HttpClientOptions) {
		this.baseUrl = options.baseUrl.replace(/\/+$/, '');
		this.auth = options.auth;
		this.#retry = options.retry ?? DEFAULT_RETRY;
		this.#confirm = options.confirm;
		this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
	}

	/** A request whose answer is JSON of this shape. `target` is a path from the server's root, such as `/api/v1/me`. */
	async json<T extends z.ZodType>(
		method: Method,
		target: string,
		shape: T,
		options: CallOptions = {},
	): Promise<z.output<T>> {
		const { text, status } = await this.#repeat(method, target, options, async (response) => ({
			text: await response.text(),
			status: response.status,
		}));
		try {
			const json: unknown = JSON.parse(text);
			const answer = shape.parse(json);
			remember(answer, json);
			return answer;
		} catch (cause) {
			const detail = `${method} ${target} was answered in a shape that this version does not know. Check the address, and whether client and server are of one version.`;
			throw new UnexpectedAnswerError(status, detail, { cause });
		}
	}

	/** A request whose answer is not looked at. */
	async call(method: Method, target: string, options: CallOptions = {}): Promise<void> {
		await this.#repeat(method, target, options, async (response) => response.body?.cancel());
	}

	/** Any request; the answer's body is the caller's to read or cancel. Throws for every status from 400 on. */
	send(method: Method, target: string, options: CallOptions = {}): Promise<Response> {
		return this.#repeat(method, target, options, async (response) => response);
	}

	/** The whole address of a path of this server, for links. Refuses what would lead to another server. */
	urlOf(target: string, query: CallOptions['query'] = {}): string {
		if (!/^\/(?![/\\])/.test(target)) throw new CodedError('bad-request', `${target} is not a path of this server.`);
		const pairs = Object.entries(query).flatMap(([name, value]) =>
			value === undefined ? [] : [[name, String(value)]],
		);
		const search = pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
		return this.baseUrl + target + search;
	}

	/** What every request carries to show who sends it, for those who send requests by other means (tus, sockets). */
	authHeaders(): Record<string, string> {
		if (this.auth.kind === 'token') return { authorization: `Bearer ${this.auth.token}` };
		if (this.auth.kind === 'cookie' && this.auth.cookie !== undefined) return { cookie: this.auth.cookie };
		return {};
	}

	async #repeat<T>(
		method: Method,
		target: string,
		options: CallOptions,
		read: (response: Response) => Promise<T>,
	): Promise<T> {
		try {
			return await this.#tries(method, target, options, read);
		} catch (error) {
			const isStale = error instanceof CodedError && error.code === 'reauth-required';
			if (!isStale || !(await this.#confirm?.())) throw error;
			return this.#tries(method, target, options, read);
		}
	}

	#tries<T>(
		method: Method,
		target: string,
		options: CallOptions,
		read: (response: Response) => Promise<T>,
	): Promise<T> {
		const mayRepeat = !options.once && (IDEMPOTENT.includes(method) || options.idempotencyKey !== undefined);
		const bounds = mayRepeat ? this.#retry : { ...this.#retry, tries: 1 };
		let cut = false;
		const attempt = async () => {
			try {
				return await this.#once(method, target, options, read);
			} catch (error) {
				// A DELETE that was cut may have been done; then the repeat finds nothing, and that is as wished.
				if (method === 'DELETE' && cut && error instanceof CodedError && error.code === 'not-found')
					return undefined as T;
				cut ||= error instanceof UnreachableError;
				throw error;
			}
		};
		return withRetries(attempt, bounds, options.signal);
	}

	async #once<T>(
		method: Method,
		target: string,
		options: CallOptions,
		read: (response: Response) => Promise<T>,
	): Promise<T> {
		const limit = new AbortController();
		const ms = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
		const timer = ms > 0 ? setTimeout(() => limit.abort(), ms) : undefined;
		try {
			const response = await this.#fetch(this.urlOf(target, options.query), {
				method,
				headers: this.#headers(method, options),
				body: options.content ?? (options.body === undefined ? null : JSON.stringify(options.body)),
				credentials: this.auth.kind === 'cookie' ? 'same-origin' : 'omit',
				redirect: 'manual',
				signal: options.signal ? AbortSignal.any([options.signal, limit.signal]) : limit.signal,
			});
			if (isRefusal(response)) throw await this.#refusal(`${method} ${target}`, response);
			return await read(response);
		} catch (cause) {
			if (cause instanceof CodedError || cause instanceof UnexpectedAnswerError) throw cause;
			if (options.signal?.aborted) throw options.signal.reason;
			const untrusted = certificateTrouble(cause);
			if (untrusted !== null) {
				throw new UnreachableError(this.baseUrl, `${this.baseUrl}: ${untrusted}`, { cause, mayPass: false });
			}
			const how = limit.signal.aborted ? ` within ${Math.round(ms / 1_000)} s` : '';
			throw new UnreachableError(this.baseUrl, `${this.baseUrl} did not answer${how}. Is it running?`, { cause });
		} finally {
			clearTimeout(timer);
		}
	}

	#headers(method: Method, options: CallOptions): Record<string, string> {
		const headers: Record<string, string> = { accept: 'application/json', ...this.authHeaders() };
		// A page of another site cannot add this header without being asked first: it proves that the write is ours.
		if (method !== 'GET' && method !== 'HEAD') headers['x-millrace-request'] = '1';
		if (options.body !== undefined) headers['content-type'] = 'application/json';
		if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
		return { ...headers, ...options.headers };
	}

	async #refusal(what: string, response: Response): Promise<CodedError | UnexpectedAnswerError> {
		if (response.status < 400) {
			const to = response.headers.get('location') ?? 'elsewhere';
			return new UnexpectedAnswerError(response.status, `${this.baseUrl} redirects to ${to}. Use that address.`);
		}
		const text = await response.text();
		return errorOfRefusal(what, { status: response.status, header: (name) => response.headers.get(name), text });
	}
}

/** A browser shows a redirect that it does not follow as status 0; 304 answers a condition and is no redirect. */
const isRefusal = ({ status, type }: Response): boolean =>
	status >= 400 || type === 'opaqueredirect' || (status >= 300 && status !== 304);
