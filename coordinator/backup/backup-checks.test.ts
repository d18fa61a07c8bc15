import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileRoom } from '../../test/support/file-room.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import type { AuditEntry } from '../audit/audit-entry.ts';
import { blobPath } from '../files/blob-folders.ts';
import { wordsOf } from '../verify/verify-data.ts';
import { backUpAndRecord } from './backup-and-record.ts';
import { BackupChecks } from './backup-checks.ts';
import { BACKUP_OPERATIONS } from './backup-store.ts';
import { layoutOf } from './layout.ts';
import type { Progress } from './progress.ts';
import { verifyBackup } from './verify-backup.ts';

const BY = { actor: 'usr_admin', address: '192.0.2.1' };

let room: FileRoom;
let outside: TempFolder;
let audited: AuditEntry[];
beforeEach(async () => {
	room = await FileRoom.open();
	outside = new TempFolder();
	audited = [];
});
afterEach(async () => {
	await room[Symbol.asyncDispose]();
	await outside[Symbol.asyncDispose]();
});

/** A backup of three contents in the folder, and how its taking was told. */
const take = async () => {
	for (const name of ['a', 'b', 'c']) await room.upload(`/${name}.bin`);
	await using ledger = new TestLedger({ file: room.folder.join('ledger.db'), operations: BACKUP_OPERATIONS });
	const told: Progress[] = [];
	const wish = { data: room.folder.path, folder: outside.join('b'), keep: null, key: null, link: false };
	const { manifest } = await backUpAndRecord(wish, ledger, (progress) => told.push({ ...progress }));
	return { name: manifest.name, folder: wish.folder, told };
};

/** Reads in this thread; `held` keeps it from ending. */
const open = (held: Promise<void> = Promise.resolve()) =>
	new BackupChecks({
		audit: { record: async (...entries) => void audited.push(...entries) },
		async run({ check }, { onProgress }) {
			const { violations } = await verifyBackup(check.folder, check.name, onProgress);
			await held;
			return { violations: violations.map(wordsOf) };
		},
	});

it('taking a backup tells how far it is', async () => {
	const { told } = await take();
	expect(told[0]).toEqual({ done: 0, of: 3 });
	expect(told.at(-1)).toEqual({ done: 3, of: 3 });
});

it('reads a backup through, and it is on record who had it read', async () => {
	const { name, folder } = await take();
	const checks = open();
	const begun = await checks.begin(folder, name, BY);
	expect(begun).toMatchObject({ backup: name, finishedAt: null, of: 3, violations: null });
	await checks[Symbol.asyncDispose]();
	expect(checks.list()).toMatchObject([{ backup: name, done: 3, of: 3, violations: [], error: null }]);
	expect(checks.list()[0]?.finishedAt).not.toBe(null);
	expect(audited).toMatchObject([{ ...BY, action: 'backup.check', object: name }]);
});

it('tells what is missing', async () => {
	const { name, folder } = await take();
	const sha256 = (room.db.prepare('SELECT lower(hex(sha256)) FROM blobs LIMIT 1').pluck().get() as string) ?? '';
	rmSync(blobPath(layoutOf(folder).blobs, sha256));
	const checks = open();
	await checks.begin(folder, name, BY);
	await checks[Symbol.asyncDispose]();
	expect(checks.list()[0]?.violations).toEqual([expect.stringContaining(sha256)]);
});

it('reads one at a time, and refuses what is no backup', async () => {
	const { name, folder } = await take();
	let release = () => {};
	const held = new Promise<void>((resolve) => {
		release = resolve;
	});
	await using checks = open(held);
	await expect(checks.begin(folder, '20300102T030405678Z-0a1b2c', BY)).rejects.toMatchObject({ code: 'not-found' });
	await checks.begin(folder, name, BY);
	await expect(checks.begin(folder, name, BY)).rejects.toMatchObject({ code: 'conflict' });
	release();
});

it('tells why one could not be read', async () => {
	const { name, folder } = await take();
	const checks = new BackupChecks({
		audit: { record: async () => {} },
		run: async () => Promise.reject(new Error('the disk is gone')),
	});
	await checks.begin(folder, name, BY);
	await checks[Symbol.asyncDispose]();
	expect(checks.list()).toMatchObject([{ error: 'the disk is gone', violations: null }]);
});
