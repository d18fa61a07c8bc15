import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Filing } from '../../shared/protocol/result.ts';
import { DatasetsRoom } from '../../test/support/datasets-room.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';
import { settleOutputs } from '../../test/support/settle-outputs.ts';
import type { Quota } from '../files/quota-store.ts';
import { readProvenance } from './provenance-store.ts';

let room: JobsRoom;
beforeEach(async () => {
	room = await JobsRoom.open();
	// What uploads start is not what these tests are about.
	room.db.exec('INSERT INTO recipe_books VALUES (1, 1), (2, 1)');
});
afterEach(() => room[Symbol.asyncDispose]());

const BY = { actor: 'usr_a', address: '10.0.0.1' };
const BESIDE: Filing = { place: 'beside', conflict: 'version' };
const IN_SMALL: Filing = { place: 'folder', folder: '/small', conflict: 'version' };

const submit = async (type: string, results?: Filing) => {
	const { file } = await room.upload('/a/photo.png', 'a picture');
	const parameters = type === 'resize' ? { width: 200 } : {};
	const filing = results ? { results } : {};
	const { submitted } = await room.submit({ type, parameters, inputs: [{ file: file.id }], ...filing });
	const [task] = submitted;
	if (!task) throw new Error('no task was made');
	return task;
};
const fileNow = async (id: string, filing: Filing) => {
	const rooms = room.processing.fileNow;
	return rooms.file(await rooms.find(id), filing, BY);
};
const paths = () =>
	room.db.prepare('SELECT name, version FROM files WHERE name <> ? ORDER BY name').all('photo.png') as unknown[];

it('what stays with a task becomes files when its owner says so, once, with how it was made', async () => {
	const task = await submit('resize');
	await settleOutputs(room, task.seq, { outputs: ['resized.jpg', 'log.txt'] });
	const filed = await fileNow(task.id, BESIDE);
	const [log, resized] = filed;
	expect(filed.map(({ name, state, version, reason }) => [name, state, version, reason])).toEqual([
		['log.txt', 'filed', 1, null],
		['resized.jpg', 'filed', 1, null],
	]);
	// By the type's own template; what it does not tell of, by the name of the output.
	const files = [
		{ name: 'photo-200x133.jpg', version: 1 },
		{ name: 'photo-log.txt', version: 1 },
	];
	expect(paths()).toEqual(files);
	const row = await room.ledger.read(readProvenance, { id: resized?.file ?? '', version: null });
	expect(row).toMatchObject({
		path: '/a/photo-200x133.jpg',
		made: { task: task.id, output: 'resized.jpg', by: { name: 'ada' }, node: 'nod_1', attempt: 1, cause: 'demand' },
	});
	expect(row?.made?.usage).toMatchObject({ wallMs: 12, bytesOut: 6 });
	const audited = room.db.prepare(`SELECT actor, address FROM audit_log WHERE action = 'file.result'`).all();
	expect(audited).toEqual([BY, BY]);
	// Asked again, even for elsewhere and at once.
	const again = await Promise.all([fileNow(task.id, BESIDE), fileNow(task.id, IN_SMALL)]);
	expect(again).toEqual([filed, filed]);
	expect(paths()).toEqual(files);
	expect(log?.file).not.toBeNull();
});

it('two who ask at once file it once', async () => {
	const task = await submit('resize');
	await settleOutputs(room, task.seq, { outputs: ['resized.jpg'] });
	const { fileNow: filing } = room.processing;
	const found = await filing.find(task.id);
	const both = await Promise.all([filing.file(found, BESIDE, BY), filing.file(found, IN_SMALL, BY)]);
	expect(both[0]).toEqual(both[1]);
	expect(paths()).toHaveLength(1);
});

it('what had no room is told of, keeps its reason while it has none, and is filed when it has', async () => {
	const task = await submit('resize', IN_SMALL);
	const quota: Quota = { serviceClass: 'standard', bytes: 50, files: null };
	await settleOutputs(room, task.seq, { outputs: ['resized.jpg'], quota });
	await room.settled();
	const { items } = await room.processing.notices.list(1, { limit: 10 });
	expect(items).toMatchObject([
		{ kind: 'result-unfiled', subject: task.id, title: 'What resize has made could not be filed', count: 1 },
	]);
	expect(items[0]?.text).toMatch(/gives you room for 50 bytes.*millrace task tsk_\w+ --file/);
	await room.upload('/in-the-way', 'a file');
	const inTheWay: Filing = { place: 'folder', folder: '/in-the-way/below', conflict: 'version' };
	const refused = await fileNow(task.id, inTheWay);
	expect(refused).toMatchObject([{ name: 'resized.jpg', state: 'unfiled', file: null, version: null }]);
	expect(refused[0]?.reason).toContain('/in-the-way is a file');
	expect(await fileNow(task.id, IN_SMALL)).toMatchObject([{ state: 'filed', version: 1, reason: null }]);
	// What a person asked for and saw fail is no notice.
	await room.settled();
	expect((await room.processing.notices.list(1, { limit: 10 })).items).toMatchObject([{ count: 1 }]);
});

it('is refused for what is not there, and while a task has not succeeded', async () => {
	const task = await submit('resize');
	await expect(fileNow('tsk_nothing', BESIDE)).rejects.toMatchObject({ code: 'not-found' });
	await expect(fileNow(task.id, BESIDE)).rejects.toMatchObject({ code: 'wrong-state' });
	await settleOutputs(room, task.seq, { outputs: [] });
	expect(await fileNow(task.id, BESIDE)).toEqual([]);
});

it('beside a file of a dataset is a folder of the same shape, apart for each file', async () => {
	await using datasets = await DatasetsRoom.open();
	const { jobs } = datasets;
	jobs.db.exec('INSERT INTO recipe_books VALUES (1, 1)');
	for (const path of ['/in/may/photo.png', '/in/june/photo.png', '/in/top.png']) await jobs.upload(path, path);
	const { id: dataset } = await datasets.publish('birds', '/in');
	const run = async (path: string, results: Filing) => {
		const inputs = [{ dataset, path }];
		const { submitted } = await jobs.submit({ type: 'resize', parameters: { width: 200 }, inputs, results });
		return (await settleOutputs(jobs, submitted[0]?.seq ?? 0, { outputs: ['resized.jpg'] })).files.map(
			(file) => file.path,
		);
	};
	expect(await run('may/photo.png', BESIDE)).toEqual(['/Results/birds/may/photo-200x133.jpg']);
	expect(await run('top.png', BESIDE)).toEqual(['/Results/birds/top-200x133.jpg']);
	// The same work on another file of it is no version of that result.
	expect(await run('may/photo.png', IN_SMALL)).toEqual(['/small/photo-200x133.jpg']);
	expect(await run('june/photo.png', IN_SMALL)).toEqual(['/small/photo-200x133 (2).jpg']);
	expect(await run('may/photo.png', IN_SMALL)).toEqual(['/small/photo-200x133.jpg']);
	expect(jobs.count(`SELECT version FROM files WHERE name = 'photo-200x133.jpg' AND version > 1`)).toBe(2);
});
