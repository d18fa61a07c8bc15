import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BackupManifest, backupManifestSchema, backupNameSchema } from '../../shared/protocol/backup.ts';
import { DataLock } from '../database/data-lock.ts';
import { makeFolder } from '../files/make-folder.ts';
import { temporaryOf, writeDurably } from './durable-file.ts';
import { filesOf, layoutOf } from './layout.ts';
import { refused } from './refused.ts';

/** What an empty disk has in it, and nobody misses. */
const OF_THE_DISK = new Set(['lost+found', '.Trash-0', 'System Volume Information']);

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Whose backups are in the folder; null when there are none, because it is empty or not there. Throws for other people's folders. */
export const installationOf = async (folder: string): Promise<string | null> => {
	let names: string[];
	try {
		names = await readdir(folder);
	} catch (error) {
		if (isMissing(error)) return null;
		throw error;
	}
	// One that was killed while it wrote whose folder this is has done nothing else in it.
	const unwritten = basename(temporaryOf(layoutOf(folder).marker));
	if (names.every((name) => OF_THE_DISK.has(name) || name === unwritten)) return null;
	const text = await readFile(layoutOf(folder).marker, 'utf8').catch((error: unknown) => {
		if (isMissing(error)) throw refused(`${folder} holds other things than backups. Choose an empty folder.`);
		throw error;
	});
	try {
		const { installation } = JSON.parse(text) as { installation: unknown };
		if (typeof installation === 'string') return installation;
	} catch {}
	throw refused(`${layoutOf(folder).marker} is damaged. Choose another folder, or put that file back.`);
};

/** Takes the folder for one backup: makes it if it is new, and clears away what a cut one has left. Dispose to let it go. */
export const takeFolder = async (folder: string, installation: string): Promise<Disposable> => {
	const found = await installationOf(folder);
	if (found !== null && found !== installation) {
		throw refused(`${folder} holds backups of another installation (${found.slice(0, 8)}…). Choose another folder.`);
	}
	const { marker, lock, blobs, backups, incoming } = layoutOf(folder);
	await makeFolder(folder);
	if (found === null) await writeDurably(marker, `${JSON.stringify({ installation })}\n`);
	const taken = lockFolder(lock, folder);
	try {
		await makeFolder(blobs);
		await makeFolder(backups);
		await rm(incoming, { recursive: true, force: true });
		await makeFolder(incoming);
		return taken;
	} catch (error) {
		taken[Symbol.dispose]();
		throw error;
	}
};

const lockFolder = (lock: string, folder: string): DataLock => {
	try {
		return new DataLock(lock);
	} catch (error) {
		if ((error as { code?: unknown }).code !== 'conflict') throw error;
		throw refused(`Another backup into ${folder} is under way. Wait until it has ended.`, error);
	}
};

/** The names of all folders of backups, oldest first, whole or not. */
export const backupNames = async (folder: string): Promise<string[]> => {
	const names = await readdir(layoutOf(folder).backups).catch((error: unknown) => {
		if (isMissing(error)) return [];
		throw error;
	});
	return names.filter((name) => backupNameSchema.safeParse(name).success).sort();
};

/** What a backup says of itself; null when it was never finished, or its manifest is damaged. */
export const readManifest = async (folder: string, name: string): Promise<BackupManifest | null> => {
	const text = await readFile(filesOf(join(layoutOf(folder).backups, name)).manifest, 'utf8').catch(
		(error: unknown) => {
			if (isMissing(error)) return null;
			throw error;
		},
	);
	if (text === null) return null;
	try {
		const manifest = backupManifestSchema.parse(JSON.parse(text));
		return manifest.name === name ? manifest : null;
	} catch {
		return null;
	}
};

/** Every whole backup in a folder, newest first. */
export const listBackups = async (folder: string): Promise<BackupManifest[]> => {
	const found: BackupManifest[] = [];
	for (const name of await backupNames(folder)) {
		const manifest = await readManifest(folder, name);
		if (manifest) found.unshift(manifest);
	}
	return found;
};
