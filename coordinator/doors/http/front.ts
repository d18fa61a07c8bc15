import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { CodedError } from '../../../shared/coded-error.ts';
import { problemOf, replyWithError } from './error-reply.ts';
import { isAt, type Mount, serveMount } from './mount.ts';
import type { FrameParts } from './serve-route.ts';

/** Takes every request first: whether requests are still taken, and who serves it. */
export class Front {
	readonly #mounts: { mount: Mount; serve: ReturnType<typeof serveMount> }[];
	readonly #routes: (request: IncomingMessage, response: ServerResponse) => void;
	readonly #parts: FrameParts;
	isClosing = false;

	constructor(options: {
		mounts: readonly Mount[];
		/** Everything that no mount takes. */
		routes: (request: IncomingMessage, response: ServerResponse) => void;
		parts: FrameParts;
	}) {
		this.#mounts = options.mounts.map((mount) => ({ mount, serve: serveMount(mount, options.parts) }));
		this.#routes = options.routes;
		this.#parts = options.parts;
	}

	take(request: IncomingMessage, response: ServerResponse): void {
		readAbsolute(request);
		const { url = '' } = request;
		if (this.isClosing) {
			const error = new CodedError('shutting-down', undefined, { retryAfter: 5 });
			replyWithError(error, request, response, { ...this.#parts, headers: { connection: 'close' } });
			return;
		}
		// Windows asks the top of a server what it can do, wherever the drive is.
		const isForTop = request.method === 'OPTIONS' && (url === '/' || url === '*');
		const found = this.#mounts.find(({ mount }) => (isForTop ? mount.answerStranger : isAt(url, mount)));
		if (found) void found.serve(request, response);
		else this.#routes(request, response);
	}

	/**
	 * The same for who waits for `100 Continue` before sending a body: it is told so when the body is read, so that a
	 * refusal saves both sides the transfer.
	 */
	takeExpecting(request: IncomingMessage, response: ServerResponse): void {
		const read = request._read.bind(request);
		request._read = (size) => {
			request._read = read;
			if (!response.headersSent) response.writeContinue();
			read(size);
		};
		this.take(request, response);
	}
}

/** A request may name the whole address, as those to proxies do: its host is the one that is asked then (RFC 9112, 3.2.2). */
const readAbsolute = (request: IncomingMessage): void => {
	const [whole, host = ''] = /^https?:\/\/([^/?#@]+)/i.exec(request.url ?? '') ?? [];
	if (whole === undefined) return;
	request.headers.host = host;
	const path = request.url!.slice(whole.length);
	request.url = path.startsWith('/') ? path : `/${path}`;
};

/** What is not even HTTP, or too much of it, still gets a problem document. */
export const answerClientError = (error: NodeJS.ErrnoException, socket: Socket): void => {
	if (!socket.writable || error.code === 'ECONNRESET') {
		socket.destroy();
		return;
	}
	const code =
		error.code === 'HPE_HEADER_OVERFLOW'
			? 'header-too-large'
			: error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
				? 'request-timeout'
				: 'bad-request';
	const coded = new CodedError(code);
	const body = JSON.stringify(problemOf(coded, ''));
	const head = [
		`HTTP/1.1 ${coded.status} ${code}`,
		'content-type: application/problem+json',
		`content-length: ${Buffer.byteLength(body)}`,
		'x-content-type-options: nosniff',
		'connection: close',
	];
	socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
};
