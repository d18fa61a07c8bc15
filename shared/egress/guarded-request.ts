import type { Dispatcher } from 'undici';
import { CodedError } from '../coded-error.ts';
import { checkUrl, type EgressAllow, isAllowedUrl } from './check-url.ts';
import { EgressFailure } from './egress-failure.ts';
import { guardedLookup, type Resolve, resolveBySystem } from './guarded-lookup.ts';

const CONNECT_MS = 5_000;
const USER_AGENT = 'millrace';
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What may be told to another origin than the one that it was meant for. */
const HARMLESS = new Set([
	'accept',
	'accept-encoding',
	'accept-language',
	'user-agent',
	'if-none-match',
	'if-modified-since',
]);

export interface GuardedOptions {
	/** What the operator allows beside public addresses. */
	allow: EgressAllow;
	/** Also over plain HTTP. */
	http?: boolean;
	method?: 'GET' | 'POST';
	headers?: Readonly<Record<string, string>>;
	body?: string | Buffer;
	maxBytes?: number;
	/** From the first word to the last byte. */
	totalMs?: number;
	/** Without a byte. */
	idleMs?: number;
	/** Followed at most; 0: the answer that names another place is the answer. */
	redirects?: number;
	signal?: AbortSignal;
	/** For tests. */
	resolve?: Resolve;
}

/** An answer whose body has not been read yet. */
export interface OpenAnswer extends AsyncDisposable {
	status: number;
	headers: Readonly<Record<string, string>>;
	/** Where it came from in the end. */
	url: string;
	body: AsyncIterable<Buffer>;
}

const single = (headers: Dispatcher.ResponseData['headers']): Record<string, string> =>
	Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
	);

/** What went wrong, for a person; what this house refuses, and the caller's own stop, go through as they are. */
export const judgeTrouble = (error: unknown, host: string, signal?: AbortSignal): unknown => {
	if (signal?.aborted) return signal.reason;
	for (let at = error; at instanceof Error; at = at.cause) {
		if (at instanceof CodedError || at instanceof EgressFailure) return at;
	}
	const { code, name } = error as NodeJS.ErrnoException;
	const isTimeout = name === 'TimeoutError' || /TIMEOUT|ETIMEDOUT/.test(String(code));
	if (isTimeout) return new EgressFailure('timed-out', `${host} took too long to answer.`, { cause: error });
	if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
		return new EgressFailure('answer-too-large', `${host} answers more than is read.`, { cause: error });
	}
	return new EgressFailure('unreachable', `${host} could not be asked (${code ?? name}).`, { cause: error });
};

/** One question to one place. */
const ask = async (url: URL, options: GuardedOptions & { headers: Record<string, string> }): Promise<OpenAnswer> => {
	const { allow, method = 'GET', headers, idleMs = 10_000, resolve = resolveBySystem } = options;
	const lookup = guardedLookup(resolve, isAllowedUrl(url, allow));
	const { Agent, request } = await import('./http-client.ts');
	const dispatcher = new Agent({ connect: { lookup, timeout: CONNECT_MS }, pipelining: 0 });
	const close = () => dispatcher.destroy();
	try {
		const answer = await request(url, {
			dispatcher,
			method,
			headers,
			headersTimeout: idleMs,
			bodyTimeout: idleMs,
			...(method === 'POST' && options.body !== undefined ? { body: options.body } : {}),
			...(options.signal ? { signal: options.signal } : {}),
		});
		// Destroying the dispatcher ends a body that nobody reads: that is no news to anyone.
		answer.body.on('error', () => {});
		return {
			status: answer.statusCode,
			headers: single(answer.headers),
			url: url.href,
			body: answer.body,
			[Symbol.asyncDispose]: close,
		};
	} catch (error) {
		await close();
		throw error;
	}
};

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
	Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/**
 * Asks a machine outside for something, and never one that is inside: every place on the way is checked, and what was
 * checked is what is connected to. The only way in which this house asks anybody anything.
 */
export const guardedRequest = async (text: string, options: GuardedOptions): Promise<OpenAnswer> => {
	const rules = { allow: options.allow, http: options.http ?? false };
	const most = options.redirects ?? 5;
	let url = checkUrl(text, rules);
	let method = options.method ?? 'GET';
	let headers = { 'user-agent': USER_AGENT, ...lowerCased(options.headers ?? {}), 'accept-encoding': 'identity' };
	for (let followed = 0; ; followed++) {
		const answer = await ask(url, { ...options, method, headers });
		const { location } = answer.headers;
		// What was posted is not posted to somebody else: only 303 says to go and read there.
		const mayFollow = method === 'GET' || answer.status === 303;
		if (!REDIRECTS.has(answer.status) || location === undefined || most === 0 || !mayFollow) return answer;
		await answer[Symbol.asyncDispose]();
		if (followed === most) {
			throw new EgressFailure('too-many-redirects', `${url.host} leads on more than ${most} times.`);
		}
		if (!URL.canParse(location, url.href)) throw new EgressFailure('bad-redirect', `${url.host} leads to nowhere.`);
		const next = checkUrl(new URL(location, url).href, rules);
		method = 'GET';
		if (next.origin !== url.origin) {
			headers = Object.fromEntries(Object.entries(headers).filter(([name]) => HARMLESS.has(name))) as typeof headers;
		}
		url = next;
	}
};
