import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

const isFolder = async (path: string): Promise<boolean | null> => {
	try {
		return (await stat(path)).isDirectory();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
};

const notOne = (path: string) =>
	Object.assign(new Error(`ENOTDIR: ${path} is no folder`), { code: 'ENOTDIR', path, syscall: 'mkdir' });

/**
 * Makes a folder, and those above it that are missing, for their owner only. Not by Node's `recursive`: that tries for
 * ever, and cannot be stopped, where the system says that there is nothing though the folder above is there, as in /proc.
 */
export const makeFolder = async (folder: string): Promise<void> => {
	const missing: string[] = [];
	for (let at = resolve(folder); ; at = dirname(at)) {
		const found = await isFolder(at);
		if (found === false) throw notOne(at);
		if (found || at === dirname(at)) break;
		missing.push(at);
	}
	for (const one of missing.reverse()) {
		await mkdir(one, { mode: 0o700 }).catch(async (error: NodeJS.ErrnoException) => {
			// Somebody else has made it meanwhile.
			if (error.code !== 'EEXIST' || (await isFolder(one)) !== true) throw error;
		});
	}
};
