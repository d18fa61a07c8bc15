import { fullJitterBackoff } from '../../../shared/backoff.ts';
import { UnreachableError } from '../../../shared/client/client-errors.ts';
import { sha256OfEtag } from '../../../shared/client/content.ts';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { isRetryable, pause } from '../../../shared/client/retry.ts';
import { CodedError } from '../../../shared/coded-error.ts';

/** Content at the server: where, and what it must turn out to be. */
export interface Source {
	/** A path from the server's root, such as `/api/v1/content/a.txt`. */
	target: string;
	size: number;
	sha256: string;
}

export interface Transfer {
	http: HttpClient;
	signal: AbortSignal;
	/** Takes the next bytes; the source is not read further until it has. */
	write(chunk: Uint8Array): Promise<void>;
}

const FRUITLESS_TRIES = 8;
const BACKOFF = { firstMs: 250, mostMs: 10_000 };
const SILENCE_MS = 60_000;

const changed = () =>
	new CodedError('precondition-failed', 'The file was changed on the server meanwhile. Run the same command again.');

/** Opens the rest of the content; answers with how many of the first bytes to leave out. */
const open = async ({ target, sha256 }: Source, offset: number, { http }: Transfer, signal: AbortSignal) => {
	const response = await http.send('GET', target, {
		signal,
		headers: {
			accept: '*/*',
			// Compressed, neither the length nor the range would be that of the content.
			'accept-encoding': 'identity',
			...(offset === 0 ? {} : { range: `bytes=${offset}-`, 'if-range': `"${sha256}"` }),
		},
	});
	const etag = sha256OfEtag(response.headers.get('etag'));
	if (etag !== null && etag !== sha256) {
		await response.body?.cancel();
		throw changed();
	}
	const begins = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
	const from = response.status === 206 ? Number(begins ?? Number.NaN) : 0;
	if (from !== offset && from !== 0) {
		await response.body?.cancel();
		throw new CodedError('range-not-satisfiable', 'The server sent another part of the file than was asked for.');
	}
	return { reader: response.body?.getReader(), leaveOut: offset - from };
};

/** Reads until the answer ends; answers with the new offset through `advance`. */
const readOnce = async (source: Source, offset: number, transfer: Transfer, advance: (bytes: number) => void) => {
	const silence = new AbortController();
	const timer = setTimeout(() => silence.abort(), SILENCE_MS);
	const cut = (cause: unknown) =>
		new UnreachableError(
			transfer.http.baseUrl,
			`The connection to ${transfer.http.baseUrl} was cut, again and again.`,
			{ cause },
		);
	try {
		const signal = AbortSignal.any([transfer.signal, silence.signal]);
		let { reader, leaveOut } = await open(source, offset, transfer, signal);
		let received = offset;
		while (reader !== undefined) {
			const { value, done } = await reader.read().catch((cause) => {
				transfer.signal.throwIfAborted();
				throw cut(cause);
			});
			if (done) break;
			timer.refresh();
			const chunk = value.subarray(Math.min(leaveOut, value.length));
			leaveOut -= value.length - chunk.length;
			received += chunk.length;
			if (received > source.size) {
				await reader.cancel();
				throw new CodedError('checksum-mismatch', 'The server sent more than the file’s size.');
			}
			if (chunk.length === 0) continue;
			await transfer.write(chunk);
			advance(chunk.length);
		}
		if (received < source.size) throw cut(undefined);
	} catch (error) {
		transfer.signal.throwIfAborted();
		throw silence.signal.aborted ? cut(error) : error;
	} finally {
		clearTimeout(timer);
	}
};

/** Brings the content from an offset to its end, going on by Range after cuts for as long as anything comes through. */
export const fetchContent = async (source: Source, from: number, transfer: Transfer): Promise<void> => {
	let offset = from;
	for (let fruitless = 0; offset < source.size; ) {
		const before = offset;
		try {
			await readOnce(source, offset, transfer, (bytes) => {
				offset += bytes;
			});
		} catch (error) {
			if (!isRetryable(error)) throw error;
			fruitless = offset > before ? 1 : fruitless + 1;
			if (fruitless >= FRUITLESS_TRIES) throw error;
			await pause(fullJitterBackoff(BACKOFF, fruitless), transfer.signal);
		}
	}
};
