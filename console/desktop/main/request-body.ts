import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

/** Bodies up to here are sent with their length: most are, and some servers and proxies want it. */
const MOST_COLLECTED = 1024 * 1024;

/** What is sent: nothing, bytes of a known length, or a stream. */
export type RequestBody = { kind: 'bytes'; bytes: Buffer } | { kind: 'stream'; stream: Readable } | { kind: 'none' };

/** Reads a body as far as it may be collected; what is longer goes on as a stream, and lies in memory nowhere. */
export const readBody = async (request: Request): Promise<RequestBody> => {
	if (request.body === null) return { kind: 'none' };
	const source = Readable.fromWeb(request.body as ReadableStream);
	const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
	const collected: Uint8Array[] = [];
	let length = 0;
	while (length <= MOST_COLLECTED) {
		const { value, done } = await chunks.next();
		if (done) return { kind: 'bytes', bytes: Buffer.concat(collected) };
		collected.push(value);
		length += value.length;
	}
	const rest = async function* () {
		yield* collected;
		for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
	};
	return { kind: 'stream', stream: Readable.from(rest(), { objectMode: false }) };
};
