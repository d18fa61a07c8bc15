import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Of a regular file only: a pipe in its place would be waited for for ever, and a device may never end. */
export const sha256OfFile = async (path: string): Promise<string> => {
	const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
	try {
		if (!(await file.stat()).isFile()) throw Object.assign(new Error(`${path} is no file`), { code: 'EINVAL', path });
		const hash = createHash('sha256');
		await pipeline(file.createReadStream({ highWaterMark: 1024 * 1024, autoClose: false }), hash);
		return hash.digest('hex');
	} finally {
		await file.close();
	}
};
