import { createReadStream } from 'node:fs';
import { inputError } from '../task-failure.ts';

const HEAD_BYTES = 64 * 1024;

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

const markOf = (head: Buffer): Encoding | null => {
	if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
	if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
	return null;
};

/**
 * How a text is encoded: by its byte order mark, else UTF-8 if all of it is that, else the usual 8-bit one. Looks at `most`
 * bytes. Throws a failure of class `input` for what is no text.
 */
export const findEncoding = async (path: string, most: number, signal: AbortSignal): Promise<Encoding> => {
	const decoder = new TextDecoder('utf-8', { fatal: true });
	let isUtf8 = true;
	let isFirst = true;
	for await (const piece of createReadStream(path, { end: most - 1, highWaterMark: HEAD_BYTES, signal })) {
		const bytes = piece as Buffer;
		if (isFirst) {
			isFirst = false;
			const marked = markOf(bytes);
			if (marked !== null) return marked;
		}
		// No 8-bit text and no UTF-8 has such a byte.
		if (bytes.includes(0)) throw inputError('text-binary', 'The content is not text: there are zero bytes in it.');
		try {
			if (isUtf8) decoder.decode(bytes, { stream: true });
		} catch {
			isUtf8 = false;
		}
	}
	return isUtf8 ? 'utf-8' : 'windows-1252';
};
