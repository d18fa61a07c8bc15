import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ADA, BOB, DriveRoom } from '../../test/support/drive-room.ts';
import { SYSTEM } from '../audit/doer.ts';

let room: DriveRoom;
beforeEach(async () => {
	room = await DriveRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const BASICS = 'Image basics';
const recipe = async (name: string): Promise<void> => {
	const steps = [{ type: 'md5', parameters: {}, priority: 4, after: [] }];
	await room.jobs.processing.recipes.create(1, { name, description: '', steps }, SYSTEM);
};
const read = async (path: string): Promise<string> => {
	const found = await room.find(path, ADA, { content: true });
	const content = found?.file?.content;
	if (content === undefined || content === 'stored') throw new Error(`${path} is no status`);
	const bytes = await content.make();
	expect(bytes).toHaveLength(found?.file?.size ?? 0);
	return bytes.toString().trimEnd();
};

describe('the inbox', () => {
	test('is there for whoever was never here, with what everybody begins with', async () => {
		expect(await room.names('/files', BOB)).toEqual(['_inbox/']);
		const [first] = await room.names('/files/_inbox', BOB);
		expect(first).toBeDefined();
		const found = await room.find(`/files/_inbox/${first?.slice(0, -1)}`, BOB);
		expect(found).toMatchObject({ kind: 'folder', entry: null, isVirtual: true, isReadOnly: false });
		expect(await room.names(`/files/_inbox/${first?.slice(0, -1)}`, BOB)).toEqual([]);
		expect(room.jobs.count('SELECT count(*) FROM folders')).toBe(0);
	});

	test('has a folder for each recipe, once, whether it has a row or not', async () => {
		await recipe('a/b');
		await recipe('a:b');
		await room.jobs.upload('/_inbox/other/x.txt', 'x');
		await room.jobs.upload('/_inbox/a-b/y.txt', 'y');
		const names = await room.names('/files/_inbox');
		expect(names.filter((name) => name === 'a-b/')).toHaveLength(1);
		expect(names).toContain('other/');
		expect(await room.names('/files')).toEqual(['_inbox/']);
		expect((await room.find('/files/_inbox/a-b'))?.entry).not.toBeNull();
		expect((await room.find('/files/_inbox/a-b'))?.isVirtual).toBeUndefined();
		for (const path of ['/files/_inbox/nothing', '/files/_inbox/other/x', '/files/_inbox/a-b/c/d']) {
			expect(await room.find(path)).toBeNull();
		}
	});

	test('is hidden by a file of its name', async () => {
		await recipe('Small');
		await room.jobs.upload('/_inbox', 'x');
		expect(await room.names('/files')).toEqual(['_inbox']);
		expect(await room.find('/files/_inbox')).toMatchObject({ kind: 'file' });
		expect(await room.find('/files/_inbox/Small')).toBeNull();
		expect(await room.names('/files/_inbox')).toEqual([]);
	});
});

describe('a status file', () => {
	test('is beside each file in an inbox, and nowhere else', async () => {
		await recipe('Small');
		for (const path of [
			'/_inbox/Small/a.txt',
			'/_inbox/Small/deep/b.txt',
			'/a.txt',
			'/_inbox/c.txt',
			'/_inbox/Small/._a',
		])
			await room.jobs.upload(path, 'x');
		expect(await room.names('/files/_inbox/Small')).toEqual(['deep/', '._a', 'a.txt', 'a.txt.status.txt']);
		expect(await room.names('/files/_inbox/Small/deep')).toEqual(['b.txt']);
		expect(await room.names('/files/_inbox')).toEqual(expect.arrayContaining(['c.txt', 'c.txt.status.txt', 'Small/']));
		expect(await room.find('/files/a.txt.status.txt')).toBeNull();
		expect(await read('/files/_inbox/c.txt.status.txt')).toMatch(/itself is worked on by no recipe\.\nMove .*Small/);
		expect(await room.find('/files/_inbox/Small/b.txt.status.txt')).toBeNull();
		expect(await room.find('/files/_inbox/Small/.status.txt')).toBeNull();
		const [, , , listed] = await room.list('/files/_inbox/Small');
		expect(listed).toMatchObject({ kind: 'file', entry: null, isReadOnly: true, file: { version: null, size: 1_024 } });
	});

	test('gives way to a file of its name', async () => {
		await recipe('Small');
		await room.jobs.upload('/_inbox/Small/a', 'x');
		const { file } = await room.jobs.upload('/_inbox/Small/a.status.txt', 'mine');
		expect(await room.names('/files/_inbox/Small')).toEqual(['a', 'a.status.txt']);
		expect((await room.find('/files/_inbox/Small/a.status.txt'))?.file?.version?.fileId).toBe(file.id);
	});

	test('that was copied into an inbox starts nothing, and has no status', async () => {
		await recipe('Small');
		const { tasks } = await room.jobs.upload('/_inbox/Small/b.status.txt', 'DONE');
		const names = room.jobs.db
			.prepare('SELECT r.name FROM task_origins o JOIN recipes r ON r.id = o.recipe')
			.pluck()
			.all();
		expect([tasks.length, new Set(names)]).toEqual([names.length, new Set([BASICS])]);
		expect(await room.names('/files/_inbox/Small')).toEqual(['b.status.txt']);
	});

	test('gives way to the folder of a recipe of its name', async () => {
		await recipe('x.status.txt');
		await room.jobs.upload('/_inbox/x', 'x');
		const names = await room.names('/files/_inbox');
		expect(names.filter((name) => name.startsWith('x'))).toEqual(['x', 'x.status.txt/']);
		expect(await room.find('/files/_inbox/x.status.txt')).toMatchObject({ kind: 'folder' });
	});

	test('is not told of what tasks have put there', async () => {
		await recipe('Small');
		const { file } = await room.jobs.upload('/_inbox/Small/a', 'x');
		room.jobs.db
			.prepare(
				`INSERT INTO provenance (file_seq, version, owner_seq, at, output, type, lineage, record)
				 SELECT seq, 1, 1, 1, 'x', 'md5', '[]', '{}' FROM files WHERE id = ?`,
			)
			.run(file.id);
		expect(await room.names('/files/_inbox/Small')).toEqual(['a']);
	});

	test('tells of a folder without a recipe', async () => {
		await room.jobs.upload('/_inbox/Smal/a', 'x');
		expect(await read('/files/_inbox/Smal/a.status.txt')).toContain('There is no recipe Smal');
	});

	test('changes with the tasks of the recipe, and is another one each minute until they are over', async () => {
		await recipe('Small');
		await room.jobs.upload('/_inbox/Small/a', 'x');
		const path = '/files/_inbox/Small/a.status.txt';
		expect(await read(path)).toMatch(/^WAITING\nRecipe: Small\n\nmd5: waiting\. .*No node/);
		const before = await room.find(path);
		expect(before?.modifiedAt).toBe(Math.floor(before!.modifiedAt / 60_000) * 60_000);
		const [listed] = (await room.list('/files/_inbox/Small')).filter(({ isReadOnly }) => isReadOnly);
		if (listed?.modifiedAt === before?.modifiedAt) expect(listed?.file?.sha256).toBe(before?.file?.sha256);
		for (const id of room.jobs.db.prepare('SELECT id FROM tasks').pluck().all()) room.jobs.end(id as string);
		expect(await read(path)).toContain('DONE\nRecipe: Small\n\nmd5: done');
		const after = await room.find(path);
		expect(after?.file?.sha256).not.toBe(before?.file?.sha256);
		expect((await room.find(path))?.file?.sha256).toBe(after?.file?.sha256);
		// A further version is looked at anew.
		await room.jobs.upload('/_inbox/Small/a', 'y');
		expect(await read(path)).toMatch(/^WAITING/);
	});

	test('names the files that came out, where they are now, and what did not become one', async () => {
		await recipe('Small');
		const { tasks } = await room.jobs.upload('/_inbox/Small/a', 'x');
		const { file } = await room.jobs.upload('/results/here.txt', 'y');
		const gone = await room.jobs.upload('/results/gone.txt', 'z');
		await room.jobs.files.trash({ kind: 'file', id: gone.file.id, ownerSeq: 1, by: SYSTEM });
		const ofInbox = room.jobs.db
			.prepare(
				'SELECT t.id FROM tasks t JOIN task_origins o ON o.task_seq = t.seq JOIN recipes r ON r.id = o.recipe WHERE r.name = ?',
			)
			.pluck()
			.get('Small') as string;
		expect(tasks.map(({ id }) => id)).toContain(ofInbox);
		room.jobs.end(ofInbox);
		const filed = room.jobs.db.prepare(
			`INSERT INTO filings (task_seq, name, state, file_seq, version, reason, at)
			 SELECT t.seq, @name, iif(@file IS NULL, 'unfiled', 'filed'), (SELECT seq FROM files WHERE id = @file),
			        iif(@file IS NULL, NULL, 1), @reason, 1 FROM tasks t WHERE t.id = @task`,
		);
		const tagOf = async () => (await room.find('/files/_inbox/Small/a.status.txt'))?.file?.sha256;
		const before = await tagOf();
		filed.run({ task: ofInbox, name: 'a', file: file.id, reason: null });
		expect(await tagOf()).not.toBe(before);
		expect(await tagOf()).toBe(await tagOf());
		filed.run({ task: ofInbox, name: 'b', file: gone.file.id, reason: null });
		filed.run({ task: ofInbox, name: 'c', file: null, reason: 'The quota is used up.' });
		const words = await read('/files/_inbox/Small/a.status.txt');
		expect(words).toContain('md5: done\n  -> /results/here.txt\n  not filed: The quota is used up.');
		expect(words).not.toContain('gone.txt');
	});

	test('says that a program may still be writing', async () => {
		await recipe('Small');
		await room.jobs.upload('/_inbox/Small/a', '', { drive: { tokens: [] } });
		expect(await read('/files/_inbox/Small/a.status.txt')).toMatch(/^WAITING\n.*\n\nThe file is empty,/);
		await room.jobs.upload('/_inbox/Small/b.part', 'half', { drive: { tokens: [] } });
		expect(await read('/files/_inbox/Small/b.part.status.txt')).toContain(
			'It starts when it is renamed, or as it is at',
		);
	});

	test('tells nothing of the work of other recipes', async () => {
		await recipe('Small');
		await room.jobs.upload(`/_inbox/Small/a.txt`, 'x');
		const words = await read('/files/_inbox/Small/a.txt.status.txt');
		expect(words.match(/md5/g)).toHaveLength(1);
		expect(words).not.toContain('mimetype');
		expect(words).not.toContain(BASICS);
	});
});
