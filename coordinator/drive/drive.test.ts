import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ADA, BOB, DriveRoom } from '../../test/support/drive-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';

let room: DriveRoom;
beforeEach(async () => {
	room = await DriveRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const by = { condition: ANY_VERSION, by: SYSTEM };

test('the top shows the areas', async () => {
	expect(await room.find('/')).toMatchObject({ kind: 'folder', entry: null, isReadOnly: true });
	expect(await room.names('/')).toEqual(['datasets/', 'files/']);
	expect(await room.find('/files')).toMatchObject({ kind: 'folder', name: '', entry: null, isReadOnly: false });
	expect(await room.find('/datasets')).toMatchObject({ kind: 'folder', name: '', entry: null, isReadOnly: true });
});

describe('the own tree', () => {
	test('shows folders and files as they are, to their owner only', async () => {
		const { file } = await room.jobs.upload('/a/b.txt', 'hello');
		await room.jobs.upload('/a/c/d.txt', 'x');
		expect(await room.names('/files/a')).toEqual(['c/', 'b.txt']);
		expect(await room.find('/files/a/b.txt')).toEqual({
			kind: 'file',
			name: 'b.txt',
			entry: { kind: 'file', seq: expect.any(Number), id: file.id },
			isReadOnly: false,
			createdAt: expect.any(Number),
			modifiedAt: expect.any(Number),
			file: {
				version: { ownerSeq: 1, fileId: file.id, version: 1 },
				...{ size: 5, sha256: file.sha256, md5: null, mediaType: null, tasks: null, content: 'stored' },
			},
		});
		expect(await room.find('/files/a/c')).toMatchObject({ kind: 'folder', name: 'c', file: null });
		expect(await room.find('/files/a', BOB)).toBeNull();
		expect(await room.names('/files', BOB)).toEqual(['_inbox/']);
	});

	test('has nothing below a file, nor in one', async () => {
		await room.jobs.upload('/a', 'x');
		expect(await room.find('/files/a/b')).toBeNull();
		expect(await room.names('/files/a')).toEqual([]);
		expect(await room.names('/files/nowhere')).toEqual([]);
	});

	test('says what tasks found out and how they are, when somebody asks', async () => {
		const { file } = await room.jobs.upload('/a.png', 'x');
		const { ids } = await room.jobs.submit({ type: 'md5', inputs: [{ file: file.id }] });
		room.jobs.db.exec(`UPDATE file_versions SET facts = '{"md5":"0cc1","mimetype":"image/png"}'`);
		expect((await room.find('/files/a.png'))?.file?.tasks).toBeNull();
		const asked = await room.find('/files/a.png', ADA, { tasks: true });
		expect(asked?.file).toMatchObject({ md5: '0cc1', mediaType: 'image/png' });
		expect(asked?.file?.tasks).toContain('md5: queued');
		room.jobs.end(ids[0]!);
		const [listed] = await room.list('/files', ADA, { tasks: true });
		expect(listed?.file?.tasks).toContain('md5: succeeded');
	});

	test('is listed whole, in pages of a thousand, folders first, each name once', async () => {
		room.jobs.db.exec(`
			INSERT INTO folders (seq, id, owner_seq, parent_seq, name, created_at) VALUES (9, 'fol_9', 1, 0, 'many', 1);
			INSERT INTO folders (id, owner_seq, parent_seq, name, created_at)
			  WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
			  SELECT 'fol_m' || i, 1, 9, 'f' || i, 1 FROM n;
			INSERT INTO blobs (seq, sha256, size, refs) VALUES (1, zeroblob(32), 3, 1500);
			INSERT INTO files (seq, id, owner_seq, folder_seq, name, version, created_at, modified_at)
			  WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
			  SELECT i, 'fil_m' || i, 1, 9, 'f' || i || '.txt', 1, 1, 2 FROM n;
			INSERT INTO file_versions (file_seq, number, blob_seq, created_at, created_by) SELECT seq, 1, 1, 1, 1 FROM files;`);
		const sizes: number[] = [];
		const kinds: string[] = [];
		const names = new Set<string>();
		for await (const page of room.drive.list(ADA, { area: 'files', names: ['many'] })) {
			sizes.push(page.length);
			for (const { kind, name } of page) {
				kinds.push(kind);
				names.add(name);
			}
		}
		expect(sizes).toEqual([1_000, 1_000, 1_000]);
		expect(names.size).toBe(3_000);
		expect(kinds.indexOf('file')).toBe(1_500);
	});

	test('says what is left of a quota', async () => {
		await room.jobs.upload('/a', 'hello');
		expect(await room.drive.quota(1)).toEqual({ usedBytes: 5, leftBytes: null });
		room.jobs.policies.give(1, { quotas: { storedBytes: 8 } });
		expect(await room.drive.quota(1)).toEqual({ usedBytes: 5, leftBytes: 3 });
		room.jobs.policies.give(1, { quotas: { storedBytes: 2 } });
		expect(await room.drive.quota(1)).toEqual({ usedBytes: 5, leftBytes: 0 });
	});
});

describe('datasets', () => {
	beforeEach(async () => {
		await room.jobs.upload('/birds/robin.txt', 'robin');
		await room.jobs.upload('/birds/may/wren.txt', 'wren');
		await room.datasets.publish('birds', '/birds');
	});

	test('are the newest version of what one may read', async () => {
		expect(await room.names('/datasets')).toEqual(['birds/']);
		expect(await room.names('/datasets/birds')).toEqual(['may/', 'robin.txt']);
		expect(await room.names('/datasets/birds/may')).toEqual(['wren.txt']);
		expect(await room.find('/datasets/birds/may')).toMatchObject({ kind: 'folder', name: 'may', isReadOnly: true });
		await room.jobs.upload('/birds/finch.txt', 'finch');
		await room.datasets.publishNext('birds', '/birds');
		expect(await room.names('/datasets/birds')).toEqual(['finch.txt', 'may/', 'robin.txt']);
		const finch = await room.find('/datasets/birds/finch.txt');
		expect(finch).toMatchObject({ entry: null, isReadOnly: true, file: { version: null, size: 5, content: 'stored' } });
		const { sha256, size } = finch!.file!;
		expect((await room.drive.contents.readSmall(sha256, size)).toString()).toBe('finch');
		// Each file's time is that of the version in which it came, alone and in a list.
		const robin = await room.find('/datasets/birds/robin.txt');
		const times = room.jobs.db.prepare('SELECT at FROM dataset_versions ORDER BY number').pluck().all();
		expect([robin?.modifiedAt, finch?.modifiedAt]).toEqual(times);
		const listed = await room.list('/datasets/birds');
		expect(listed.filter(({ kind }) => kind === 'file')).toEqual([finch, robin]);
		expect(listed[1]?.modifiedAt).toBe(times[1]);
	});

	test('of others are not there, by whatever name', async () => {
		expect(await room.names('/datasets', BOB)).toEqual([]);
		for (const path of ['/datasets/birds', '/datasets/birds/robin.txt', '/datasets/birds/may']) {
			expect(await room.find(path, BOB)).toBeNull();
			expect(await room.names(path, BOB)).toEqual([]);
		}
		const { id } = await room.datasets.datasets.read({ readerSeq: 1, ref: 'birds' });
		expect(await room.find(`/datasets/${id}`)).toBeNull();
		for (const path of ['/datasets/birds/nothing', '/datasets/birds/robin.txt/x', '/datasets/birds/ma']) {
			expect(await room.find(path)).toBeNull();
			expect(await room.names(path)).toEqual([]);
		}
	});

	test('with a licence are listed, but read only when it is accepted', async () => {
		await room.datasets.publish('ruled', '/birds', { licence: { name: 'House rules', text: 'Be kind.' } });
		const grants = { everyone: false, users: ['usr_b'], groups: [] };
		await room.datasets.datasets.share({ readerSeq: 1, ref: 'ruled' }, grants, { ...by, mayShareWidely: false });
		const path = '/datasets/ruled/robin.txt';
		expect(await room.names('/datasets/ruled', BOB)).toEqual(['may/', 'robin.txt']);
		expect(await room.find(path, BOB)).toMatchObject({ file: { size: 5 } });
		await expect(room.find(path, BOB, { content: true })).rejects.toMatchObject({ code: 'licence-not-accepted' });
		await room.datasets.datasets.accept({ readerSeq: 2, ref: 'ruled' }, 1, SYSTEM);
		expect(await room.find(path, BOB, { content: true })).toMatchObject({ file: { size: 5 } });
	});

	test('that have no version yet are empty folders', async () => {
		const about = { title: 'x', description: '', licence: { name: '', text: null } };
		await room.datasets.datasets.create(1, { name: 'new', about, from: { empty: true } }, SYSTEM);
		expect(await room.find('/datasets/new')).toMatchObject({ kind: 'folder' });
		expect(await room.names('/datasets/new')).toEqual([]);
		expect(await room.find('/datasets/new/x')).toBeNull();
	});
});
