import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { onlyInput, type TaskModule } from './task-module.ts';

const CHUNK_BYTES = 1024 * 1024;

/** MD5 of a file, read as a stream: `{md5}` in lower-case hexadecimal. */
export const md5: TaskModule = {
	async run(context) {
		const { path, size } = onlyInput(context);
		const hash = createHash('md5');
		let done = 0;
		for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES, signal: context.signal })) {
			hash.update(chunk as Buffer);
			done += (chunk as Buffer).length;
			if (size > 16 * CHUNK_BYTES) context.progress(done / size);
		}
		return { md5: hash.digest('hex') };
	},
};
