import { createReadStream } from 'node:fs';
import type { Encoding } from './find-encoding.ts';

/** Read and looked at in one go: long enough to be quick, short enough to be told to stop between two. */
const PIECE_BYTES = 256 * 1024;
/** A piece ends between words where there is such a place near its end. */
const LONGEST_TAIL = 4096;

/** A text in pieces, cut between words; only what has no white space for thousands of characters is cut elsewhere. */
export async function* textPieces(
	path: string,
	encoding: Encoding,
	most: number,
	signal: AbortSignal,
): AsyncGenerator<{ text: string; bytes: number }> {
	const decoder = new TextDecoder(encoding);
	let tail = '';
	for await (const piece of createReadStream(path, { end: most - 1, highWaterMark: PIECE_BYTES, signal })) {
		const bytes = piece as Buffer;
		const text = tail + decoder.decode(bytes, { stream: true });
		const near = text.slice(-LONGEST_TAIL);
		const cut = Math.max(near.lastIndexOf(' '), near.lastIndexOf('\n'));
		const end = cut === -1 ? text.length : text.length - near.length + cut + 1;
		tail = text.slice(end);
		yield { text: text.slice(0, end), bytes: bytes.length };
	}
	const rest = tail + decoder.decode();
	if (rest !== '') yield { text: rest, bytes: 0 };
}
