import { symlinkSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CodedError } from '../../shared/coded-error.ts';
import { DatasetsRoom } from '../../test/support/datasets-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';
import { prepareAppendVersion } from './append-store.ts';
import { prepareCreateDataset } from './dataset-store.ts';

let room: DatasetsRoom;
beforeEach(async () => {
	room = await DatasetsRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const by = { condition: ANY_VERSION, by: SYSTEM };
const ada = (ref: string) => ({ readerSeq: 1, ref });
const bob = (ref: string) => ({ readerSeq: 2, ref });
const refused = (code: string) => expect.objectContaining({ code });
const LICENCE = { licence: { name: 'House rules', text: 'Be kind.' } };

describe('publishing a folder', () => {
	test('refers to the same content: no blob comes, and the dataset keeps it when the file is destroyed', async () => {
		const { file } = await room.jobs.upload('/birds/robin.txt', 'robin');
		await room.jobs.upload('/birds/may/wren.txt', 'wren');
		await room.jobs.upload('/else.txt', 'else');
		const blobs = room.count('SELECT count(*) FROM blobs');
		const view = await room.publish('birds', '/birds');
		expect(view).toMatchObject({ state: 'ready', version: 1, files: 2, bytes: 9, reason: null });
		expect(await room.paths('birds')).toEqual(['may/wren.txt', 'robin.txt']);
		expect(room.count('SELECT count(*) FROM blobs')).toBe(blobs);

		await room.jobs.files.trash({ kind: 'file', id: file.id, ownerSeq: 1, by: SYSTEM });
		await room.jobs.files.destroy({ kind: 'file', id: file.id, ownerSeq: 1, by: SYSTEM });
		await room.publishNext('birds', '/birds');
		expect(await room.paths('birds')).toEqual(['may/wren.txt']);
		expect(await room.paths('birds', 1)).toEqual(['may/wren.txt', 'robin.txt']);
		const old = await room.datasets.content(ada('birds'), ['robin.txt'], 1);
		expect((await room.jobs.files.blobs.readSmall(old?.sha256 ?? '', 5)).toString()).toBe('robin');
	});

	test('of a folder that is not there fails, and says so', async () => {
		const view = await room.publish('none', '/nowhere');
		expect(view).toMatchObject({ state: 'failed', version: 0, reason: expect.stringContaining('/nowhere') });
	});

	test('does not wait for one that cannot be published yet', async () => {
		await room.jobs.upload('/birds/robin.txt', 'robin');
		await room.jobs.upload('/bees/may.txt', 'may');
		const { write } = room.jobs.ledger;
		const full = vi.spyOn(room.jobs.ledger, 'write').mockImplementation(async (operation, args) => {
			const isBirds = operation.name === 'datasets.add-entries' && JSON.stringify(args).includes('robin');
			if (isBirds) throw new CodedError('disk-full');
			return write.call(room.jobs.ledger, operation, args) as never;
		});
		await room.publish('birds', '/birds');
		expect(await room.publish('bees', '/bees')).toMatchObject({ state: 'ready', version: 1 });
		full.mockRestore();
		await room.start();
		expect(await room.datasets.read(ada('birds'))).toMatchObject({ state: 'ready', version: 1, files: 1 });
	});

	test('lists what lies in a folder, page by page', async () => {
		for (const name of ['a', 'a/1', 'a/2', 'a/b/3', 'a0'])
			await room.jobs.upload(`/all/x-${name}`, name).catch(() => {});
		for (const name of ['1', '2', 'b/3']) await room.jobs.upload(`/all/a/${name}`, name);
		await room.publish('all', '/all');
		const first = await room.datasets.entries(ada('all'), { limit: 2, under: '/a/' });
		expect(first.items.map(({ path }) => path)).toEqual(['a/1', 'a/2']);
		const second = await room.datasets.entries(ada('all'), { limit: 2, under: 'a', cursor: first.nextCursor ?? '' });
		expect(second.items.map(({ path }) => path)).toEqual(['a/b/3']);
		expect(second.nextCursor).toBeNull();
	});

	test('counts against the quota of its owner', async () => {
		await room.jobs.upload('/big.bin', Buffer.alloc(600));
		room.jobs.policies.give(1, { quotas: { storedBytes: 1_000 } });
		const view = await room.publish('big', '/');
		expect(view).toMatchObject({ state: 'failed', reason: expect.stringContaining('your files take 600') });
		expect(room.count('SELECT count(*) FROM dataset_entries')).toBe(0);
	});

	test('twice at once is refused', async () => {
		const about = { title: 'x', description: '', licence: { name: '', text: null } };
		await room.datasets.create(1, { name: 'x', about, from: { folder: '/' } }, SYSTEM);
		const again = room.datasets.publish(ada('x'), { from: { folder: '/' }, note: '' }, by);
		await expect(again).rejects.toEqual(refused('wrong-state'));
		await room.settled();
	});
});

describe('who may read', () => {
	beforeEach(async () => {
		await room.jobs.upload('/a.txt', 'a');
		await room.publish('shared');
		// bob is in the inner one of two groups.
		room.jobs.db.exec(`INSERT INTO groups (seq, id, name, name_key, parent_seq, created_at)
			VALUES (1, 'grp_outer', 'outer', 'outer', NULL, 1), (2, 'grp_inner', 'inner', 'inner', 1, 1),
			       (3, 'grp_other', 'other', 'other', NULL, 1);
			INSERT INTO group_members VALUES (2, 2)`);
	});

	test.each([
		['nobody', {}, false],
		['the person', { users: ['usr_b'] }, true],
		['the group', { groups: ['grp_inner'] }, true],
		['the group around it', { groups: ['grp_outer'] }, true],
		['another group', { groups: ['grp_other'] }, false],
		['everybody', { everyone: true }, true],
	])('shared with %s', async (_, grants, reads) => {
		const whole = { everyone: false, users: [], groups: [], ...grants };
		await room.datasets.share(ada('shared'), whole, { ...by, mayShareWidely: true });
		const listed = (await room.datasets.list(2, { limit: 10 })).items.map(({ name }) => name);
		expect(listed).toEqual(reads ? ['shared'] : []);
		const read = room.datasets.read(bob('shared'));
		if (reads) expect(await read).toMatchObject({ name: 'shared' });
		else await expect(read).rejects.toEqual(refused('not-found'));
		const input = { dataset: 'shared', path: 'a.txt' };
		const submitted = room.jobs.submit({ type: 'md5', inputs: [input] }, null, 2);
		if (reads) expect((await submitted).ids).toHaveLength(1);
		else await expect(submitted).rejects.toEqual(refused('inputs-invalid'));
		expect(await room.datasets.read({ readerSeq: 3, ref: 'shared' })).toMatchObject({ name: 'shared' });
	});

	test('with groups and everybody only an administrator shares', async () => {
		for (const grants of [{ everyone: true }, { groups: ['grp_outer'] }]) {
			const whole = { everyone: false, users: [], groups: [], ...grants };
			const shared = room.datasets.share(ada('shared'), whole, { ...by, mayShareWidely: false });
			await expect(shared).rejects.toEqual(refused('forbidden'));
		}
	});
});

describe('a licence', () => {
	beforeEach(async () => {
		await room.jobs.upload('/a.txt', 'a');
		await room.publish('ruled', '/', LICENCE);
		const grants = { everyone: false, users: ['usr_b'], groups: [] };
		await room.datasets.share(ada('ruled'), grants, { ...by, mayShareWidely: false });
	});
	const submit = () => room.jobs.submit({ type: 'md5', inputs: [{ dataset: 'ruled', path: '/a.txt' }] }, null, 2);

	test('is accepted once before use and download; the list is free, and the owner needs not', async () => {
		expect((await room.datasets.entries(bob('ruled'), { limit: 10 })).items).toHaveLength(1);
		await expect(room.datasets.content(bob('ruled'), ['a.txt'], null)).rejects.toEqual(refused('licence-not-accepted'));
		await expect(submit()).rejects.toEqual(refused('licence-not-accepted'));
		expect(await room.datasets.content(ada('ruled'), ['a.txt'], null)).toMatchObject({ size: 1 });

		await expect(room.datasets.accept(bob('ruled'), 2, SYSTEM)).rejects.toEqual(refused('precondition-failed'));
		await room.datasets.accept(bob('ruled'), 1, SYSTEM);
		expect((await room.datasets.accept(bob('ruled'), 1, SYSTEM)).licence.accepted).toBe(true);
		expect(room.count(`SELECT count(*) FROM audit_log WHERE action = 'dataset.accept-licence'`)).toBe(1);
		expect((await submit()).ids).toHaveLength(1);
	});

	test('with another text is accepted anew', async () => {
		await room.datasets.accept(bob('ruled'), 1, SYSTEM);
		await room.datasets.change(ada('ruled'), { title: 'Another title' }, by);
		expect((await submit()).ids).toHaveLength(1);
		await room.datasets.change(ada('ruled'), { licence: { name: 'House rules', text: 'Be very kind.' } }, by);
		await expect(submit()).rejects.toEqual(refused('licence-not-accepted'));
	});
});

describe('deleting', () => {
	const submit = () => room.jobs.submit({ type: 'md5', inputs: [{ dataset: 'used', path: 'a.txt' }] });
	const cancel = async (id: string) => {
		const seq = room.count(`SELECT seq FROM tasks WHERE id = '${id}'`);
		await room.jobs.queue.steering.cancelOwn(seq, { overIsFine: false });
	};
	beforeEach(async () => {
		await room.jobs.upload('/in/a.txt', 'a');
		await room.publish('used', '/in');
	});

	test('while a task reads it needs force, and its content stays until the task is over', async () => {
		const [id] = (await submit()).ids;
		await expect(room.datasets.retire(ada('used'), { ...by, force: false })).rejects.toEqual(refused('dataset-in-use'));
		await room.datasets.retire(ada('used'), { ...by, force: true });
		await expect(submit()).rejects.toEqual(refused('inputs-invalid'));
		expect(room.count('SELECT count(*) FROM dataset_entries')).toBe(1);

		await cancel(id ?? '');
		await room.datasets.removeRetired();
		expect(room.count('SELECT count(*) FROM dataset_entries')).toBe(0);
		expect(room.count('SELECT count(*) FROM datasets')).toBe(0);
		// The name is free again.
		expect(await room.publish('used', '/in')).toMatchObject({ version: 1, state: 'ready' });
	});

	test('makes a task that reads it impossible to retry', async () => {
		const [id = ''] = (await submit()).ids;
		await cancel(id);
		await room.datasets.retire(ada('used'), { ...by, force: false });
		const seq = room.count(`SELECT seq FROM tasks WHERE id = '${id}'`);
		await expect(room.jobs.queue.steering.retryOwn({ seq, ownerSeq: 1 })).rejects.toEqual(refused('dataset-retired'));
	});

	test('between the look at it and the task refuses the task', async () => {
		const { ledger } = room.jobs;
		const read = ledger.read.bind(ledger);
		vi.spyOn(ledger, 'read').mockImplementation(async (operation, args) => {
			const answer = await read(operation, args);
			if ((operation as { name: string }).name !== 'datasets.resolve-inputs') return answer;
			await room.datasets.retire(ada('used'), { ...by, force: false });
			return answer;
		});
		await expect(submit()).rejects.toEqual(refused('dataset-retired'));
		expect(room.count('SELECT count(*) FROM tasks WHERE file_seq IS NULL')).toBe(0);
	});
});

describe('samples', () => {
	test('are there from the first start on, for everybody, and never come back once they are deleted', async () => {
		await room.start();
		const { items } = await room.datasets.list(2, { limit: 10 });
		expect(items.map(({ name, files, state, owner }) => [name, files, state, owner])).toEqual([
			['sample-csv', 4, 'ready', null],
			['sample-images', 12, 'ready', null],
			['sample-text', 8, 'ready', null],
		]);
		const images = await room.datasets.entries(bob('sample-images'), { limit: 100 });
		expect(new Set(images.items.map(({ mediaType }) => mediaType))).toEqual(
			new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif']),
		);
		await room.datasets.retire({ readerSeq: 3, ref: 'sample-csv' }, { ...by, force: false });
		room.reopen();
		await room.start();
		expect((await room.datasets.list(2, { limit: 10 })).items.map(({ name }) => name)).toEqual([
			'sample-images',
			'sample-text',
		]);
		expect(room.count(`SELECT count(*) FROM datasets`)).toBe(3);
	});
});

describe('importing a directory', () => {
	const about = { title: 'x', description: '', licence: { name: '', text: null } };
	const create = (directory: string) => room.datasets.create(3, { name: 'x', about, from: { directory } }, SYSTEM);
	const root = () => room.jobs.folder.join('roots');
	beforeEach(async () => {
		await mkdir(`${root()}/data/deep`, { recursive: true });
		await writeFile(`${root()}/data/deep/a.csv`, 'a,b\n');
	});

	test('takes its files in; the directory is not needed any more', async () => {
		await create(`${root()}/data`);
		await room.settled();
		await rm(root(), { recursive: true });
		const entry = await room.datasets.content({ readerSeq: 3, ref: 'x' }, ['deep', 'a.csv'], null);
		expect(entry).toMatchObject({ size: 4, mediaType: 'text/csv' });
		expect((await room.jobs.files.blobs.readSmall(entry?.sha256 ?? '', 4)).toString()).toBe('a,b\n');
	});

	test('elsewhere than below the roots is refused, also through a link', async () => {
		symlinkSync(room.jobs.folder.join('blobs'), `${root()}/link`);
		for (const directory of ['/etc', root().replace(/roots$/, ''), `${root()}/link`, `${root()}/../blobs`, 'data']) {
			await expect(create(directory)).rejects.toEqual(refused('invalid'));
		}
	});

	test('with a link in it fails and names it', async () => {
		symlinkSync('/etc/hostname', `${root()}/data/deep/name`);
		await create(`${root()}/data`);
		await room.settled();
		const view = await room.datasets.read({ readerSeq: 3, ref: 'x' });
		expect(view).toMatchObject({ state: 'failed', reason: expect.stringContaining('deep/name') });
		expect(room.count('SELECT count(*) FROM dataset_entries')).toBe(0);
	});
});

test('a source appends versions: one row a file, and what has the path is replaced', async () => {
	const { db } = room.jobs;
	const about = { title: 'topic', description: '', licence: { name: '', text: null } };
	const row = { id: 'dts_topic', ownerSeq: 1, name: 'topic', about, fed: true, by: SYSTEM, now: 1 };
	const datasetSeq = db.transaction(() => prepareCreateDataset(db)(row))();
	const append = db.transaction((path: string, content: string) =>
		prepareAppendVersion(db)({
			...{ datasetSeq, by: 'system', note: '', now: 2 },
			entries: [{ path, sha256: content.repeat(64), size: 1, mediaType: null }],
		}),
	);
	expect([append('items/1', 'a'), append('items/2', 'b'), append('items/1', 'c')]).toEqual([1, 2, 3]);
	expect(await room.paths('topic')).toEqual(['items/1', 'items/2']);
	expect(await room.paths('topic', 1)).toEqual(['items/1']);
	expect(await room.datasets.read(ada('topic'))).toMatchObject({ version: 3, files: 2, bytes: 2 });
	expect((await room.datasets.content(ada('topic'), ['items', '1'], 2))?.sha256).toBe('a'.repeat(64));
	expect(room.count('SELECT count(*) FROM dataset_entries')).toBe(3);
	const publish = room.datasets.publish(ada('topic'), { from: { folder: '/' }, note: '' }, by);
	await expect(publish).rejects.toEqual(refused('wrong-state'));
});
