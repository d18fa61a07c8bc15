import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Pool } from 'undici';

const ANSWER_TIMEOUT_MS = 30_000;
/** An answer that we read into memory: a problem document or a few facts. */
const MOST_TEXT_BYTES = 64 * 1024;

export interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	body: Readable;
}

/** HTTP to the coordinator over connections that are kept. */
export class CoordinatorHttp {
	/** The coordinator's address as given, without a slash at its end. */
	readonly url: string;
	readonly #pool: Pool;
	readonly #prefix: string;

	constructor(url: string, connections: number) {
		this.url = url.replace(/\/+$/, '');
		const { origin, pathname } = new URL(url);
		this.#prefix = pathname.replace(/\/+$/, '');
		this.#pool = new Pool(origin, {
			connections,
			pipelining: 1,
			headersTimeout: ANSWER_TIMEOUT_MS,
			bodyTimeout: ANSWER_TIMEOUT_MS,
			connect: { timeout: 10_000 },
		});
	}

	async get(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
		const {
			statusCode,
			headers: got,
			body,
		} = await this.#pool.request({
			method: 'GET',
			path: this.#prefix + path,
			headers,
			signal,
		});
		return { status: statusCode, headers: got, body };
	}

	async put(
		path: string,
		headers: Record<string, string>,
		body: Readable,
		signal: AbortSignal,
	): Promise<{ status: number; text: string }> {
		const answer = await this.#pool.request({ method: 'PUT', path: this.#prefix + path, headers, body, signal });
		return { status: answer.statusCode, text: await readText(answer.body) };
	}

	async postJson(path: string, message: unknown, signal: AbortSignal): Promise<{ status: number; text: string }> {
		const answer = await this.#pool.request({
			method: 'POST',
			path: this.#prefix + path,
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(message),
			signal,
		});
		return { status: answer.statusCode, text: await readText(answer.body) };
	}

	async close(): Promise<void> {
		await this.#pool.destroy();
	}
}

/** The whole text of an answer; throws when it is unreasonably long. */
export const readText = async (body: Readable): Promise<string> => {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of body as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > MOST_TEXT_BYTES) throw new Error('the answer of the coordinator is too long');
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
};
