import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { EgressFailure } from './egress-failure.ts';
import { type GuardedOptions, guardedRequest, judgeTrouble, type OpenAnswer } from './guarded-request.ts';

export interface GuardedAnswer {
	status: number;
	headers: Readonly<Record<string, string>>;
	/** Where it came from in the end. */
	url: string;
	body: Buffer;
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url.slice(0, 200));

/** The body as it was meant. It was asked for plain; some servers press it all the same. */
const plain = ({ headers, body, url }: OpenAnswer): AsyncIterable<Buffer> => {
	const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
	if (encoding === 'identity' || encoding === '') return body;
	if (encoding !== 'gzip' && encoding !== 'x-gzip') {
		throw new EgressFailure('bad-encoding', `${hostOf(url)} answers in an encoding that nobody asked for.`);
	}
	const source = Readable.from(body);
	const gunzip = createGunzip();
	source.once('error', (error) => gunzip.destroy(error));
	gunzip.once('close', () => source.destroy());
	return source.pipe(gunzip);
};

/** Reads an answer piece by piece; `take` is waited for, so that nothing piles up. */
const read = async <T>(
	url: string,
	options: GuardedOptions & { totalMs?: number; maxBytes: number },
	take: (chunk: Buffer) => Promise<void> | void,
	done: (answer: OpenAnswer, bytes: number) => T,
): Promise<T> => {
	const limits = [options.signal, options.totalMs === undefined ? undefined : AbortSignal.timeout(options.totalMs)];
	const signal = AbortSignal.any(limits.filter((one) => one !== undefined));
	try {
		await using answer = await guardedRequest(url, { ...options, signal });
		let bytes = 0;
		for await (const chunk of plain(answer)) {
			bytes += chunk.length;
			if (bytes > options.maxBytes) {
				const message = `${hostOf(answer.url)} answers more than the ${options.maxBytes} bytes that are read.`;
				throw new EgressFailure('answer-too-large', message);
			}
			await take(chunk);
		}
		return done(answer, bytes);
	} catch (error) {
		throw judgeTrouble(error, hostOf(url), options.signal);
	}
};

/** Asks, and reads a small answer whole: 5 MiB and 10 seconds at most unless it says otherwise. */
export const guardedFetch = (url: string, options: GuardedOptions): Promise<GuardedAnswer> => {
	const chunks: Buffer[] = [];
	const limits = { maxBytes: 5 * 1024 * 1024, totalMs: 10_000, ...options };
	return read(
		url,
		limits,
		(chunk) => void chunks.push(chunk),
		(answer) => ({ status: answer.status, headers: answer.headers, url: answer.url, body: Buffer.concat(chunks) }),
	);
};

/** Asks, and hands on a large answer as it comes; it may take as long as something arrives. */
export const guardedDownload = (
	url: string,
	options: GuardedOptions & { maxBytes: number; onChunk: (chunk: Buffer) => Promise<void> | void },
): Promise<Omit<GuardedAnswer, 'body'> & { bytes: number }> =>
	read(url, { idleMs: 30_000, ...options }, options.onChunk, ({ status, headers, url: from }, bytes) => ({
		status,
		headers,
		url: from,
		bytes,
	}));
