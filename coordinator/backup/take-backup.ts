import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { BackupManifest } from '../../shared/protocol/backup.ts';
import { MILLRACE_VERSION } from '../config/version.ts';
import { copyLedger } from '../database/copy-ledger.ts';
import type { Ledger } from '../database/ledger.ts';
import { blobPath } from '../files/blob-folders.ts';
import { syncFolder } from '../files/sync-folder.ts';
import { sha256OfFile } from '../verify/sha256-of-file.ts';
import { takeFolder } from './backup-folder.ts';
import { countContents, listContents, readInstallation } from './backup-store.ts';
import { BlobPin } from './blob-pin.ts';
import { isCheckDue, noteCheck } from './content-check.ts';
import { ContentsWriter } from './contents.ts';
import { type Copied, copyBlob } from './copy-blob.ts';
import { writeDurably } from './durable-file.ts';
import { eachOf } from './each-of.ts';
import { filesOf, layoutOf } from './layout.ts';
import type { Progress } from './progress.ts';
import { refused } from './refused.ts';
import { TouchedFolders } from './touched-folders.ts';

/** Rows that are read at once, and files that are copied at once. */
const PAGE = 2_000;
const AT_ONCE = 8;
const MORE_TRIES = 3;
const BETWEEN_TRIES_MS = 100;
/** Of what is missing, so many are named. */
const NAMED = 1_000;

export interface BackupOrder {
	/** The data folder. */
	data: string;
	/** Where it goes to. */
	folder: string;
	/** The file of the key that opens people's secrets, to be copied too; null: it is kept elsewhere. */
	key: string | null;
	/** Shares files instead of copying them where both are on one disk. */
	link: boolean;
	/** Reads what is in the folder already, and copies anew what is damaged there; by itself it does so once a week. */
	check?: boolean;
}

export interface BackupTaken {
	manifest: BackupManifest;
	copied: { count: number; bytes: number };
	/** Of what was copied, so many were there and damaged. */
	mended: number;
}

const nameAt = (now: Date): string => `${now.toISOString().replace(/[-:.]/g, '')}-${randomBytes(3).toString('hex')}`;

/**
 * Takes a backup of a data folder, beside the coordinator that may be running on it or by itself. What is in it is the
 * ledger as it was at one moment and all content that it refers to: the same as after a `kill -9` in that moment. It
 * counts from the last rename on; whatever ends it before leaves the folder as it was, but for content that need not be
 * copied again. `ledger` is only for the pin.
 */
export const takeBackup = async (
	order: BackupOrder,
	ledger: Ledger,
	onProgress: (progress: Progress) => void = () => {},
): Promise<BackupTaken> => {
	const { data, folder } = order;
	if (`${folder}${sep}`.startsWith(`${data}${sep}`)) {
		throw refused(`${folder} lies in the data folder itself. Choose a folder elsewhere, at best on another disk.`);
	}
	const { id, generation, schema } = await ledger.read(readInstallation, null);
	using _ = await takeFolder(folder, id);
	const { blobs, backups, incoming } = layoutOf(folder);
	const name = nameAt(new Date());
	const files = filesOf(join(incoming, name));
	await mkdir(dirname(files.ledger), { mode: 0o700 });

	await using pin = await BlobPin.take(ledger);
	const takenAt = new Date().toISOString();
	await copyLedger(join(data, 'ledger.db'), files.ledger);
	const startedAt = Date.now();
	const check = order.check || (await isCheckDue(folder, startedAt));
	const { contents, missing, copied, mended } = await copyContents({
		order: { ...order, check },
		blobs,
		incoming,
		files,
		onProgress,
	});
	await pin.check();

	checkCopy(files.ledger);
	if (order.key !== null) {
		await copyFile(order.key, files.key);
		await chmod(files.key, 0o600);
		await syncFile(files.key);
	}
	const manifest: BackupManifest = {
		...{ format: 'millrace-backup-1', name, installation: id, generation, takenAt },
		...{ version: MILLRACE_VERSION, schema },
		ledger: { bytes: (await stat(files.ledger)).size, sha256: await sha256OfFile(files.ledger) },
		contents,
		missing,
		withKey: order.key !== null,
	};
	await writeDurably(files.manifest, `${JSON.stringify(manifest, null, '\t')}\n`);
	await rename(dirname(files.manifest), join(backups, name));
	await syncFolder(backups);
	if (check) await noteCheck(folder, startedAt);
	return { manifest, copied, mended };
};

/** Brings what the copied ledger refers to into the folder, and lists it. */
const copyContents = async (from: {
	order: BackupOrder;
	blobs: string;
	incoming: string;
	files: { ledger: string; contents: string };
	onProgress: (progress: Progress) => void;
}) => {
	const { order, blobs, incoming, files, onProgress } = from;
	const store = join(order.data, 'blobs');
	const copied = { count: 0, bytes: 0 };
	let mended = 0;
	const missing = { count: 0, some: [] as string[] };
	const folders = new TouchedFolders();
	const bring = async (sha256: string, size: number): Promise<Copied> => {
		const to = blobPath(blobs, sha256);
		await folders.make(dirname(to));
		const copy = { sha256, size, link: order.link, check: order.check === true, temporary: join(incoming, sha256) };
		return copyBlob({ ...copy, from: blobPath(store, sha256), to });
	};
	const copy = new Database(files.ledger, { readonly: true });
	using _ = { [Symbol.dispose]: () => void copy.close() };
	const list = listContents.prepare(copy);
	const progress = { done: 0, of: countContents.prepare(copy)(null) };
	onProgress(progress);
	await using contents = await ContentsWriter.create(files.contents);
	let after = '';
	for (;;) {
		const page = list({ after, limit: PAGE });
		if (page.length === 0) break;
		after = page.at(-1)!.sha256;
		const results: Copied[] = [];
		await eachOf(page, AT_ONCE, async ({ sha256, size }, at) => {
			let result = await bring(sha256, size);
			// A sweep that was busy with it when it was pinned puts it back.
			for (let tries = 0; result === 'missing' && tries < MORE_TRIES; tries++) {
				await setTimeout(BETWEEN_TRIES_MS);
				result = await bring(sha256, size);
			}
			results[at] = result;
			progress.done += 1;
			onProgress(progress);
			if (result === 'there' || result === 'missing') return;
			if (result === 'mended') mended += 1;
			copied.count += 1;
			copied.bytes += size;
		});
		await contents.add(page.filter((_, at) => results[at] !== 'missing'));
		for (const { sha256 } of page.filter((_, at) => results[at] === 'missing')) {
			missing.count += 1;
			if (missing.some.length < NAMED) missing.some.push(sha256);
		}
	}
	await folders.sync();
	return { contents: await contents.finish(), missing, copied, mended };
};

const syncFile = async (path: string): Promise<void> => {
	const file = await open(path, 'r+');
	try {
		await file.sync();
	} finally {
		await file.close();
	}
};

/** A backup of a damaged ledger must not push out the good ones. */
const checkCopy = (path: string): void => {
	const db = new Database(path, { readonly: true });
	try {
		const found = db.pragma('quick_check(1)', { simple: true });
		if (found !== 'ok') {
			throw refused(`The ledger is damaged (${found}): nothing was backed up. Restore the newest backup.`);
		}
	} finally {
		db.close();
	}
};
