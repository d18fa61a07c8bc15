import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Filing } from '../../shared/protocol/result.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';
import { settleOutputs } from '../../test/support/settle-outputs.ts';
import type { Quota } from '../files/quota-store.ts';
import { readProvenance } from './provenance-store.ts';
import { Results } from './results.ts';

let room: JobsRoom;
beforeEach(async () => {
	room = await JobsRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const KEPT: Filing = { place: 'beside', conflict: 'version' };
const USAGE = { wallMs: 12, cpuMs: 3, peakMemoryBytes: 4, bytesIn: 5, bytesOut: 6 };

const upload = async (path: string) => (await room.upload(path, randomBytes(40))).file;

interface Ran {
	type?: string;
	parameters?: Record<string, number | string>;
	results?: Filing | undefined;
	outputs?: string[];
	result?: Record<string, number | string>;
	quota?: Quota;
	/** Done while it runs. */
	meanwhile?: () => Promise<unknown>;
}

/** Submits a task on the file and settles it as a node's word would: with these outputs. */
const run = async (file: { id: string } | null, ran: Ran = {}) => {
	const { type = 'resize', parameters = { width: 200 }, results = KEPT, outputs = ['resized.jpg'] } = ran;
	const inputs = file === null ? [] : [{ file: file.id }];
	const { submitted } = await room.submit({ type, parameters, inputs, results });
	const [task] = submitted;
	if (!task) throw new Error('no task was made');
	await ran.meanwhile?.();
	const quota = ran.quota ?? null;
	const ended = await settleOutputs(room, task.seq, { outputs, quota, ...(ran.result ? { result: ran.result } : {}) });
	expect(ended.outcome?.state).toBe('succeeded');
	return { ...task, ...ended };
};

const filings = (task: { seq: number }) =>
	room.db
		.prepare('SELECT name, state, reason, version FROM filings WHERE task_seq = ? ORDER BY name')
		.all(task.seq) as {
		name: string;
		state: string;
		reason: string | null;
		version: number | null;
	}[];
const list = async (path: string): Promise<string[]> => {
	const { items } = await room.files.listFolder(1, path.split('/').slice(1).filter(Boolean), { limit: 1000 });
	return items.map(({ name }) => name);
};

describe('results', () => {
	it('become files beside the one that was worked on, told of, audited, and with how they were made', async () => {
		const photo = await upload('/a/photo.png');
		const { seq, id, files, contents } = await run(photo);
		expect(await list('/a')).toEqual(['photo-200x133.jpg', 'photo.png']);
		expect(files).toMatchObject([{ ownerSeq: 1, path: '/a/photo-200x133.jpg', revision: 1, gone: false }]);
		expect(filings({ seq })).toEqual([{ name: 'resized.jpg', state: 'filed', reason: null, version: 1 }]);
		const [change] = files;
		const row = await room.ledger.read(readProvenance, { id: change?.id ?? '', version: null });
		expect(row).toMatchObject({ path: '/a/photo-200x133.jpg', version: 1, sha256: contents[0]?.sha256 });
		expect(row?.made).toMatchObject({
			...{ task: id, output: 'resized.jpg', type: 'resize', typeVersion: 1, by: { id: 'usr_a', name: 'ada' } },
			...{ cause: 'demand', recipe: null, node: 'nod_1', attempt: 1, usage: USAGE, inputCount: 1 },
			parameters: { width: 200, fit: 'inside', quality: 82 },
			inputs: [{ file: photo.id, path: '/a/photo.png', version: 1, sha256: photo.sha256 }],
		});
		const of = await room.ledger.read(readProvenance, { id: photo.id, version: null });
		expect(of?.made).toBeNull();
		expect(of?.usedBy[0]).toMatchObject({ id, type: 'resize', state: 'succeeded' });
		expect(of?.results).toMatchObject([{ file: change?.id, name: 'photo-200x133.jpg', version: 1, task: id }]);
		const told = room.db.prepare(`SELECT detail FROM happenings WHERE kind = 'file.filed'`).pluck().all() as string[];
		expect(told.map((text) => JSON.parse(text))).toEqual([
			{ version: 1, event: 'upload', mediaType: 'image/jpeg', lineage: [] },
		]);
		expect(room.count(`SELECT count(*) FROM audit_log WHERE action = 'file.result'`)).toBe(1);
	});

	it('are filed once, however often a settlement is said', async () => {
		const { settle, seq } = await run(await upload('/a/photo.png'));
		expect(await settle()).toMatchObject({ outcome: null, files: [] });
		expect(await list('/a')).toHaveLength(2);
		expect(filings({ seq })).toHaveLength(1);
		expect(room.count('SELECT count(*) FROM provenance')).toBe(1);
	});

	it('stay with the task unless somebody said where they go, and so do thumbnails', async () => {
		const photo = await upload('/a/photo.png');
		expect((await run(photo, { results: { place: 'keep', conflict: 'version' } })).files).toEqual([]);
		const thumbnail = await run(photo, { type: 'thumbnail', parameters: {}, outputs: ['thumbnail.jpg', 'other'] });
		expect([thumbnail.files, filings(thumbnail)]).toEqual([[], []]);
		expect(await list('/a')).toEqual(['photo.png']);
	});

	it('of the same work on the same file are versions of one file', async () => {
		const photo = await upload('/a/photo.png');
		await run(photo);
		const { files } = await run(photo);
		expect(files).toMatchObject([{ path: '/a/photo-200x133.jpg', revision: 2 }]);
		await run(photo, { results: { place: 'beside', conflict: 'rename' } });
		expect(await list('/a')).toEqual(['photo-200x133 (2).jpg', 'photo-200x133.jpg', 'photo.png']);
	});

	it('never become versions of somebody’s own file, nor of another file’s result', async () => {
		const photo = await upload('/a/photo.png');
		await upload('/a/photo-200x133.jpg');
		await room.files.makeFolder(1, ['a', 'photo-200x133 (2).jpg']);
		await run(photo);
		expect(await list('/a')).toContain('photo-200x133 (3).jpg');
		const results: Filing = { place: 'folder', folder: '/small', name: 'x.{ext}', conflict: 'version' };
		await run(photo, { results });
		await run(await upload('/b/photo.png'), { results });
		expect(await list('/small')).toEqual(['x (2).jpg', 'x.jpg']);
		// A result that a person has changed since is the person's.
		await upload('/small/x.jpg');
		await run(photo, { results });
		expect(await list('/small')).toEqual(['x (2).jpg', 'x (3).jpg', 'x.jpg']);
	});

	it('never become versions of another output, nor of what other parameters made of nothing', async () => {
		const results: Filing = { place: 'folder', folder: '/out', name: 'x.txt', conflict: 'version' };
		const fetched = (echo: string, outputs = ['a.txt']) =>
			run(null, { type: 'noop', parameters: { echo }, outputs, results });
		await fetched('one', ['a.txt', 'b.txt']);
		await fetched('two');
		const again = await fetched('two');
		expect(await list('/out')).toEqual(['x (2).txt', 'x (3).txt', 'x.txt']);
		expect(again.files).toMatchObject([{ path: '/out/x (3).txt', revision: 2 }]);
	});

	it('go to where the file is now, and to a folder of their own when it is nowhere', async () => {
		const photo = await upload('/a/photo.png');
		const target = { kind: 'file', id: photo.id, ownerSeq: 1, by: { actor: 'usr_a', address: '' } } as const;
		const moved = await run(photo, { meanwhile: () => room.files.move(target, ['b', 'renamed.png']) });
		expect(moved.files).toMatchObject([{ path: '/b/photo-200x133.jpg' }]);
		const gone = await run(photo, { meanwhile: () => room.files.trash(target) });
		expect(gone.files).toMatchObject([{ path: '/Results/renamed-200x133.jpg' }]);
		const none = await run(null, { type: 'noop', parameters: {}, outputs: ['list.txt'] });
		expect(none.files).toMatchObject([{ path: '/Results/noop-list.txt' }]);
	});

	it('that cannot be filed stay with the task, which has succeeded, with the reason', async () => {
		const photo = await upload('/a/photo.png');
		await upload('/file');
		const deep = `/${Array.from({ length: 64 }, (_, i) => `${i}`).join('/')}`;
		const quota: Quota = { serviceClass: 'standard', bytes: 150, files: null };
		const taken = Array.from({ length: 1000 }, (_, i) => (i === 0 ? 'x.jpg' : `x (${i + 1}).jpg`));
		for (const name of taken) await room.files.makeFolder(1, ['full', name]);
		const into = (folder: string, name?: string): Filing => ({
			...{ place: 'folder', folder, conflict: 'rename' },
			...(name === undefined ? {} : { name }),
		});
		const cases: [Ran, RegExp][] = [
			[{ quota }, /gives you room for 150 bytes/],
			[{ results: into('/file/below') }, /is a file/],
			[{ results: into(deep) }, /deeper than 64/],
			[{ results: into('/full', 'x.{ext}') }, /already 1000 things/],
		];
		for (const [ran, reason] of cases) {
			const task = await run(photo, ran);
			expect(task.files).toEqual([]);
			expect(filings(task)).toEqual([
				{ name: 'resized.jpg', state: 'unfiled', version: null, reason: expect.stringMatching(reason) },
			]);
			expect(room.count(`SELECT count(*) FROM task_outputs WHERE task_seq = ${task.seq}`)).toBe(1);
		}
		expect(room.count('SELECT count(*) FROM provenance')).toBe(0);
		expect(room.count(`SELECT count(*) FROM folders WHERE name = '63'`)).toBe(0);
	});

	it('are filed one by one: what has no room holds up no other', async () => {
		const photo = await upload('/a/photo.png');
		const used = room.count('SELECT bytes FROM storage_use WHERE owner_seq = 1');
		const quota: Quota = { serviceClass: 'standard', bytes: used + 150, files: null };
		const task = await run(photo, { outputs: ['resized.jpg', 'resized.png'], quota });
		expect(filings(task).map(({ state }) => state)).toEqual(['filed', 'unfiled']);
		expect(await list('/a')).toEqual(['photo-200x133.jpg', 'photo.png']);
	});
});

describe('the list of results', () => {
	const results = () => new Results({ ledger: room.ledger });

	it('tells the newest files first, page after page, each with where it is and what it came from', async () => {
		const photo = await upload('/a/photo.png');
		const tasks = [];
		for (const width of [10, 20, 30]) {
			const result = { width, height: width };
			tasks.push(await run(photo, { parameters: { width }, results: { ...KEPT, conflict: 'rename' }, result }));
		}
		const first = await results().list(1, { limit: 2 });
		expect(first.items).toMatchObject([
			{ path: '/a/photo-30x30.jpg', version: 1, type: 'resize', output: 'resized.jpg', task: tasks[2]?.id, job: null },
			{ path: '/a/photo-20x20.jpg', recipe: null, thumbnail: null },
		]);
		const rest = await results().list(1, { limit: 2, cursor: first.nextCursor ?? '' });
		expect(rest).toMatchObject({ items: [{ path: '/a/photo-10x10.jpg' }], nextCursor: null });
		expect((await results().list(2, { limit: 10 })).items).toEqual([]);
		const [task] = tasks;
		expect((await results().list(1, { limit: 10, task: task?.id })).items).toMatchObject([{ name: 'photo-10x10.jpg' }]);
		await expect(results().list(1, { limit: 2, cursor: 'x' })).rejects.toThrow();
	});

	it('tells of a job what came out of its tasks, file or not, and nobody else’s', async () => {
		const photo = await upload('/a/photo.png');
		const filed = await run(photo);
		const kept = await run(photo, { results: { place: 'keep', conflict: 'version' } });
		room.db.exec(
			`INSERT INTO jobs (seq, id, owner_seq, cause, title, wish, state, created_at) VALUES (7, 'job_x', 1, 'demand', 'All', '{}', 'running', 1)`,
		);
		room.db.exec('UPDATE tasks SET job_seq = 7; UPDATE provenance SET job_seq = 7');
		const [file] = filed.files;
		const page = await results().ofJob(1, 'job_x', { limit: 1 });
		expect(page.items).toMatchObject([
			{
				task: filed.id,
				type: 'resize',
				input: '/a/photo.png',
				name: 'resized.jpg',
				size: 100,
				file: file?.id,
				version: 1,
			},
		]);
		expect(page.items[0]?.url).toBe(`/api/v1/tasks/${filed.id}/outputs/resized.jpg`);
		const next = await results().ofJob(1, 'job_x', { limit: 1, cursor: page.nextCursor ?? '' });
		expect(next).toMatchObject({ items: [{ task: kept.id, file: null, reason: null }], nextCursor: null });
		expect((await results().list(1, { limit: 10, job: 'job_x' })).items).toMatchObject([
			{ job: { id: 'job_x', title: 'All' } },
		]);
		await expect(results().ofJob(2, 'job_x', { limit: 1 })).rejects.toThrow(/There is no job/);
	});
});
