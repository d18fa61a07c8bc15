import { appendFile, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from './run-to-end.ts';
import { TempFolder } from './temp-folder.ts';

/** A file system of its own with so much room; null where this account may not mount one. */
export const mountSmall = async (folder: string, size: string): Promise<AsyncDisposable | null> => {
	try {
		await runToEnd(['mount', '-t', 'tmpfs', '-o', `size=${size}`, 'millrace-test', folder]);
	} catch {
		return null;
	}
	return {
		async [Symbol.asyncDispose]() {
			await runToEnd(['umount', folder]);
		},
	};
};

/** Whether {@link mountSmall} would do it. */
export const mayMount = async (): Promise<boolean> => {
	await using folder = new TempFolder();
	const mounted = process.platform === 'linux' ? await mountSmall(folder.path, '1m') : null;
	await mounted?.[Symbol.asyncDispose]();
	return mounted !== null;
};

export const freeBytes = async (folder: string): Promise<number> => {
	const { bavail, bsize } = await statfs(folder);
	return bavail * bsize;
};

/** Takes room until so many bytes are left; gives it back when it is disposed of. */
export const fillDisk = async (folder: string, leave = 0): Promise<AsyncDisposable> => {
	const ballast = join(folder, 'ballast');
	for (let free = await freeBytes(folder); free > leave; free = await freeBytes(folder)) {
		const piece = Buffer.alloc(Math.min(free - leave, 1_000_000));
		await appendFile(ballast, piece).catch((error: NodeJS.ErrnoException) => {
			if (error.code !== 'ENOSPC') throw error;
		});
	}
	return { [Symbol.asyncDispose]: () => rm(ballast, { force: true }) };
};
