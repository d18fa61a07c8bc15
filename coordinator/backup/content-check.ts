import { readFile } from 'node:fs/promises';
import { writeDurably } from './durable-file.ts';
import { layoutOf } from './layout.ts';

/** Disks lose bits without a word; what is copied once and never read again would be found when it is needed. */
const EVERY_MS = 7 * 24 * 3_600_000;

/** Whether a backup into the folder is to read the content that is there already, since that was long ago or never. */
export const isCheckDue = async (folder: string, now: number): Promise<boolean> => {
	const text = await readFile(layoutOf(folder).checked, 'utf8').catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return '';
		throw error;
	});
	try {
		const at = Date.parse((JSON.parse(text) as { at: string }).at);
		// One of the future was written by a clock that was wrong.
		return !(at <= now && now < at + EVERY_MS);
	} catch {
		return true;
	}
};

/** Notes that all content which a backup found in the folder was read. */
export const noteCheck = (folder: string, now: number): Promise<void> =>
	writeDurably(layoutOf(folder).checked, `${JSON.stringify({ at: new Date(now).toISOString() })}\n`);
