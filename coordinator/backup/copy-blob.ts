import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, link, lstat, open, rename, rm } from 'node:fs/promises';
import { sha256OfFile } from '../verify/sha256-of-file.ts';

/**
 * What became of it. `mended`: it was there, with other bytes, and came anew. `missing`: it is gone where it comes from, or
 * other bytes are there.
 */
export type Copied = 'there' | 'linked' | 'copied' | 'mended' | 'missing';

export interface BlobCopy {
	from: string;
	to: string;
	/** Where it arrives, on the disk of `to`. */
	temporary: string;
	sha256: string;
	size: number;
	/** Shares the file instead of copying it where both are on one disk. Content never changes in its place. */
	link: boolean;
	/** Reads what is there already, instead of trusting its size. */
	check?: boolean;
}

/** The regular file at a path, or null. */
const fileAt = async (path: string) => {
	const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return null;
		throw error;
	});
	return found?.isFile() ? found : null;
};

const holds = async (path: string, sha256: string): Promise<boolean> =>
	(await sha256OfFile(path).catch((error: NodeJS.ErrnoException) => {
		// A disk that cannot read it any more: other bytes could be written there.
		if (error.code === 'EIO') return null;
		throw error;
	})) === sha256;

/** Brings a blob to where it should be, unless it is there, whole: what is half there is replaced. What is copied is read and checked. */
export const copyBlob = async (copy: BlobCopy): Promise<Copied> => {
	const there = await fileAt(copy.to);
	const from = await fileAt(copy.from);
	let damaged = false;
	if (there?.size === copy.size) {
		// The same file has the same bytes: only what was copied can have become another.
		const isOriginal = from !== null && from.ino === there.ino && from.dev === there.dev;
		if (!copy.check || isOriginal || (await holds(copy.to, copy.sha256))) return 'there';
		damaged = true;
	}
	if (from?.size !== copy.size) return 'missing';
	if (damaged && !(await holds(copy.from, copy.sha256))) return 'missing';
	try {
		if (copy.link && (await linked(copy))) {
			await rename(copy.temporary, copy.to);
			return damaged ? 'mended' : 'linked';
		}
		if (!(await copied(copy))) return 'missing';
		await rename(copy.temporary, copy.to);
		return damaged ? 'mended' : 'copied';
	} finally {
		await rm(copy.temporary, { force: true });
	}
};

/** False where that cannot be: on another disk, on one without links, or with too many of them already. */
const linked = async ({ from, temporary }: BlobCopy): Promise<boolean> => {
	try {
		await link(from, temporary);
		return true;
	} catch (error) {
		const { code = '' } = error as NodeJS.ErrnoException;
		if (['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'ENOSYS', 'EACCES'].includes(code)) return false;
		throw error;
	}
};

/** Whether what arrived is what it should be; it is on disk then. */
const copied = async ({ from, temporary, sha256 }: BlobCopy): Promise<boolean> => {
	// The kernel copies, or shares the blocks where the file system can; then what has arrived is read.
	await copyFile(from, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
	const hash = createHash('sha256');
	for await (const piece of createReadStream(temporary, { highWaterMark: 1024 * 1024 })) hash.update(piece as Buffer);
	if (hash.digest('hex') !== sha256) return false;
	const file = await open(temporary, 'r+');
	try {
		await file.chmod(0o600);
		await file.sync();
	} finally {
		await file.close();
	}
	return true;
};
