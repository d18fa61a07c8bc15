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
	hooks: {
		begin?: ((answer: Omit<GuardedAnswer, 'body'>) => Promise<void> | void) | undefined;
		take(chunk: Buffer): Promise<void> | void;
	},
	done: (answer: OpenAnswer, bytes: number) => T,
): Promise<T> => {
	const limits = [options.signal, options.totalMs === undefined ? undefined : AbortSignal.timeout(options.totalMs)];
	const signal = AbortSignal.any(limits.filter((one) => one !== undefined));
	/** What its caller threw goes back to it as it is: a full disk there is no trouble here. */
	let thrown: { error: unknown } | null = null;
	const byCaller = async (act: () => Promise<void> | void): Promise<void> => {
		try {
			await act();
		} catch (error) {
			thrown = { error };
			throw error;
		}
	};
	try {
		await using answer = await guardedRequest(url, { ...options, signal });
		await byCaller(() => hooks.begin?.(answer));
		let bytes = 0;
		for await (const chunk of plain(answer)) {
			bytes += chunk.length;
			if (bytes > options.maxBytes) {
				const message = `${hostOf(answer.url)} answers more than the ${options.maxBytes} bytes that are read.`;
				throw new EgressFailure('answer-too-large', message);
			}
			await byCaller(() => hooks.take(chunk));
		}
		return done(answer, bytes);
	} catch (error) {
		if (thrown !== null) throw (thrown as { error: unknown }).error;
		throw judgeTrouble(error, hostOf(url), options.signal);
	}
};

/** Asks, and reads a small answer whole: 5 MiB and 10 seconds at most unless it says otherwise. */
export const guardedFetch = (url: string, options: GuardedOptions): Promise<GuardedAnswer> => {
	const chunks: Buffer[] = [];
	const limits = { maxBytes: 5 * 1024 * 1024, totalMs: 10_000, ...options };
	return read(url, limits, { take: (chunk) => void chunks.push(chunk) }, (answer) => ({
		status: answer.status,
		headers: answer.headers,
		url: answer.url,
		body: Buffer.concat(chunks),
	}));
};

/** Tells somebody something: what counts is the status, and what else is answered is not read. */
export const guardedTell = async (
	url: string,
	options: GuardedOptions & { totalMs: number },
): Promise<Pick<GuardedAnswer, 'status'>> => {
	const limits = [AbortSignal.timeout(options.totalMs), ...(options.signal ? [options.signal] : [])];
	try {
		await using answer = await guardedRequest(url, { ...options, signal: AbortSignal.any(limits) });
		return { status: answer.status };
	} catch (error) {
		throw judgeTrouble(error, hostOf(url), options.signal);
	}
};

/** Asks, and hands on a large answer as it comes; it may take as long as something arrives. */
export const guardedDownload = (
	url: string,
	options: GuardedOptions & {
		maxBytes: number;
		/** What is coming, before any of it does; it may refuse by throwing. */
		onAnswer?: (answer: Omit<GuardedAnswer, 'body'>) => Promise<void> | void;
		onChunk: (chunk: Buffer) => Promise<void> | void;
	},
): Promise<Omit<GuardedAnswer, 'body'> & { bytes: number }> =>
	read(
		url,
		{ idleMs: 30_000, ...options },
		{ begin: options.onAnswer, take: options.onChunk },
		({ status, headers, url: from }, bytes) => ({
			status,
			headers,
			url: from,
			bytes,
		}),
	);
