import { open } from 'node:fs/promises';

/** Makes what changed in a folder (names made, renamed, removed) survive power loss. */
export const syncFolder = async (folder: string): Promise<void> => {
	const handle = await open(folder, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
};
