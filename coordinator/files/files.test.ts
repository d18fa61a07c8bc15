import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobFaults } from '../../test/support/check-blobs.ts';
import { addFacts, FileRoom } from '../../test/support/file-room.ts';
import { NO_CONDITION } from './condition.ts';
import { resolveInputs } from './input-store.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const ada = { actor: 'usr_a', address: '127.0.0.1' };
const file = (id: string) => ({ kind: 'file' as const, id, ownerSeq: 1, by: ada });
const folder = (id: string) => ({ kind: 'folder' as const, id, ownerSeq: 1, by: ada });

let room: FileRoom;
beforeEach(async () => {
	room = await FileRoom.open();
});
afterEach(async () => {
	// Whatever a test did: references are counted right, and rows and files agree.
	expect(await blobFaults(room.db, room.folder.path, true)).toEqual([]);
	await room[Symbol.asyncDispose]();
});

const folderId = async (path: string): Promise<string> =>
	(await room.files.makeFolder(1, path.slice(1).split('/'))).folder.id;

describe('an upload', () => {
	it('makes missing folders and the first version, then further versions', async () => {
		const first = await room.upload('/a/b/c.txt', 'one');
		expect(first).toMatchObject({ path: '/a/b/c.txt', version: 1, revision: 1, created: true });
		const second = await room.upload('/a/b/c.txt', 'two');
		expect(second).toMatchObject({ fileId: first.fileId, version: 2, revision: 2, created: false });
		const detail = (await room.files.detail(first.fileId))!.detail;
		expect(detail).toMatchObject({ path: '/a/b/c.txt', name: 'c.txt', size: 3, sha256: sha256('two'), version: 2 });
		expect(detail.versions.map((v) => [v.number, v.sha256, v.createdBy])).toEqual([
			[2, sha256('two'), 'ada'],
			[1, sha256('one'), 'ada'],
		]);
	});

	it('to one name at once becomes as many versions', async () => {
		const all = await Promise.all(Array.from({ length: 8 }, (_, i) => room.upload('/x', `content ${i}`)));
		expect(all.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
		expect(new Set(all.map(({ fileId }) => fileId)).size).toBe(1);
	});

	it('tells names apart by case, but not by Unicode form', async () => {
		const nfc = await room.upload('/Caf\u00e9', 'one');
		expect(await room.upload('/Cafe\u0301', 'two')).toMatchObject({ fileId: nfc.fileId, version: 2 });
		expect(await room.upload('/caf\u00e9', 'three')).toMatchObject({ version: 1 });
	});

	it('where a folder is, or below a file, is refused and leaves nothing', async () => {
		await room.upload('/a/b', 'one');
		await expect(room.upload('/a', 'refused')).rejects.toMatchObject({ code: 'is-a-folder' });
		await expect(room.upload('/a/b/c', 'refused')).rejects.toMatchObject({ code: 'not-a-folder' });
		await expect(room.upload('/', 'refused')).rejects.toMatchObject({ code: 'bad-path' });
		expect(await room.list('/a')).toEqual(['/a/b']);
		expect(existsSync(room.blobs.pathOf(sha256('refused')))).toBe(false);
	});

	it('that fails leaves content alone which another one has brought', async () => {
		await room.upload('/kept', 'same');
		await expect(room.upload('/', 'same')).rejects.toMatchObject({ code: 'bad-path' });
		expect(existsSync(room.blobs.pathOf(sha256('same')))).toBe(true);
	});

	it('keeps its conditions', async () => {
		const absent = { ifMatch: null, ifNoneMatch: '*' } as const;
		const newest = (text: string) => ({ ifMatch: [sha256(text)], ifNoneMatch: null });
		const refused = { code: 'precondition-failed' };
		await expect(room.upload('/f', 'x', { condition: newest('one') })).rejects.toMatchObject(refused);
		await expect(
			room.upload('/f', 'x', { condition: { ...absent, ifMatch: '*', ifNoneMatch: null } }),
		).rejects.toMatchObject(refused);
		await room.upload('/f', 'one', { condition: absent });
		await expect(room.upload('/f', 'x', { condition: absent })).rejects.toMatchObject(refused);
		await expect(room.files.checkUpload(1, { names: ['f'], condition: absent }, 1)).rejects.toMatchObject(refused);
		await room.files.checkUpload(1, { names: ['g'], condition: absent }, 1);
		await room.upload('/f', 'two', { condition: newest('one') });
		await expect(room.upload('/f', 'x', { condition: newest('one') })).rejects.toMatchObject(refused);
		const other = { ifMatch: null, ifNoneMatch: [sha256('two')] };
		await expect(room.upload('/f', 'two', { condition: other })).rejects.toMatchObject(refused);
		await room.upload('/f', 'three', { condition: { ifMatch: null, ifNoneMatch: [sha256('one')] } });
	});

	it('with a condition wins once when many race', async () => {
		const condition = { ...NO_CONDITION, ifNoneMatch: '*' as const };
		const all = await Promise.allSettled(Array.from({ length: 6 }, (_, i) => room.upload('/f', `${i}`, { condition })));
		expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
	});
});

describe('a list', () => {
	it('shows folders first, then files, each by name, in pages that miss and repeat nothing', async () => {
		for (const name of ['b', 'a', 'Z', 'é']) await room.upload(`/list/${name}.txt`, name);
		for (const name of ['d2', 'd1']) await room.files.makeFolder(1, ['list', name]);
		await room.upload('/list/d1/inside.txt', 'x');
		const whole = ['/list/d1/', '/list/d2/', '/list/Z.txt', '/list/a.txt', '/list/b.txt', '/list/é.txt'];
		expect(await room.list('/list')).toEqual(whole);
		for (const limit of [1, 2, 3, 5, 6]) {
			const seen: string[] = [];
			for (let cursor: string | undefined, more = true; more; ) {
				const page = await room.files.listFolder(1, ['list'], { limit, cursor });
				expect(page.items.length).toBeLessThanOrEqual(limit);
				seen.push(...page.items.map((item) => (item.kind === 'folder' ? `${item.path}/` : item.path)));
				cursor = page.nextCursor ?? undefined;
				more = cursor !== undefined;
			}
			expect(seen).toEqual(whole);
		}
	});

	it('refuses made-up cursors, missing folders and files', async () => {
		await room.upload('/f', 'x');
		for (const cursor of ['x', 'e30', Buffer.from('["file"]').toString('base64url'), '']) {
			await expect(room.files.listFolder(1, [], { limit: 1, cursor })).rejects.toMatchObject({ code: 'bad-cursor' });
		}
		await expect(room.list('/nowhere')).rejects.toMatchObject({ code: 'not-found' });
		await expect(room.list('/nowhere/deep')).rejects.toMatchObject({ code: 'not-found' });
		await expect(room.list('/f')).rejects.toMatchObject({ code: 'not-a-folder' });
	});

	it('never shows what is another person’s', async () => {
		const { fileId } = await room.upload('/secret/f', 'x');
		expect(await room.list('/', 2)).toEqual([]);
		expect(await room.files.contentAt(2, ['secret', 'f'])).toBeNull();
		await expect(room.files.trash({ ...file(fileId), ownerSeq: 2 })).rejects.toMatchObject({ code: 'not-found' });
		expect(await room.ledger.read(resolveInputs, { ownerSeq: 2, inputs: [{ file: fileId }] })).toEqual([null]);
	});

	it('has the tasks of the newest versions', async () => {
		const { fileId, fileSeq } = await room.upload('/f', 'one');
		await room.upload('/f', 'two');
		room.db.exec(`INSERT INTO task_types (seq, name, version, manifest) VALUES (1, 'md5', 1, '{}')`);
		const insert = room.db.prepare(
			`INSERT INTO tasks (id, owner_seq, type_seq, state, version, routing_key, priority, parameters, inputs, file_seq, created_at)
			 VALUES (?, 1, 1, 'queued', 3, 'normal.md5', 4, '{}', ?, ?, 1)`,
		);
		for (const version of [1, 2, 2]) {
			const id = `tsk_${version}_${room.count('SELECT count(*) FROM tasks')}`;
			insert.run(id, JSON.stringify([{ file: fileId, version }]), fileSeq);
		}
		const [item] = (await room.files.listFolder(1, [], { limit: 10 })).items;
		expect(item).toMatchObject({
			tasks: [
				{ id: 'tsk_2_1', type: 'md5', state: 'queued', version: 3, progress: null },
				{ id: 'tsk_2_2', type: 'md5', state: 'queued', version: 3, progress: null },
			],
		});
		expect((await room.files.detail(fileId))?.detail.tasks).toHaveLength(2);
	});
});

describe('the trash', () => {
	it('takes a file out of sight and gives it back', async () => {
		const { fileId } = await room.upload('/a/f.txt', 'one');
		await room.files.trash(file(fileId));
		await room.files.trash(file(fileId));
		expect(await room.list('/a')).toEqual([]);
		expect(await room.files.contentAt(1, ['a', 'f.txt'])).toBeNull();
		expect((await room.files.listTrash(1, { limit: 9 })).items).toMatchObject([{ kind: 'file', path: '/a/f.txt' }]);
		expect((await room.files.detail(fileId))!.detail.trashedAt).not.toBeNull();
		expect(await room.ledger.read(resolveInputs, { ownerSeq: 1, inputs: [{ file: fileId }] })).toEqual([null]);
		await room.files.restore(file(fileId), { rename: false });
		expect(await room.list('/a')).toEqual(['/a/f.txt']);
		expect(room.changes.slice(-2)).toMatchObject([
			{ id: fileId, revision: 2, path: '/a/f.txt', gone: true },
			{ id: fileId, revision: 3, path: '/a/f.txt', gone: false },
		]);
	});

	it('says when the name is taken at restore, or takes a free one', async () => {
		const { fileId } = await room.upload('/f.tar', 'one');
		await room.files.trash(file(fileId));
		await room.upload('/f.tar', 'two');
		await room.upload('/f (2).tar', 'three');
		await expect(room.files.restore(file(fileId), { rename: false })).rejects.toMatchObject({ code: 'name-taken' });
		await room.files.restore(file(fileId), { rename: true });
		expect(await room.list()).toEqual(['/f (2).tar', '/f (3).tar', '/f.tar']);
	});

	it('takes a folder with all that is in it, and makes folders that are missing at restore', async () => {
		const { fileId } = await room.upload('/a/b/f', 'one');
		const early = await room.upload('/a/b/early', 'two');
		await room.files.trash(file(early.fileId));
		await room.files.trash(folder(await folderId('/a/b')));
		expect(await room.list('/a')).toEqual([]);
		expect((await room.files.detail(fileId))!.detail).toMatchObject({ path: '/a/b/f' });
		expect((await room.files.detail(fileId))!.detail.trashedAt).not.toBeNull();
		await expect(room.files.restore(file(fileId), { rename: false })).rejects.toMatchObject({ code: 'wrong-state' });
		await expect(room.files.move(file(fileId), ['x'])).rejects.toMatchObject({ code: 'wrong-state' });
		expect(await room.ledger.read(resolveInputs, { ownerSeq: 1, inputs: [{ file: fileId }] })).toEqual([null]);
		const [trashed] = (await room.files.listTrash(1, { limit: 1 })).items;
		expect(trashed).toMatchObject({ kind: 'folder', path: '/a/b' });
		await room.files.destroy(folder(await folderId('/a')));
		expect(await room.list()).toEqual([]);
		// Its folder went, but what had been put into the trash on its own has its own way back.
		await room.files.restore(folder(trashed!.id), { rename: false });
		await room.files.restore(file(early.fileId), { rename: false });
		expect(await room.list('/a/b')).toEqual(['/a/b/early', '/a/b/f']);
	});

	it('is listed in pages, the newest first', async () => {
		for (let i = 0; i < 5; i++) await room.files.trash(file((await room.upload(`/f${i}`)).fileId));
		await room.files.trash(folder(await folderId('/d')));
		const seen: string[] = [];
		for (let cursor: string | undefined, more = true; more; ) {
			const page = await room.files.listTrash(1, { limit: 2, cursor });
			seen.push(...page.items.map(({ id }) => id));
			cursor = page.nextCursor ?? undefined;
			more = cursor !== undefined;
		}
		expect(new Set(seen).size).toBe(6);
		const all = (await room.files.listTrash(1, { limit: 9 })).items.map(({ id }) => id);
		expect(seen).toEqual(all);
	});
});

describe('destroying', () => {
	it('lets go of content, thumbnails and rows, step by step for a large folder', async () => {
		const { fileSeq, fileId } = await room.upload('/big/first', 'one');
		await room.upload('/big/first', 'two');
		const thumbnail = await room.upload('/thumb', 'thumb');
		await room.ledger.write(addFacts, {
			fileSeq,
			version: 2,
			thumbnail: { sha256: sha256('thumb'), size: 5, mediaType: 'image/webp' },
		});
		for (let i = 0; i < 30; i++) await room.upload(`/big/deep/${i}`, `${i % 7}`);
		await room.files.destroy(folder(await folderId('/big')));
		expect(await room.list()).toEqual(['/thumb']);
		expect(room.count('SELECT count(*) FROM file_versions')).toBe(1);
		expect(room.count('SELECT count(*) FROM folders')).toBe(0);
		expect(room.count('SELECT count(*) FROM blobs WHERE refs = 0 AND idle_since IS NOT NULL')).toBe(9);
		expect(await room.files.detail(fileId)).toBeNull();
		await room.files.destroy(file(thumbnail.fileId));
		await expect(room.files.destroy(file(thumbnail.fileId))).rejects.toMatchObject({ code: 'not-found' });
		expect(room.count('SELECT count(*) FROM blobs WHERE refs <> 0')).toBe(0);
	});

	it('never gives a seq to another file, because tasks remember it', async () => {
		const { fileSeq, fileId } = await room.upload('/f');
		await room.files.destroy(file(fileId));
		expect((await room.upload('/g')).fileSeq).toBeGreaterThan(fileSeq);
	});

	it('goes with the owner, references and all', async () => {
		await room.upload('/f', 'shared');
		await room.upload('/f', 'shared', { ownerSeq: 2 });
		room.db.pragma('foreign_keys = ON');
		room.db.exec('DELETE FROM users WHERE seq = 1');
		expect(room.count('SELECT refs FROM blobs')).toBe(1);
	});
});

describe('moving', () => {
	it('renames and moves files and folders with all that is in them, making missing folders', async () => {
		const { fileId } = await room.upload('/a/f', 'one');
		await room.files.move(file(fileId), ['b', 'c', 'g']);
		expect(await room.list('/b/c')).toEqual(['/b/c/g']);
		await room.files.move(folder(await folderId('/b')), ['a', 'moved']);
		expect((await room.files.detail(fileId))!.detail.path).toBe('/a/moved/c/g');
		await room.files.move(file(fileId), ['a', 'moved', 'c', 'g']);
		expect(room.changes.map(({ path, gone }) => [path, gone])).toEqual([
			['/b/c/g', false],
			['/a/moved', false],
		]);
	});

	it('refuses a taken name, itself, and paths that get too deep', async () => {
		const { fileId } = await room.upload('/a/f', 'one');
		await room.upload('/g', 'two');
		await expect(room.files.move(file(fileId), ['g'])).rejects.toMatchObject({ code: 'name-taken' });
		await expect(room.files.move(file(fileId), ['a'])).rejects.toMatchObject({ code: 'name-taken' });
		await expect(room.files.move(file(fileId), ['g', 'x'])).rejects.toMatchObject({ code: 'not-a-folder' });
		const a = folder(await folderId('/a'));
		await expect(room.files.move(a, ['a', 'b', 'c'])).rejects.toMatchObject({ code: 'conflict' });
		await expect(room.files.move(a, Array(64).fill('d'))).rejects.toMatchObject({ code: 'bad-path' });
		const long = Array(16).fill('x'.repeat(255));
		await expect(room.files.move(a, long.slice(0, 15).concat('y'.repeat(254)))).rejects.toMatchObject({
			code: 'bad-path',
		});
		// What was refused has made no folders on the way.
		expect(await room.list()).toEqual(['/a/', '/g']);
	});

	it('is audited, as is everything that takes away', async () => {
		const { fileId } = await room.upload('/a', 'one');
		await room.files.move(file(fileId), ['b']);
		await room.files.trash(file(fileId));
		await room.files.restore(file(fileId), { rename: false });
		await room.files.destroy(file(fileId));
		const rows = room.db.prepare('SELECT actor, action, object, outcome, detail FROM audit_log ORDER BY seq').all();
		expect(rows).toEqual([
			{ actor: 'usr_a', action: 'file.move', object: fileId, outcome: 'done', detail: '{"from":"/a","to":"/b"}' },
			{ actor: 'usr_a', action: 'file.trash', object: fileId, outcome: 'done', detail: '{"path":"/b"}' },
			{ actor: 'usr_a', action: 'file.restore', object: fileId, outcome: 'done', detail: '{"path":"/b"}' },
			{ actor: 'usr_a', action: 'file.destroy', object: fileId, outcome: 'done', detail: '{"path":"/b"}' },
		]);
	});
});

describe('facts', () => {
	it('are merged, raise the revision, and swap thumbnails', async () => {
		const { fileSeq, fileId } = await room.upload('/d/f', 'one');
		await room.upload('/t1', 't1');
		await room.upload('/t2', 't2');
		const thumbnail = (text: string) => ({ sha256: sha256(text), size: 2, mediaType: 'image/webp' });
		await room.ledger.write(addFacts, {
			fileSeq,
			version: 1,
			facts: { md5: 'x', width: 1 },
			thumbnail: thumbnail('t1'),
		});
		const change = await room.ledger.write(addFacts, {
			fileSeq,
			version: 1,
			facts: { width: 2, mimetype: 'image/png' },
			thumbnail: thumbnail('t2'),
		});
		expect(change).toEqual({ ownerSeq: 1, id: fileId, revision: 3, path: '/d/f', gone: false });
		const { detail } = (await room.files.detail(fileId))!;
		expect(detail.facts).toEqual({ md5: 'x', width: 2, mimetype: 'image/png' });
		expect(detail.thumbnail).toEqual({ url: `/api/v1/files/${fileId}/thumbnail?version=1` });
		expect(await room.files.thumbnail(fileId, null)).toMatchObject({ sha256: sha256('t2'), mediaType: 'image/webp' });
		expect(await room.files.content(fileId, 1)).toMatchObject({ mediaType: 'image/png', size: 3 });
		expect(await room.ledger.write(addFacts, { fileSeq, version: 2, facts: { late: true } })).toBeNull();
		expect(await room.ledger.write(addFacts, { fileSeq: 999, version: 1, facts: {} })).toBeNull();
	});

	it('leave nothing of themselves when the file is gone', async () => {
		const { fileSeq, fileId } = await room.upload('/f', 'one');
		await room.files.destroy(file(fileId));
		const thumbnail = { sha256: sha256('one'), size: 3, mediaType: 'image/webp' };
		expect(await room.ledger.write(addFacts, { fileSeq, version: 1, thumbnail })).toBeNull();
		expect(room.count('SELECT refs FROM blobs')).toBe(0);
	});
});

describe('inputs', () => {
	it('are pinned to the version that is newest now, or to the one that is asked for', async () => {
		const { fileId, fileSeq } = await room.upload('/d/f', 'one');
		await room.upload('/d/f', 'two!');
		const inputs = [{ file: fileId }, { file: fileId, version: 1 }, { file: fileId, version: 3 }];
		const pinned = { file: fileId, fileSeq, path: '/d/f', mimetype: null };
		expect(await room.ledger.read(resolveInputs, { ownerSeq: 1, inputs })).toEqual([
			{ ...pinned, version: 2, sha256: sha256('two!'), size: 4 },
			{ ...pinned, version: 1, sha256: sha256('one'), size: 3 },
			null,
		]);
	});
});

describe('usage', () => {
	it('counts every version, and what is in the trash', async () => {
		await room.upload('/a', 'one');
		await room.upload('/a', 'three');
		await room.files.trash(file((await room.upload('/b', '12345678')).fileId));
		await room.upload('/c', 'bob’s', { ownerSeq: 2 });
		const none = { quotaBytes: null, quotaFiles: null, nearlyFull: false };
		expect(await room.files.storageOf(1)).toEqual({ files: 2, usedBytes: 16, ...none });
		expect(await room.files.storageOf(3)).toEqual({ files: 0, usedBytes: 0, ...none });
	});
});

describe('a walk', () => {
	it('comes to everything once, with paths below where it began', async () => {
		for (const path of ['/w/a', '/w/d/b', '/w/d/e/c', '/w/z/f', '/other']) await room.upload(path, path);
		await room.files.makeFolder(1, ['w', 'empty']);
		const seen: string[] = [];
		for await (const step of room.files.walk(1, ['w'])) {
			seen.push('file' in step ? `${step.folder}:${step.file.name}` : `${step.folder}/`);
		}
		expect(seen).toEqual([':a', 'd/', 'd:b', 'd/e/', 'd/e:c', 'empty/', 'z/', 'z:f']);
	});
});

it('keeps nothing in staging after all that', async () => {
	await room.upload('/x', 'x');
	expect(await readdir(room.folder.join('staging'))).toEqual([]);
});
