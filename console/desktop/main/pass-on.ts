import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Profile } from '../../bridge.ts';
import type { Lines } from './lines.ts';
import { problemAnswer, whyNoAnswer } from './problem.ts';
import { type RequestBody, readBody } from './request-body.ts';
import type { Sessions } from './sessions.ts';

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What reads may be sent again. */
const READS: readonly string[] = ['GET', 'HEAD'];

/** A connection had been kept open for this request, and the coordinator, started anew maybe, had hung up on it. */
class KeptTooLong extends Error {}

/** A connection on which nothing moves for so long is given up; the longest answers take less. */
const SILENCE_MS = 120_000;

/** What the page says of itself, of its connection, or of who asks is ours to say. */
const NOT_SENT =
	/^(cookie|authorization|host|origin|referer|user-agent|connection|keep-alive|te|trailer|transfer-encoding|content-length|upgrade|expect|accept-encoding|forwarded|via|proxy-.*|sec-.*|x-forwarded-.*|x-real-ip|access-control-.*)$/;
/** What is between us and the coordinator, or ours to say. */
const NOT_PASSED_BACK =
	/^(set-cookie|connection|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*|strict-transport-security|alt-svc|clear-site-data|content-security-policy|access-control-.*|service-worker-allowed|refresh|www-authenticate)$/;
/** Whatever comes of the API is data: nothing of it may act, should it ever be shown as a page. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** Of an answer that this process reads whole: none is near that long, and it is held in memory. */
const MOST_READ = 4 * 1024 * 1024;

const BODYLESS: readonly number[] = [204, 205, 304];

/** Takes requests of the page to a coordinator and its answers back, with who is signed in added and taken out. */
export class PassOn {
	readonly #lines: Lines;
	readonly #sessions: Sessions;
	readonly #userAgent: string;
	readonly #silenceMs: number;

	constructor(options: { lines: Lines; sessions: Sessions; userAgent: string; silenceMs?: number }) {
		this.#lines = options.lines;
		this.#sessions = options.sessions;
		this.#userAgent = options.userAgent;
		this.#silenceMs = options.silenceMs ?? SILENCE_MS;
	}

	/** Of the request's address only path and query count. Never throws: what goes wrong is an answer, too. */
	async answer(profile: Profile, request: Request): Promise<Response> {
		try {
			if (!METHODS.includes(request.method)) throw new CodedError('method-not-allowed');
			const { pathname, search } = new URL(request.url);
			const incoming = await this.#send(profile, request, new URL(profile.url + pathname + search));
			this.#sessions.hear(profile.id, incoming.headers['set-cookie'] ?? []);
			return this.#shape(profile, request, incoming);
		} catch (error) {
			return problemAnswer(whyNoAnswer(profile.url, error));
		}
	}

	/** The same for our own requests, in place of `fetch`; reading an answer that is very long fails. */
	fetchFor(profile: Profile): typeof fetch {
		return async (input, init) => bounded(await this.answer(profile, new Request(input, init)));
	}

	async #send(profile: Profile, request: Request, url: URL): Promise<IncomingMessage> {
		const body = await readBody(request);
		for (;;) {
			try {
				return await this.#sendOnce(profile, request, url, body);
			} catch (error) {
				// Each try uses one of the kept connections up; a new one that is cut is no such error.
				if (!(error instanceof KeptTooLong)) throw error;
			}
		}
	}

	#sendOnce(profile: Profile, request: Request, url: URL, body: RequestBody): Promise<IncomingMessage> {
		const send = url.protocol === 'https:' ? requestTls : requestPlain;
		const outgoing = send(url, {
			method: request.method,
			headers: this.#headers(profile, request, body),
			agent: this.#lines.agentOf(profile),
			signal: request.signal,
		});
		outgoing.setTimeout(this.#silenceMs, () => {
			const seconds = Math.round(this.#silenceMs / 1_000);
			outgoing.destroy(
				new CodedError(
					'coordinator-slow',
					`${profile.url} has said nothing for ${seconds} seconds. It may be busy; try again.`,
				),
			);
		});
		const answered = new Promise<IncomingMessage>((resolve, reject) => {
			outgoing.once('response', resolve);
			// For good: a connection may break again after the answer has begun, and its reader is told by the answer.
			outgoing.on('error', (error: NodeJS.ErrnoException) => {
				const isCut = outgoing.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '');
				reject(isCut && READS.includes(request.method) ? new KeptTooLong() : error);
			});
		});
		if (body.kind === 'stream') {
			// Who refuses a body early has answered: that counts, and not that the rest could not be sent.
			pipeline(body.stream, outgoing).catch((error) => outgoing.destroy(error));
		} else outgoing.end(body.kind === 'bytes' ? body.bytes : undefined);
		return answered;
	}

	#headers(profile: Profile, { headers }: Request, body: RequestBody): Record<string, string> {
		const cookie = this.#sessions.of(profile.id);
		return {
			...Object.fromEntries([...headers].filter(([name]) => !NOT_SENT.test(name))),
			'user-agent': this.#userAgent,
			// The window's own network code would not undo it.
			'accept-encoding': 'identity',
			...(cookie === null ? {} : { cookie }),
			...(body.kind === 'bytes' ? { 'content-length': String(body.bytes.length) } : {}),
		};
	}

	#shape(profile: Profile, request: Request, incoming: IncomingMessage): Response {
		const status = incoming.statusCode ?? 502;
		if (status < 200 || (status >= 300 && status < 400 && status !== 304)) {
			incoming.destroy();
			const to = incoming.headers.location?.slice(0, 300) ?? 'elsewhere';
			const detail = `${profile.url} redirects to ${to}. Use that address, if you trust it.`;
			throw new CodedError('other-server', detail);
		}
		const headers = new Headers();
		for (const [name, values] of Object.entries(incoming.headersDistinct)) {
			if (!NOT_PASSED_BACK.test(name)) for (const value of values ?? []) headers.append(name, value);
		}
		headers.set('content-security-policy', DATA_POLICY);
		headers.set('x-content-type-options', 'nosniff');
		if (BODYLESS.includes(status) || request.method === 'HEAD') {
			incoming.resume();
			return new Response(null, { status, headers });
		}
		return new Response(Readable.toWeb(incoming) as ReadableStream<Uint8Array>, { status, headers });
	}
}

const bounded = (answer: Response): Response => {
	if (answer.body === null) return answer;
	let left = MOST_READ;
	const limit = new TransformStream<Uint8Array, Uint8Array>({
		transform(piece, controller) {
			left -= piece.length;
			if (left < 0) throw new CodedError('other-server', 'It answers more than a Millrace coordinator would.');
			controller.enqueue(piece);
		},
	});
	const { status, headers } = answer;
	return new Response(answer.body.pipeThrough(limit), { status, headers });
};
