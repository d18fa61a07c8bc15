import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { BackupManifest } from '../../shared/protocol/backup.ts';
import { DataLock } from '../database/data-lock.ts';
import { InlineLedger } from '../database/inline-ledger.ts';
import { SCHEMA_VERSION } from '../database/migrate.ts';
import type { AnyOperation } from '../database/operation.ts';
import { blobPath } from '../files/blob-folders.ts';
import { makeFolder } from '../files/make-folder.ts';
import { syncFolder } from '../files/sync-folder.ts';
import { copyBlob } from './copy-blob.ts';
import { temporaryOf, writeDurably } from './durable-file.ts';
import { eachOf } from './each-of.ts';
import { halfRestored, restoreMarker } from './half-restored.ts';
import type { filesOf } from './layout.ts';
import { openBackup } from './open-backup.ts';
import { refused } from './refused.ts';
import { beginAnew } from './restore-store.ts';
import { contentsOf } from './rows-of-backup.ts';
import { TouchedFolders } from './touched-folders.ts';

const AT_ONCE = 8;
const SHOWN = 5;
const LOCK = 'coordinator.lock';

export interface Restored {
	manifest: BackupManifest;
	/** Live attempts that were ended, sessions too, and the generation that begins. */
	attempts: number;
	sessions: number;
	generation: number;
	/** Content that is damaged in the backup and was left out. */
	damaged: string[];
}

/**
 * Restores a backup into an empty folder. Every byte is read and checked. The ledger comes last, by one rename; until then
 * the folder says that it is half restored, no coordinator starts on it, and the same call goes on where it was cut.
 */
export const restoreBackup = async (wish: {
	folder: string;
	/** Which one; default: the newest. */
	name?: string | undefined;
	data: string;
	/** Restores also when some content is damaged: it is left out, and reads as lost. */
	leaveOutDamaged: boolean;
	operations: readonly AnyOperation[];
}): Promise<Restored> => {
	const { data } = wish;
	const half = halfRestored(data);
	// Which one was newest when it was begun.
	const { manifest, files, blobs } = await openBackup(wish.folder, wish.name ?? (half || undefined));
	if (manifest.schema > SCHEMA_VERSION) {
		throw refused(
			`The backup ${manifest.name} was made by Millrace ${manifest.version}, whose ledger has schema ${manifest.schema}; this one knows ${SCHEMA_VERSION}. Restore it with that Millrace or a newer one.`,
		);
	}
	await makeFolder(data);
	await requireEmpty(data, { half, name: manifest.name });
	using _ = new DataLock(join(data, LOCK));
	await writeDurably(restoreMarker(data), `${JSON.stringify({ backup: manifest.name })}\n`);

	const store = join(data, 'blobs');
	const staging = join(data, 'staging');
	await makeFolder(store);
	await rm(staging, { recursive: true, force: true });
	await mkdir(staging, { mode: 0o700 });
	const damaged = await copyContents({ files, blobs, store, staging });
	if (damaged.length > 0 && !wish.leaveOutDamaged) {
		throw refused(
			`${damaged.length} of ${manifest.contents.count} contents are missing or damaged in the backup, such as ${damaged.slice(0, SHOWN).join(', ')}. Choose another backup, or go on without them by --leave-out-damaged.`,
		);
	}
	const coming = join(data, 'ledger.restoring');
	for (const suffix of ['', '-wal', '-shm']) await rm(coming + suffix, { force: true });
	await copyFile(files.ledger, coming);
	await chmod(coming, 0o600);
	const begun = await begin(coming, wish.operations, manifest);
	if (manifest.withKey) {
		await copyFile(files.key, join(data, 'secret.key'));
		await chmod(join(data, 'secret.key'), 0o600);
	}
	// Of an older schema: what was before its migration is in the backup.
	for (const name of await readdir(data)) if (name.startsWith('ledger.restoring.')) await rm(join(data, name));
	await rename(coming, join(data, 'ledger.db'));
	await syncFolder(data);
	await rm(restoreMarker(data));
	await syncFolder(data);
	return { manifest, ...begun, damaged };
};

const begin = async (file: string, operations: readonly AnyOperation[], manifest: BackupManifest) => {
	const begun = await inLedger(file, operations, (ledger) =>
		ledger.write(beginAnew, { backup: manifest.name, takenAt: manifest.takenAt, now: Date.now() }),
	);
	// Closing copies the WAL into the file. Were it left behind by the rename, so would be what is in it.
	if (existsSync(`${file}-wal`)) throw new Error(`${file}-wal was not copied back`);
	return begun;
};

const inLedger = async <T>(
	file: string,
	operations: readonly AnyOperation[],
	act: (ledger: InlineLedger) => Promise<T>,
): Promise<T> => {
	await using ledger = new InlineLedger({ file, operations });
	return await act(ledger);
};

const requireEmpty = async (data: string, { half, name }: { half: string | null; name: string }): Promise<void> => {
	const names = await readdir(data);
	// Says so when a coordinator runs there, which is worse than what the folder holds.
	if (names.includes(LOCK)) new DataLock(join(data, LOCK))[Symbol.dispose]();
	if (half !== null) {
		if (half === '' || half === name) return;
		throw refused(`${data} holds half of the backup ${half}: restore that one, or empty the folder first.`);
	}
	// Killed before it had said that it is half restored, it has done nothing else.
	const ofNothing = [LOCK, 'lost+found', basename(temporaryOf(restoreMarker(data)))];
	if (names.some((one) => !ofNothing.includes(one))) {
		throw refused(`${data} is not empty: a backup is restored into an empty folder. Put what is there aside first.`);
	}
};

/** Gives what is missing or damaged in the backup. */
const copyContents = async (from: {
	files: ReturnType<typeof filesOf>;
	blobs: string;
	store: string;
	staging: string;
}): Promise<string[]> => {
	const { blobs, store, staging } = from;
	const damaged: string[] = [];
	const folders = new TouchedFolders();
	for await (const page of contentsOf(from.files)) {
		await eachOf(page, AT_ONCE, async ({ sha256, size }) => {
			const to = blobPath(store, sha256);
			await folders.make(dirname(to));
			const copy = { sha256, size, link: false, temporary: join(staging, sha256) };
			const result = await copyBlob({ ...copy, from: blobPath(blobs, sha256), to });
			if (result === 'missing') damaged.push(sha256);
		});
	}
	await folders.sync();
	return damaged;
};
