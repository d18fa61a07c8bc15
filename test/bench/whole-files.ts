import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { request } from 'undici';
import { SeededRandom } from '../support/seeded-random.ts';

export const MIB = 1024 * 1024;

/** A file of that many mebibytes, each other than the one before; gives its SHA-256. */
export const writeLargeFile = async (path: string, mebibytes: number): Promise<string> => {
	const block = new SeededRandom(1).bytes(MIB);
	const hash = createHash('sha256');
	const file = await open(path, 'w');
	for (let i = 0; i < mebibytes; i++) {
		block.writeUInt32LE(i, 0);
		hash.update(block);
		await file.write(block);
	}
	await file.close();
	return hash.digest('hex');
};

/** Sends a file as it is; gives the answer’s text. */
export const put = async (
	url: string,
	path: string,
	size: number,
	headers: Record<string, string>,
): Promise<string> => {
	const body = createReadStream(path, { highWaterMark: MIB });
	const answer = await request(url, {
		method: 'PUT',
		headers: { 'content-length': String(size), ...headers },
		body,
		headersTimeout: 0,
		bodyTimeout: 0,
	});
	const text = await answer.body.text();
	if (answer.statusCode >= 300) throw new Error(`PUT ${url}: ${answer.statusCode} ${text}`);
	return text;
};

/** Reads an answer to its end; gives how many bytes came. */
export const get = async (url: string, headers: Record<string, string>): Promise<number> => {
	const answer = await request(url, { headers, headersTimeout: 0, bodyTimeout: 0 });
	if (answer.statusCode >= 300) throw new Error(`GET ${url}: ${answer.statusCode}`);
	let bytes = 0;
	await pipeline(answer.body, async (chunks) => {
		for await (const chunk of chunks) bytes += (chunk as Buffer).length;
	});
	return bytes;
};
