import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** Size and SHA-256 of a file, as read in one go. */
export const hashFile = async (path: string, signal: AbortSignal): Promise<{ size: number; sha256: string }> => {
	const hash = createHash('sha256');
	let size = 0;
	for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
		hash.update(chunk as Buffer);
		size += (chunk as Buffer).length;
	}
	return { size, sha256: hash.digest('hex') };
};
