import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { jobWishSchema, type NewJobWish } from '../../shared/protocol/job.ts';
import { DatasetsRoom } from '../../test/support/datasets-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';

const BY = { actor: 'usr_a', address: '' };
const MD5 = [{ type: 'md5' }];

let room: DatasetsRoom;
beforeEach(async () => {
	room = await DatasetsRoom.open();
	room.jobs.policies.make('backfill', { idleOnly: true });
	// What uploads start is not what these tests are about.
	room.jobs.db.exec('INSERT INTO recipe_books VALUES (1, 1), (2, 1)');
});
afterEach(() => room[Symbol.asyncDispose]());

const by = { condition: ANY_VERSION, by: SYSTEM };
const demand = (ownerSeq = 1) => ({ ownerSeq, cause: 'demand', scheduleSeq: null, triggerSeq: null }) as const;
const start = async (wish: NewJobWish, ownerSeq = 1) => {
	const { id } = await room.jobs.processing.jobs.start(demand(ownerSeq), jobWishSchema.parse(wish), null, BY);
	await room.jobs.settled();
	return id;
};
const read = async (id: string) => (await room.jobs.processing.jobs.read(id)).job;
const inputsOf = (job: string) =>
	(
		room.jobs.db
			.prepare('SELECT t.inputs FROM tasks t JOIN jobs j ON j.seq = t.job_seq WHERE j.id = ? ORDER BY t.seq')
			.pluck()
			.all(job) as string[]
	).map((text) => JSON.parse(text)[0]);

describe('a job over a dataset', () => {
	const birds = async () => {
		for (const name of ['a.txt', 'b.txt', 'may/c.txt', 'may0.txt']) await room.jobs.upload(`/birds/${name}`, name);
		return room.publish('birds', '/birds');
	};

	test('takes each file of the version that was the newest when it began', async () => {
		const { id: dataset } = await birds();
		await room.jobs.upload('/birds/a.txt', 'changed');
		const first = await start({ steps: MD5, over: { dataset: 'birds' } });
		await room.publishNext('birds', '/birds');
		expect(await read(first)).toMatchObject({ state: 'running', isWhole: true, tasks: { total: 4 } });
		expect(inputsOf(first).map(({ path, version }) => [path, version])).toEqual([
			...[
				['/a.txt', 1],
				['/b.txt', 1],
				['/may/c.txt', 1],
				['/may0.txt', 1],
			],
		]);
		expect(inputsOf(first)[0]).toMatchObject({ file: null, fileSeq: null, dataset });
		const part = await start({ steps: MD5, over: { dataset, under: '/may/', version: 2 } });
		expect(inputsOf(part)).toMatchObject([{ path: '/may/c.txt', version: 2 }]);
		const one = await start({ steps: MD5, over: { dataset: 'birds', under: 'a.txt', version: 1 } });
		expect(inputsOf(one)).toMatchObject([{ path: '/a.txt', version: 1, size: 5 }]);
	});

	test('is fed in pages, goes on from where it was, and a dry run tells the same before', async () => {
		await birds();
		const wish: NewJobWish = { steps: [...MD5, { type: 'thumbnail' }], over: { dataset: 'birds' } };
		room.jobs.db.exec(`UPDATE dataset_entries SET media_type = 'text/plain'`);
		const dry = await room.jobs.processing.jobs.dryRun(demand(), jobWishSchema.parse(wish));
		expect(dry).toMatchObject({ files: 4, tasks: 4, bytesIn: 27, skipped: [{ count: 4 }] });
		room.jobs.policies.give(1, { caps: { queued: 3 } });
		const id = await start(wish);
		expect(await read(id)).toMatchObject({ state: 'feeding', tasks: { total: 3 } });
		room.jobs.policies.give(1, {});
		await room.jobs.processing.feeder.resume();
		await room.jobs.settled();
		expect(await read(id)).toMatchObject({ state: 'running', tasks: { total: 4 }, skipped: [{ count: 4 }] });
		expect(new Set(inputsOf(id).map(({ path }) => path)).size).toBe(4);
		const none = await start({ ...wish, over: { dataset: 'birds', mediaTypes: ['image/*'] } });
		expect(await read(none)).toMatchObject({ state: 'done', tasks: { total: 0 } });
	});

	test('grants and licence are asked when it begins; of one that is taken away the rest is left out', async () => {
		await room.jobs.upload('/birds/a.txt', 'a');
		await room.jobs.upload('/birds/b.txt', 'b');
		await room.publish('birds', '/birds', { licence: { name: 'House rules', text: 'Be kind.' } });
		const over = { dataset: 'birds' };
		await expect(start({ steps: MD5, over }, 2)).rejects.toMatchObject({ code: 'not-found' });
		const grants = { everyone: true, users: [], groups: [] };
		await room.datasets.share({ readerSeq: 1, ref: 'birds' }, grants, { ...by, mayShareWidely: true });
		await expect(start({ steps: MD5, over }, 2)).rejects.toMatchObject({ code: 'licence-not-accepted' });
		await room.datasets.accept({ readerSeq: 2, ref: 'birds' }, 1, SYSTEM);
		for (const wrong of [{ version: 2 }, { under: 'none' }]) {
			await expect(start({ steps: MD5, over: { ...over, ...wrong } }, 2)).rejects.toMatchObject({ code: 'not-found' });
		}
		room.jobs.policies.give(2, { caps: { queued: 1 } });
		const id = await start({ steps: MD5, over }, 2);
		expect(await read(id)).toMatchObject({ state: 'feeding', tasks: { total: 1 } });
		await room.datasets.retire({ readerSeq: 1, ref: 'birds' }, { ...by, force: true });
		await room.jobs.processing.feeder.resume();
		await room.jobs.settled();
		expect(await read(id)).toMatchObject({
			isWhole: true,
			tasks: { total: 1 },
			skipped: [{ reason: 'The dataset was taken away before all was made.', count: 1 }],
		});
	});
});

describe('a job over what failed of another', () => {
	const two = { type: 'noop', parameters: { echo: 2 }, priority: 7 };
	const failed = async (wish: Partial<NewJobWish> = {}) => {
		const files: string[] = [];
		for (const name of ['a', 'b', 'c']) files.push((await room.jobs.upload(`/${name}`, name)).file.id);
		const results = { place: 'folder', folder: '/out' } as const;
		const id = await start({ steps: [...MD5, two], over: { files }, results, ...wish });
		// Both steps of a fail, of b the second, of c none.
		for (const task of room.jobs.db.prepare('SELECT id FROM tasks').pluck().all() as string[]) room.jobs.end(task);
		room.jobs.db.exec(`UPDATE tasks SET state = iif(seq = 1, 'quarantined', 'failed') WHERE seq IN (1, 2, 4)`);
		room.jobs.db.exec(`UPDATE jobs SET failed = 3, succeeded = 3, state = 'failed'`);
		return { id, files };
	};
	const made = (job: string) =>
		room.jobs.db
			.prepare(
				`SELECT y.name, t.inputs ->> '$[0].path' AS path, t.inputs ->> '$[0].version' AS version, t.parameters, t.priority,
				        o.cause, o.step, o.filing ->> '$.folder' AS folder, t.routing_key AS key
				 FROM tasks t JOIN jobs j ON j.seq = t.job_seq JOIN task_types y ON y.seq = t.type_seq
				 JOIN task_origins o ON o.task_seq = t.seq WHERE j.id = ? ORDER BY t.seq`,
			)
			.all(job);

	test('does just that again, on the files as they are now', async () => {
		const { id } = await failed();
		await room.jobs.upload('/b', 'mended');
		const again: NewJobWish = { over: { job: id, outcome: 'failed' } };
		const dry = await room.jobs.processing.jobs.dryRun(demand(), jobWishSchema.parse(again));
		expect(dry).toMatchObject({ files: 3, tasks: 3, skipped: [] });
		const second = await start(again);
		expect(await read(second)).toMatchObject({
			cause: 'again',
			title: 'md5, noop',
			tasks: { total: 3 },
			isWhole: true,
		});
		const task = { cause: 'again', folder: '/out' };
		expect(made(second)).toMatchObject([
			{ ...task, name: 'md5', path: '/a', version: 1, step: 0 },
			{ ...task, name: 'noop', path: '/a', version: 1, step: 1, parameters: expect.stringContaining('"echo":2') },
			{ ...task, name: 'noop', path: '/b', version: 2, step: 1, priority: 7 },
		]);
	});

	test('by other terms when they are asked for, and without files that are gone', async () => {
		const { id, files } = await failed();
		await room.jobs.files.trash({ kind: 'file', id: files[0]!, ownerSeq: 1, by: SYSTEM });
		const results = { place: 'keep' } as const;
		const second = await start({ over: { job: id, outcome: 'failed' }, routingKey: 'priority.again', results });
		expect(made(second)).toMatchObject([{ path: '/b', key: 'priority.again', folder: null }]);
		expect((await read(second)).skipped).toEqual([{ reason: 'The file is not there any more.', count: 2 }]);
	});

	test('keeps the trigger that led to it, so that its results do not start that again', async () => {
		const { id } = await failed();
		room.jobs.db.exec(`UPDATE task_origins SET trigger_seq = 9, lineage = '[3]'`);
		await start({ over: { job: id, outcome: 'failed' } });
		const origins = room.jobs.db.prepare('SELECT DISTINCT trigger_seq, lineage FROM task_origins').raw().all();
		expect(origins).toEqual([[9, '[3]']]);
	});

	test('is refused while that is not over, for other people, with steps of its own, and on a schedule', async () => {
		const over = { job: await start({ steps: [{ type: 'noop' }] }), outcome: 'failed' } as const;
		await expect(start({ over })).rejects.toMatchObject({ code: 'wrong-state' });
		await expect(start({ over }, 2)).rejects.toMatchObject({ code: 'not-found' });
		expect(jobWishSchema.safeParse({ steps: MD5, over }).success).toBe(false);
		expect(jobWishSchema.safeParse({ over: { folder: '/' } }).success).toBe(false);
	});
});
