import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EXIT } from '../exit-codes.ts';
import { CliError } from '../failure.ts';

/** Saves an answer's body under a name that is there only when it is whole; never over something that is there. */
export const saveBody = async (answer: Response, path: string, signal: AbortSignal): Promise<void> => {
	const part = `${path}.part`;
	const out = createWriteStream(part, { flags: 'wx', mode: 0o600 });
	try {
		await pipeline(Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]), out, { signal });
		await rename(part, path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
			throw new CliError(EXIT.failed, `${part} is there already: another export writes it, or one was cut. Remove it.`);
		}
		await rm(part, { force: true });
		throw error;
	}
};
