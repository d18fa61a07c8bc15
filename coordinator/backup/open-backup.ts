import { join } from 'node:path';
import type { BackupManifest } from '../../shared/protocol/backup.ts';
import { backupNameSchema } from '../../shared/protocol/backup.ts';
import { sha256OfFile } from '../verify/sha256-of-file.ts';
import { backupNames, installationOf, listBackups, readManifest } from './backup-folder.ts';
import { filesOf, layoutOf } from './layout.ts';
import { refused } from './refused.ts';
import { contentsOf } from './rows-of-backup.ts';

/** A backup whose ledger and list of content are as they were when it was finished. */
export interface OpenBackup {
	manifest: BackupManifest;
	files: ReturnType<typeof filesOf>;
	/** Where the content of all backups lies. */
	blobs: string;
}

/** The named backup of a folder, or the newest whole one; checked but for its content. Throws `backup-refused`. */
export const openBackup = async (folder: string, name?: string): Promise<OpenBackup> => {
	if ((await installationOf(folder)) === null) throw refused(`There are no backups in ${folder}.`);
	const manifest = name === undefined ? ((await listBackups(folder))[0] ?? null) : await named(folder, name);
	if (manifest === null) {
		throw refused(`No backup in ${folder} was ever finished: whatever was to make them was cut off. Back up again.`);
	}
	const { blobs, backups } = layoutOf(folder);
	const files = filesOf(join(backups, manifest.name));
	for (const [file, sha256] of [
		[files.ledger, manifest.ledger.sha256],
		[files.contents, manifest.contents.sha256],
	] as const) {
		if ((await sha256OfFile(file).catch(() => null)) === sha256) continue;
		throw unusable(file);
	}
	await requireContents(manifest, files);
	return { manifest, files, blobs };
};

const unusable = (file: string, cause?: unknown) =>
	refused(`${file} is damaged: this backup cannot be used. Choose another one by --backup NAME.`, cause);

/** The list is read to its end before anything is done: it names nothing but content of the ledger, and all that was counted. */
const requireContents = async (manifest: BackupManifest, files: OpenBackup['files']): Promise<void> => {
	const found = { count: 0, bytes: 0 };
	try {
		for await (const page of contentsOf(files)) {
			found.count += page.length;
			for (const { size } of page) found.bytes += size;
		}
	} catch (error) {
		throw unusable(files.contents, error);
	}
	if (found.count === manifest.contents.count && found.bytes === manifest.contents.bytes) return;
	throw unusable(files.contents);
};

const named = async (folder: string, name: string): Promise<BackupManifest> => {
	const names = await backupNames(folder);
	if (!backupNameSchema.safeParse(name).success || !names.includes(name)) {
		const there = names.length === 0 ? 'none' : names.slice(-5).join(', ');
		throw refused(`There is no backup ${name} in ${folder}. The newest there are: ${there}.`);
	}
	const manifest = await readManifest(folder, name);
	if (manifest === null) {
		throw refused(`The backup ${name} is not whole: it was cut off, or its manifest is damaged. Choose another one.`);
	}
	return manifest;
};
