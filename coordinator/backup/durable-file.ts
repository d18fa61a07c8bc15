import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../files/sync-folder.ts';

/** What such a file is written to before it is whole, and is left behind by who is killed meanwhile. */
export const temporaryOf = (path: string): string => `${path}.new`;

/** Writes a small file whole or not at all, and on disk when this resolves. */
export const writeDurably = async (path: string, text: string): Promise<void> => {
	const temporary = temporaryOf(path);
	const file = await open(temporary, 'w', 0o600);
	try {
		await file.writeFile(text);
		await file.sync();
	} finally {
		await file.close();
	}
	await rename(temporary, path);
	await syncFolder(dirname(path));
};
