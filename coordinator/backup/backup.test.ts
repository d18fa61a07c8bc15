import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invariantViolations } from '../../test/support/check-invariants.ts';
import { FileRoom } from '../../test/support/file-room.ts';
import { fillDisk, mayMount, mountSmall } from '../../test/support/small-disk.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { DataLock } from '../database/data-lock.ts';
import type { Ledger } from '../database/ledger.ts';
import { SCHEMA_VERSION } from '../database/migrate.ts';
import { MIGRATIONS } from '../database/migrations/all.ts';
import { APPLICATION_ID } from '../database/open.ts';
import { blobPath } from '../files/blob-folders.ts';
import { OPERATIONS } from '../operations.ts';
import { type BackupWish, backUpAndRecord } from './backup-and-record.ts';
import { listBackups } from './backup-folder.ts';
import { listBackupRuns } from './backup-store.ts';
import { BlobPin } from './blob-pin.ts';
import { halfRestored, refuseHalfRestored } from './half-restored.ts';
import { filesOf, layoutOf } from './layout.ts';
import { restoreBackup } from './restore.ts';
import { takeBackup } from './take-backup.ts';
import { verifyBackup } from './verify-backup.ts';

let room: FileRoom;
let outside: TempFolder;
let folder: string;
let ledger: TestLedger;

beforeEach(async () => {
	room = await FileRoom.open();
	outside = new TempFolder();
	folder = outside.join('backups');
	ledger = new TestLedger({ file: room.folder.join('ledger.db'), operations: OPERATIONS });
});
afterEach(async () => {
	await ledger[Symbol.asyncDispose]();
	await room[Symbol.asyncDispose]();
	await outside[Symbol.asyncDispose]();
});

const backUp = (change: Partial<BackupWish> = {}) =>
	backUpAndRecord({ data: room.folder.path, folder, key: null, link: true, keep: null, ...change }, ledger);
const restore = (change: Partial<Parameters<typeof restoreBackup>[0]> = {}) =>
	restoreBackup({ folder, data: outside.join('data'), leaveOutDamaged: false, operations: OPERATIONS, ...change });
const backupFiles = (name: string) => filesOf(join(layoutOf(folder).backups, name));
const upload = async (path: string, content: Buffer | string) => {
	await room.upload(path, content);
	return room.db.prepare('SELECT lower(hex(sha256)) FROM blobs ORDER BY seq DESC').pluck().get() as string;
};

/** A task that runs, as its agent and the ledger know it. */
const runTask = () =>
	room.db.exec(`INSERT INTO task_types (seq, name, version, manifest) VALUES (1, 'noop', 1, '{}');
		INSERT INTO tasks (seq, id, owner_seq, type_seq, state, routing_key, priority, parameters, inputs, created_at, queued_at,
		                   started_at, attempt, lease_token, lease_node)
		VALUES (1, 'tsk_1', 1, 1, 'running', 'normal.noop', 4, '{}', '[]', 0, 0, 1, 1, 'the-token', 'nod_1');`);

describe('a backup', () => {
	it('is the data folder at one moment; restored elsewhere all holds, and what ran is in line again', async () => {
		await upload('/a', 'one');
		await upload('/b', randomBytes(300_000));
		runTask();
		room.db.exec(`INSERT INTO sessions (id, hash, user_seq, created_at, last_used_at, confirmed_at, expires_at, address, user_agent)
			VALUES ('ses_1', x'${'00'.repeat(32)}', 1, 1, 1, 1, 9e12, '', '')`);
		const { manifest, copied } = await backUp();
		expect(manifest.contents).toMatchObject({ count: 2, bytes: 300_003 });
		expect(copied).toEqual({ count: 2, bytes: 300_003 });
		// What comes later is in the next one.
		await upload('/c', 'later');
		expect((await verifyBackup(folder)).violations).toEqual([]);

		const restored = await restore();
		expect(existsSync(outside.join('data', 'ledger.db-wal'))).toBe(false);
		expect(restored).toMatchObject({ attempts: 1, sessions: 1, generation: 1, damaged: [] });
		expect(await invariantViolations({ data: outside.join('data'), settled: false })).toEqual([]);
		const db = new Database(outside.join('data', 'ledger.db'), { readonly: true });
		expect(db.prepare('SELECT state, attempt, lease_token, losses FROM tasks').all()).toEqual([
			{ state: 'queued', attempt: 1, lease_token: null, losses: 0 },
		]);
		expect(
			db.prepare('SELECT a.state, u.charged FROM attempts a JOIN usage_records u ON u.seq = a.usage_seq').all(),
		).toEqual([{ state: 'returned', charged: 0 }]);
		expect(db.prepare('SELECT count(*) FROM files').pluck().get()).toBe(2);
		expect(db.prepare("SELECT count(*) FROM audit_log WHERE action = 'backup.restore'").pluck().get()).toBe(1);
		db.close();
	});

	it('can be checked without Millrace', async () => {
		const sha256 = await upload('/a', 'one');
		const { manifest } = await backUp();
		const check = () =>
			execFileSync('sha256sum', ['--check', '--quiet', `backups/${manifest.name}/contents.sha256`], {
				cwd: folder,
				stdio: 'pipe',
			});
		check();
		rmSync(blobPath(layoutOf(folder).blobs, sha256));
		writeFileSync(blobPath(layoutOf(folder).blobs, sha256), 'two');
		expect(check).toThrow(/did NOT match/);
	});

	it('copies what is not there yet, and shares files only where it is asked to', async () => {
		const sha256 = await upload('/a', 'one');
		const inode = (path: string) => statSync(path).ino;
		await backUp();
		expect(inode(blobPath(layoutOf(folder).blobs, sha256))).toBe(inode(room.blobs.pathOf(sha256)));
		await upload('/b', 'second');
		expect((await backUp()).copied).toEqual({ count: 1, bytes: 6 });
		const other = outside.join('copies');
		await backUp({ folder: other, link: false });
		expect(inode(blobPath(layoutOf(other).blobs, sha256))).not.toBe(inode(room.blobs.pathOf(sha256)));
		expect(
			(await ledger.read(listBackupRuns, { limit: 9 })).map(({ copiedBlobs, blobs }) => [copiedBlobs, blobs]),
		).toEqual([
			[2, 2],
			[1, 2],
			[1, 1],
		]);
	});

	it('has the key of secrets only when asked', async () => {
		const key = room.folder.join('secret.key');
		writeFileSync(key, `${'ab'.repeat(32)}\n`);
		const without = await backUp();
		expect(existsSync(backupFiles(without.manifest.name).key)).toBe(false);
		await backUp({ key });
		await restore();
		expect(readFileSync(outside.join('data', 'secret.key'), 'utf8')).toBe(`${'ab'.repeat(32)}\n`);
	});

	it('tells of content that was lost before, and goes on without it', async () => {
		const [gone, other] = [await upload('/a', 'one'), await upload('/b', 'two')];
		rmSync(room.blobs.pathOf(gone));
		writeFileSync(room.blobs.pathOf(other), 'owt');
		const { manifest } = await backUp({ link: false });
		expect(manifest.missing.count).toBe(2);
		expect(manifest.missing.some.sort()).toEqual([gone, other].sort());
		expect(manifest.contents.count).toBe(0);
		expect(await restore()).toMatchObject({ damaged: [] });
	});

	it('keeps the newest and removes what only older ones needed', async () => {
		const old = await room.upload('/old', 'old');
		const oldHash = room.db.prepare('SELECT lower(hex(sha256)) FROM blobs').pluck().get() as string;
		const shared = await upload('/shared', 'shared');
		const first = await backUp();
		await room.files.destroy({ kind: 'file', id: old.fileId, ownerSeq: 1, by: { actor: 'usr_a', address: '' } });
		const second = await backUp({ keep: 1 });
		expect((await listBackups(folder)).map(({ name }) => name)).toEqual([second.manifest.name]);
		expect(existsSync(join(layoutOf(folder).backups, first.manifest.name))).toBe(false);
		expect(existsSync(blobPath(layoutOf(folder).blobs, oldHash))).toBe(false);
		expect(existsSync(blobPath(layoutOf(folder).blobs, shared))).toBe(true);
		expect((await verifyBackup(folder)).violations).toEqual([]);
	});
});

describe('while it is taken', () => {
	it('nothing is swept that the copied ledger names, whoever sweeps', async () => {
		const { fileId } = await room.upload('/a', 'one');
		const sha256 = room.db.prepare('SELECT lower(hex(sha256)) FROM blobs').pluck().get() as string;
		const pin = await BlobPin.take(ledger);
		await room.files.destroy({ kind: 'file', id: fileId, ownerSeq: 1, by: { actor: 'usr_a', address: '' } });
		expect(await room.files.sweep.sweepIdle(Date.now() + 60_000)).toBe(0);
		expect(existsSync(room.blobs.pathOf(sha256))).toBe(true);
		await pin[Symbol.asyncDispose]();
		expect(await room.files.sweep.sweepIdle(Date.now() + 60_000)).toBe(1);
	});

	it('a pin that has run out is noticed: that backup is not finished', async () => {
		await using pin = await BlobPin.take(ledger);
		await pin.check();
		room.db.exec('UPDATE blob_pins SET expires_at = 1');
		await expect(pin.check()).rejects.toMatchObject({ code: 'backup-refused' });
	});

	it('another one into the same folder is refused', async () => {
		await backUp();
		using _ = new DataLock(layoutOf(folder).lock);
		await expect(backUp()).rejects.toThrow(/under way/);
		expect((await ledger.read(listBackupRuns, { limit: 1 }))[0]).toMatchObject({
			backup: null,
			error: expect.stringContaining('under way'),
		});
	});

	it('a cut leaves what was there, and nothing that can be restored', async () => {
		await upload('/a', 'one');
		// Cut after the ledger was copied and before the end: what was to be written last cannot be.
		const cut: Ledger = {
			read: (operation, args) => ledger.read(operation, args),
			write: (operation, args) =>
				operation.name === 'backup.renew-pin' ? Promise.reject(new Error('killed')) : ledger.write(operation, args),
			[Symbol.asyncDispose]: async () => {},
		};
		await expect(
			backUpAndRecord({ data: room.folder.path, folder, key: null, link: true, keep: null }, cut),
		).rejects.toThrow('killed');
		const { incoming } = layoutOf(folder);
		expect(readdirSync(incoming)).toHaveLength(1);
		await expect(restore()).rejects.toThrow(/was ever finished/);
		expect(existsSync(outside.join('data'))).toBe(false);
		expect((await backUp()).copied.count, 'its content was there').toBe(0);
		expect(readdirSync(incoming)).toEqual([]);
		await restore();
	});

	it('a full disk ends it with a sentence, the coordinator’s data is as before, and the next one goes on', async (context) => {
		if (!(await mayMount())) return context.skip('this account may not mount a file system');
		mkdirSync(folder);
		await using _ = (await mountSmall(folder, '16m')) as AsyncDisposable;
		await backUp();
		for (let i = 0; i < 6; i++) await upload(`/${i}`, randomBytes(1_000_000));
		{
			await using _full = await fillDisk(folder, 3_500_000);
			await expect(backUp()).rejects.toMatchObject({ code: 'disk-full' });
			expect(await listBackups(folder)).toHaveLength(1);
		}
		expect((await backUp()).copied.count).toBeLessThan(6);
		expect((await verifyBackup(folder)).violations).toEqual([]);
	});
});

describe('a folder for backups', () => {
	it('is empty, or holds this installation’s backups, and lies outside of the data', async () => {
		mkdirSync(folder);
		writeFileSync(join(folder, 'letter.txt'), 'dear');
		await expect(backUp()).rejects.toThrow(/holds other things/);
		rmSync(join(folder, 'letter.txt'));
		mkdirSync(join(folder, 'lost+found'));
		await backUp();
		room.db.exec("UPDATE installation SET id = 'another'");
		await expect(backUp()).rejects.toThrow(/another installation/);
		await expect(backUp({ folder: room.folder.join('backups') })).rejects.toThrow(/in the data folder/);
		expect(await listBackups(folder)).toHaveLength(1);
	});

	it.runIf(existsSync('/proc/self'))('that no disk takes is refused, and the coordinator can be stopped', async () => {
		await expect(backUp({ folder: '/proc/millrace/backups' })).rejects.toThrow(/cannot be made there/);
	});

	it('is not begun anew where backups were made before: its disk is not mounted', async () => {
		await backUp();
		renameSync(folder, outside.join('unmounted'));
		mkdirSync(folder);
		await expect(backUp()).rejects.toThrow(/mounted/);
		expect(readdirSync(folder)).toEqual([]);
	});
});

describe('what is damaged', () => {
	it.each([
		['manifest', (name: string) => writeFileSync(backupFiles(name).manifest, '{"format":"mill')],
		['manifest that is gone', (name: string) => rmSync(backupFiles(name).manifest)],
		[
			'ledger',
			(name: string) => {
				const bytes = readFileSync(backupFiles(name).ledger);
				bytes[5_000] = bytes[5_000]! ^ 1;
				writeFileSync(backupFiles(name).ledger, bytes);
			},
		],
		['list of contents', (name: string) => writeFileSync(backupFiles(name).contents, '')],
	])('a %s makes the backup unusable, and says so', async (_, damage) => {
		await upload('/a', 'one');
		const { manifest } = await backUp();
		damage(manifest.name);
		await expect(restore({ name: manifest.name })).rejects.toMatchObject({ code: 'backup-refused' });
		await expect(verifyBackup(folder, manifest.name)).rejects.toMatchObject({ code: 'backup-refused' });
		expect(existsSync(outside.join('data'))).toBe(false);
	});

	it.each([
		['leads out of the folder', (list: string) => list.replace('blobs/', '../blobs/'), {}],
		[
			'names what the ledger does not know',
			(list: string) => `${list}${'f'.repeat(64)}  blobs/ff/${'f'.repeat(64)}\n`,
			{},
		],
		['has another number of lines than was counted', () => '', {}],
		['has other sizes than were counted', (list: string) => list, { bytes: 4 }],
	])('a list of contents that %s makes the backup unusable, whoever wrote its hash', async (_, change, counted) => {
		await upload('/a', 'one');
		const { manifest } = await backUp();
		const { contents, manifest: file } = backupFiles(manifest.name);
		const list = change(readFileSync(contents, 'utf8'));
		writeFileSync(contents, list);
		const sha256 = createHash('sha256').update(list).digest('hex');
		writeFileSync(file, JSON.stringify({ ...manifest, contents: { ...manifest.contents, ...counted, sha256 } }));
		const refusal = { code: 'backup-refused', message: expect.stringContaining('this backup cannot be used') };
		await expect(restore()).rejects.toMatchObject(refusal);
		await expect(verifyBackup(folder)).rejects.toMatchObject(refusal);
		expect(existsSync(outside.join('data'))).toBe(false);
	});

	it('a pipe in the place of content is damage, and nobody waits for it', async () => {
		const sha256 = await upload('/a', 'one');
		await backUp();
		const path = blobPath(layoutOf(folder).blobs, sha256);
		rmSync(path);
		execFileSync('mkfifo', [path]);
		expect((await verifyBackup(folder)).violations).toEqual([expect.objectContaining({ count: 1, some: [sha256] })]);
		await expect(restore()).rejects.toThrow(/--leave-out-damaged/);
		expect((await backUp()).copied.count).toBe(1);
		expect((await verifyBackup(folder)).violations).toEqual([]);
	});

	it('content is found by verify, refused by restore, and left out when that is asked for', async () => {
		const [bad, good] = [await upload('/a', 'one'), await upload('/b', 'two')];
		await backUp({ link: false });
		writeFileSync(blobPath(layoutOf(folder).blobs, bad), 'eno');
		expect((await verifyBackup(folder)).violations).toEqual([expect.objectContaining({ count: 1, some: [bad] })]);
		await expect(restore()).rejects.toThrow(/--leave-out-damaged/);
		// Nothing starts on what is half restored, and the same call goes on.
		expect(halfRestored(outside.join('data'))).not.toBeNull();
		expect(() => refuseHalfRestored(outside.join('data'))).toThrow(/goes on/);
		expect(await restore({ leaveOutDamaged: true })).toMatchObject({ damaged: [bad] });
		expect(halfRestored(outside.join('data'))).toBeNull();
		expect(existsSync(blobPath(outside.join('data', 'blobs'), good))).toBe(true);
	});
});

describe('content that rotted in the folder', () => {
	const rot = async () => {
		const sha256 = await upload('/a', 'one');
		await backUp({ link: false });
		const path = blobPath(layoutOf(folder).blobs, sha256);
		writeFileSync(path, 'eno');
		return path;
	};

	it('is copied anew by a backup that checks', async () => {
		const path = await rot();
		expect(await backUp({ link: false, check: true })).toMatchObject({ mended: 1, copied: { count: 1, bytes: 3 } });
		expect(readFileSync(path, 'utf8')).toBe('one');
		expect((await verifyBackup(folder)).violations).toEqual([]);
		expect(await backUp({ link: false, check: true })).toMatchObject({ mended: 0, copied: { count: 0 } });
	});

	it.each([
		['is long ago', JSON.stringify({ at: new Date(Date.now() - 8 * 86_400_000).toISOString() })],
		['lies in the future', JSON.stringify({ at: '2999-01-01T00:00:00.000Z' })],
		['cannot be read', '{"at":'],
	])('is copied anew by itself when the last check %s', async (_, text) => {
		await rot();
		expect(await backUp({ link: false })).toMatchObject({ mended: 0 });
		writeFileSync(layoutOf(folder).checked, text);
		expect(await backUp({ link: false })).toMatchObject({ mended: 1 });
		expect(Date.parse(JSON.parse(readFileSync(layoutOf(folder).checked, 'utf8')).at)).toBeLessThanOrEqual(Date.now());
	});

	it('is no content of the next backup when the original is damaged too', async () => {
		const path = await rot();
		writeFileSync(room.blobs.pathOf(path.slice(-64)), 'neo');
		const { manifest, mended } = await backUp({ check: true });
		expect([manifest.missing.count, manifest.contents.count, mended]).toEqual([1, 0, 0]);
	});
});

/** A data folder as an older Millrace has left it: the same people, files and contents, in the schema of then. */
const olderFolder = (schema: number): string => {
	const data = outside.join('older');
	mkdirSync(data);
	symlinkSync(room.folder.join('blobs'), join(data, 'blobs'));
	const db = new Database(join(data, 'ledger.db'));
	db.pragma('journal_mode = WAL');
	for (const { sql } of MIGRATIONS.slice(0, schema)) db.exec(sql);
	db.pragma(`application_id = ${APPLICATION_ID}`);
	db.pragma(`user_version = ${schema}`);
	db.exec(`ATTACH '${room.folder.join('ledger.db')}' AS now`);
	for (const table of ['users', 'folders', 'blobs', 'files', 'file_versions', 'storage_use']) {
		const columns = (db.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name).join(', ');
		db.exec(`INSERT OR IGNORE INTO main.${table} (${columns}) SELECT ${columns} FROM now.${table}`);
	}
	db.close();
	return data;
};
const schemaOf = (file: string): number => {
	const db = new Database(file, { readonly: true });
	try {
		return db.pragma('user_version', { simple: true }) as number;
	} finally {
		db.close();
	}
};

describe('a restore', () => {
	it('brings what an older Millrace has backed up to the schema of this one, and leaves the backup as it is', async () => {
		await upload('/a', 'one');
		await upload('/b', 'two');
		// Before there was accounting.
		const older = olderFolder(17);
		const { manifest } = await takeBackup({ data: older, folder, key: null, link: true }, ledger);
		const before = readFileSync(backupFiles(manifest.name).ledger);
		await restore();
		const data = outside.join('data');
		expect([schemaOf(backupFiles(manifest.name).ledger), schemaOf(join(data, 'ledger.db'))]).toEqual([
			17,
			SCHEMA_VERSION,
		]);
		expect(readFileSync(backupFiles(manifest.name).ledger).equals(before)).toBe(true);
		expect(readdirSync(data).filter((name) => name.includes('schema'))).toEqual([]);
		expect(await invariantViolations({ data, settled: false })).toEqual([]);
		const db = new Database(join(data, 'ledger.db'), { readonly: true });
		expect(db.prepare('SELECT name FROM files ORDER BY name').pluck().all()).toEqual(['a', 'b']);
		db.close();
	});

	it('of a newer Millrace’s backup is refused before anything is made', async () => {
		const { manifest } = await backUp();
		const { manifest: file } = backupFiles(manifest.name);
		writeFileSync(file, JSON.stringify({ ...manifest, schema: SCHEMA_VERSION + 1, version: '99.0.0' }));
		await expect(restore()).rejects.toThrow(/made by Millrace 99\.0\.0, .*newer one/);
		expect(existsSync(outside.join('data'))).toBe(false);
	});

	it('is refused on a running coordinator’s folder, and on one that is not empty', async () => {
		await backUp();
		const data = outside.join('data');
		mkdirSync(data);
		{
			using _ = new DataLock(join(data, 'coordinator.lock'));
			await expect(restore()).rejects.toThrow(/Another coordinator/);
		}
		writeFileSync(join(data, 'ledger.db'), '');
		await expect(restore()).rejects.toThrow(/not empty/);
		await expect(restore({ data: room.folder.path })).rejects.toThrow(/not empty/);
	});

	it('goes on with the backup that it began with, though there is a newer one by now', async () => {
		await upload('/a', 'one');
		const { manifest } = await backUp();
		const data = outside.join('data');
		mkdirSync(data);
		writeFileSync(join(data, 'restore.json'), JSON.stringify({ backup: manifest.name }));
		await upload('/b', 'two');
		const newer = await backUp();
		await expect(restore({ name: newer.manifest.name })).rejects.toThrow(/holds half of the backup/);
		expect((await restore()).manifest.name).toBe(manifest.name);
	});
});
