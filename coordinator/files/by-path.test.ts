import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blobFaults } from '../../test/support/check-blobs.ts';
import { addFacts, addVersion, FileRoom } from '../../test/support/file-room.ts';
import type { TransferRequest } from './by-path.ts';
import { NO_CONDITION } from './condition.ts';
import { copyFolderPage } from './folder-copy-store.ts';
import { takeLock } from './lock-operation-store.ts';
import { parsePath } from './safe-path.ts';

const BY = { actor: 'usr_a', address: '127.0.0.1' };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let room: FileRoom;
beforeEach(async () => {
	room = await FileRoom.open();
});
afterEach(async () => {
	expect(await blobFaults(room.db, room.folder.path, true)).toEqual([]);
	await room[Symbol.asyncDispose]();
});

const transfer = (how: 'copy' | 'move', from: string, to: string, more: Partial<TransferRequest> = {}) =>
	room.files.transfer({
		...{ how, ownerSeq: 1, by: BY, from: parsePath(from), to: parsePath(to) },
		...{ tokens: [], overwrite: true, isDeep: true, ...more },
	});
const remove = (path: string, tokens: string[] = [], condition = NO_CONDITION) =>
	room.files.removeAt({ ownerSeq: 1, by: BY, names: parsePath(path), tokens, condition });
const lock = async (path: string, isDeep = false) => {
	const own = { token: `urn:uuid:${path}`, names: parsePath(path), isExclusive: true, isDeep, holder: null };
	await room.ledger.write(takeLock, { ownerSeq: 1, lock: { ...own, expiresAt: Date.now() + 600_000 }, now: 0 });
	return own.token;
};
const locks = () => room.db.prepare('SELECT path FROM drive_locks ORDER BY path').pluck().all();
const contentAt = async (path: string) => (await room.files.contentAt(1, parsePath(path)))?.sha256 ?? null;
const trash = async () => (await room.files.listTrash(1, { limit: 100 })).items.map(({ path }) => path);
const audited = () =>
	room.db.prepare(
		`SELECT action || ' ' || coalesce(detail ->> '$.to', detail ->> '$.path') FROM audit_log ORDER BY seq`,
	);
const give = (path: string, name: string, value: string) =>
	room.db
		.prepare(`INSERT INTO drive_properties (owner_seq, file_seq, folder_seq, namespace, name, value)
			VALUES (1, (SELECT seq FROM files WHERE name = @own), (SELECT seq FROM folders WHERE name = @own), 'urn:x', @name, @value)`)
		.run({ own: parsePath(path).at(-1), name, value });
const properties = () =>
	room.db
		.prepare(`SELECT coalesce((SELECT name FROM files WHERE seq = file_seq), (SELECT name FROM folders WHERE seq = folder_seq))
			|| ' ' || name || '=' || value FROM drive_properties ORDER BY seq`)
		.pluck()
		.all();
const happenings = () =>
	room.db
		.prepare(
			`SELECT kind, detail ->> '$.event', detail ->> '$.version', detail ->> '$.from' FROM happenings ORDER BY seq`,
		)
		.raw()
		.all();

describe('a move', () => {
	test('to a free name takes everything along, and ends locks on and below', async () => {
		const { fileId } = await room.upload('/a/f', 'one');
		give('/a/f', 'color', 'red');
		const token = await lock('/a', true);
		await lock('/ab');
		await expect(transfer('move', '/a', '/b')).rejects.toMatchObject({ code: 'locked' });
		expect(await transfer('move', '/a', '/b', { tokens: [token] })).toEqual({ replaced: false });
		expect(locks()).toEqual(['/ab']);
		expect((await room.files.find('file', fileId))?.path).toBe('/b/f');
		expect(properties()).toEqual(['f color=red']);
		expect(happenings()).toEqual([['folder.placed', null, null, '/a']]);
		expect(room.changes.at(-1)).toMatchObject({ path: '/b', gone: false });
		await transfer('move', '/b/f', '/g');
		expect(happenings().at(-1)).toEqual(['file.placed', 'upload', 1, '/b/f']);
		expect(audited().pluck().all()).toEqual(['folder.move /b', 'file.move /g']);
	});

	test('of a file onto a file is its next version, and nothing is left of the other', async () => {
		const old = await room.upload('/letter', 'old');
		const next = await room.upload('/letter.new', 'new');
		await room.ledger.write(addFacts, { fileSeq: next.fileSeq, version: 1, facts: { md5: 'x' } });
		give('/letter', 'gone', '1');
		give('/letter.new', 'kept', '2');
		room.policies.give(1, { quotas: { storedBytes: 6, files: 2 } });
		expect(await transfer('move', '/letter.new', '/letter')).toEqual({ replaced: true });
		const { detail } = (await room.files.detail(old.fileId))!;
		expect(detail).toMatchObject({ path: '/letter', version: 2, sha256: sha256('new'), facts: { md5: 'x' } });
		expect(await room.files.detail(next.fileId)).toBeNull();
		expect(properties()).toEqual(['letter kept=2']);
		expect(await room.list()).toEqual(['/letter']);
		expect(happenings()).toEqual([['file.placed', 'update', 2, null]]);
		expect(await room.files.storageOf(1)).toMatchObject({ files: 1, usedBytes: 6 });
	});

	test('of a file with a history onto a file leaves that in the trash', async () => {
		await room.upload('/a', 'one');
		await room.upload('/a', 'two');
		await room.upload('/b', 'old');
		await transfer('move', '/a', '/b');
		expect(await contentAt('/b')).toBe(sha256('two'));
		expect(await trash()).toEqual(['/a']);
	});

	test('onto what is no file of the same kind puts that into the trash', async () => {
		await room.upload('/folder/x', 'x');
		await room.upload('/f', 'f');
		expect(await transfer('move', '/f', '/folder')).toEqual({ replaced: true });
		expect(await contentAt('/folder')).toBe(sha256('f'));
		await room.upload('/other/y', 'y');
		await transfer('move', '/other', '/folder');
		expect(await room.list('/folder')).toEqual(['/folder/y']);
		expect((await trash()).sort()).toEqual(['/folder', '/folder']);
	});
});

describe('a copy', () => {
	test('of a file refers to the same content, knows the same of it, and is a file of its own', async () => {
		const { fileSeq } = await room.upload('/a', 'one');
		const thumbnail = await room.upload('/small', 'small');
		await room.ledger.write(addFacts, {
			...{ fileSeq, version: 1, facts: { md5: 'x' } },
			thumbnail: { sha256: sha256('small'), size: 5, mediaType: 'image/webp' },
		});
		give('/a', 'color', 'red');
		await transfer('copy', '/a', '/b');
		const copy = (await room.files.detail(room.changes.at(-1)!.id))!.detail;
		expect(copy).toMatchObject({ path: '/b', version: 1, sha256: sha256('one'), facts: { md5: 'x' } });
		expect(copy.thumbnail).not.toBeNull();
		expect(properties()).toEqual(['a color=red', 'b color=red']);
		expect(happenings()).toEqual([['file.placed', 'upload', 1, null]]);
		await room.files.destroy({ kind: 'file', id: thumbnail.fileId, ownerSeq: 1, by: BY });
		await transfer('copy', '/a', '/b');
		expect(copy.version).toBe(1);
		expect(happenings().at(-1)).toEqual(['file.placed', 'update', 2, null]);
		expect(await room.list()).toEqual(['/a', '/b']);
	});

	test('of what bears properties is refused when a person’s take too much, and moves go on', async () => {
		await room.upload('/a/f', 'one');
		await room.upload('/plain', 'two');
		give('/a/f', 'color', 'red');
		room.db.exec('UPDATE drive_property_use SET bytes = 300000000');
		const tooMuch = expect.objectContaining({ code: 'property-limit' });
		await expect(transfer('copy', '/a/f', '/b')).rejects.toEqual(tooMuch);
		await expect(transfer('copy', '/a', '/c')).rejects.toEqual(tooMuch);
		expect(await trash()).toEqual([]);
		await transfer('copy', '/plain', '/d');
		await transfer('move', '/a/f', '/plain');
		expect(properties()).toEqual(['plain color=red']);
	});

	test('of a folder comes whole, however large it is, and replaces what was there', async () => {
		for (const name of ['1', '2', '3']) await room.upload(`/a/deep/${name}`, name);
		await room.files.makeFolder(1, ['a', 'empty']);
		room.db.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
			INSERT INTO files (id, owner_seq, folder_seq, name, version, created_at, modified_at)
			SELECT 'fil_' || i, 1, (SELECT seq FROM folders WHERE name = 'a'), printf('f%04d', i), 1, 1, 1 FROM n;
			INSERT INTO file_versions (file_seq, number, blob_seq, created_at, created_by)
			SELECT seq, 1, (SELECT min(seq) FROM blobs), 1, 1 FROM files WHERE name LIKE 'f____';
			UPDATE blobs SET refs = refs + 1200 WHERE seq = (SELECT min(seq) FROM blobs)`);
		give('/a/deep', 'color', 'red');
		await room.upload('/b/old', 'old');
		expect(await transfer('copy', '/a', '/b')).toEqual({ replaced: true });
		expect(await room.list('/b/deep')).toEqual(['/b/deep/1', '/b/deep/2', '/b/deep/3']);
		expect(await room.list('/b/empty')).toEqual([]);
		expect(await trash()).toEqual(['/b']);
		expect(room.count(`SELECT count(*) FROM files WHERE trashed_at IS NULL`)).toBe(2 * 1203 + 1);
		expect(properties()).toEqual(['deep color=red', 'deep color=red']);
		expect(happenings()).toEqual([['folder.placed', null, null, null]]);
		expect(audited().pluck().all().at(-1)).toBe('folder.copy /b');
		await transfer('copy', '/a', '/flat', { isDeep: false });
		expect(await room.list('/flat')).toEqual([]);
	});

	test('that cannot be finished leaves what was there, and nothing of itself', async () => {
		for (const name of ['1', '2', '3']) await room.upload(`/a/${name}`, name);
		await room.upload('/b/old', 'old');
		room.policies.give(1, { quotas: { storedBytes: null, files: 6 } });
		await expect(transfer('copy', '/a', '/b')).rejects.toMatchObject({ code: 'quota-exceeded' });
		await expect(transfer('copy', '/a/1', '/c')).resolves.toBeDefined();
		await expect(transfer('copy', '/a/1', '/d')).resolves.toBeDefined();
		await expect(transfer('copy', '/a/1', '/e')).rejects.toMatchObject({ code: 'quota-exceeded' });
		room.policies.give(1, { quotas: { storedBytes: null, files: null } });
		// Destroyed under way, as by somebody who empties the trash.
		const write = room.ledger.write.bind(room.ledger);
		room.ledger.write = (async (operation: never, args: never) => {
			if (operation === copyFolderPage) room.db.exec('DELETE FROM folders WHERE trashed_at IS NOT NULL');
			return write(operation, args);
		}) as typeof room.ledger.write;
		await expect(transfer('copy', '/a', '/b')).rejects.toMatchObject({ code: 'not-found' });
		expect(await room.list('/b')).toEqual(['/b/old']);
		expect(await trash()).toEqual([]);
		expect(room.count('SELECT count(*) FROM files')).toBe(6);
	});
});

describe('both', () => {
	test.each(['copy', 'move'] as const)(
		'refuse what has no source, no folder, a name that is taken, and circles: %s',
		async (how) => {
			await room.upload('/a/b/f', 'x');
			await room.upload('/g', 'g');
			const refused = (from: string, to: string, more: Partial<TransferRequest> = {}) =>
				transfer(how, from, to, more).then(
					() => 'done',
					(error) => error.code,
				);
			expect(await refused('/nothing', '/h')).toBe('not-found');
			expect(await refused('/g', '/no/h')).toBe('conflict');
			expect(await refused('/g', '/a/b/f/h')).toBe('not-a-folder');
			expect(await refused('/g', '/a', { overwrite: false })).toBe('precondition-failed');
			expect(await refused('/a', '/g', { overwrite: false })).toBe('precondition-failed');
			for (const [from, to] of [
				['/a', '/a'],
				['/a', '/a/b/c'],
				['/a/b', '/a'],
				['/', '/h'],
				['/a', '/'],
			] as const) {
				expect(await refused(from, to)).toBe('forbidden');
			}
			expect(await refused('/g', '/h', { ownerSeq: 2 })).toBe('not-found');
			await lock('/a/b/f');
			expect(await refused('/g', '/a')).toBe('locked');
			expect(await refused('/g', '/a/b/f')).toBe('locked');
			expect(await room.list()).toEqual(['/a/', '/g']);
			expect(await room.list('/a/b')).toEqual(['/a/b/f']);
			expect(await trash()).toEqual([]);
		},
	);

	test('take the inbox as there', async () => {
		await room.upload('/a', 'x');
		room.db.exec(`INSERT INTO recipes (id, owner_seq, name, name_key, version, body, created_at, updated_at)
			VALUES ('rcp_x', 1, 'Small: *', 'small', 1, '{}', 1, 1)`);
		await expect(transfer('move', '/a', '/_inbox/Other/a')).rejects.toMatchObject({ code: 'conflict' });
		await transfer('move', '/a', '/_inbox/Small- -/a');
		expect(await room.list('/_inbox')).toEqual(['/_inbox/Small- -/']);
	});
});

describe('what is taken away', () => {
	test('goes into the trash with its locks, when the client holds them and the condition is met', async () => {
		await room.upload('/a/f', 'x');
		const token = await lock('/a/f');
		await expect(remove('/a')).rejects.toMatchObject({ code: 'locked' });
		const other = { ifMatch: [sha256('y')], ifNoneMatch: null };
		await expect(remove('/a/f', [token], other)).rejects.toMatchObject({ code: 'precondition-failed' });
		await expect(remove('/a/g')).rejects.toMatchObject({ code: 'not-found' });
		await remove('/a', [token]);
		expect(await trash()).toEqual(['/a']);
		expect(locks()).toEqual([]);
	});

	test('is destroyed when nobody would look for it', async () => {
		await room.upload('/.DS_Store', 'x');
		const empty = await room.upload('/empty', '');
		await room.upload('/meant', '');
		room.db.exec(
			`INSERT INTO unsettled_files VALUES (${empty.fileSeq}, 1, 'upload', NULL, 1, NULL, ${Date.now() + 600_000})`,
		);
		for (const path of ['/.DS_Store', '/empty', '/meant']) await remove(path);
		expect(await trash()).toEqual(['/meant']);
		expect(audited().pluck().all()).toEqual(['file.destroy /.DS_Store', 'file.destroy /empty', 'file.trash /meant']);
	});

	test('and locks go with it through every door', async () => {
		const { fileId } = await room.upload('/a/f', 'x');
		await lock('/a/f');
		await room.files.move({ kind: 'file', id: fileId, ownerSeq: 1, by: BY }, ['b']);
		expect(locks()).toEqual([]);
		await lock('/b');
		await room.files.trash({ kind: 'file', id: fileId, ownerSeq: 1, by: BY });
		expect(locks()).toEqual([]);
		const again = await room.upload('/b', 'x');
		await lock('/b');
		await room.files.destroy({ kind: 'file', id: again.fileId, ownerSeq: 1, by: BY });
		expect(locks()).toEqual([]);
	});
});

test('a folder is made once, below one that is there, by whoever holds what guards that', async () => {
	const make = (path: string, tokens: string[] = []) =>
		room.files.makeFolderAt({ ownerSeq: 1, names: parsePath(path), tokens });
	await make('/a');
	await room.upload('/f', 'x');
	for (const path of ['/a', '/f']) await expect(make(path)).rejects.toMatchObject({ code: 'name-taken' });
	await expect(make('/b/c')).rejects.toMatchObject({ code: 'conflict' });
	await expect(make('/f/c')).rejects.toMatchObject({ code: 'not-a-folder' });
	const token = await lock('/a');
	await expect(make('/a/b')).rejects.toMatchObject({ code: 'locked' });
	await make('/a/b', [token]);
	expect(await room.list('/a')).toEqual(['/a/b/']);
	expect(room.changes.at(-1)).toMatchObject({ path: '/a/b', gone: false });
});

test('an upload is refused for the same reason before its bytes flow and in the end', async () => {
	await room.upload('/f', 'x');
	await lock('/f');
	room.policies.give(1, { quotas: { storedBytes: 1 } });
	const wanted = { names: ['f'], condition: NO_CONDITION, drive: { tokens: [] } };
	const locked = { code: 'locked' };
	await expect(room.files.checkUpload(1, wanted, 9)).rejects.toMatchObject(locked);
	const version = {
		...wanted,
		ownerSeq: 1,
		sha256: sha256('y'),
		size: 9,
		now: Date.now(),
		quota: room.files.quotaOf(1),
	};
	await expect(room.ledger.write(addVersion, version)).rejects.toMatchObject(locked);
});
