import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type WebAnswer = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server on this machine that answers as a test says; what was asked is kept. */
export class WebStandIn implements AsyncDisposable {
	/** By path with query. What is not in here is 404. */
	readonly answers = new Map<string, WebAnswer>();
	readonly asked: { url: string; headers: IncomingMessage['headers'] }[] = [];
	readonly #server: Server;

	private constructor() {
		this.#server = createServer((request, response) => {
			const url = request.url ?? '';
			this.asked.push({ url, headers: request.headers });
			const answer = this.answers.get(url);
			if (answer) answer(request, response);
			else response.writeHead(404).end();
		});
	}

	static async start(): Promise<WebStandIn> {
		const web = new WebStandIn();
		await new Promise<void>((done) => web.#server.listen(0, '127.0.0.1', done));
		return web;
	}

	/** `host:port`, as an operator allows it. */
	get host(): string {
		return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	at(path: string): string {
		return `http://${this.host}${path}`;
	}

	/** Answers with this text; a repeat that names the tag is told that nothing has changed. */
	serve(path: string, text: string | Buffer, headers: Record<string, string> = {}): void {
		this.answers.set(path, (request, response) => {
			const isKnown = headers.etag !== undefined && request.headers['if-none-match'] === headers.etag;
			if (isKnown) response.writeHead(304).end();
			else response.writeHead(200, headers).end(text);
		});
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((done) => this.#server.close(done));
	}
}
