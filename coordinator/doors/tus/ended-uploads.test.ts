import { utimes, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TusStage } from '../../../test/support/tus-stage.ts';
import { TUS_PREFIX } from './tus-door.ts';

let stage: TusStage;
beforeEach(async () => {
	stage = await TusStage.open();
});
afterEach(() => stage[Symbol.asyncDispose]());

it('ends an upload when its owner says so', async () => {
	const path = await stage.begin(3, { path: '/f' });
	await stage.patch(path, 0, 'on');
	expect(await stage.call('DELETE', path)).toMatchObject({ status: 204 });
	expect(await stage.call('HEAD', path)).toMatchObject({ status: 404 });
	expect(await stage.left()).toEqual([]);
});

describe('an upload that is ended', () => {
	it('while it is being finished is finished first, and then only its answer is forgotten', async () => {
		const path = await stage.begin(3, { path: '/f' });
		let commit = (): void => {};
		const committing = new Promise<void>((reached) => {
			stage.beforeCommit = () => {
				reached();
				return new Promise((resolve) => {
					commit = resolve;
				});
			};
		});
		const last = stage.patch(path, 0, 'one');
		await committing;
		const ended = stage.call('DELETE', path);
		const again = stage.call('DELETE', path);
		// A whole request later they have come in, most likely; the outcome is the same if not.
		expect((await stage.call('OPTIONS', TUS_PREFIX)).status).toBe(204);
		commit();
		expect(await last).toMatchObject({ status: 204, answer: { file: { path: '/f', version: 1 } } });
		expect([(await ended).status, (await again).status]).toEqual([204, 204]);
		expect(await stage.call('HEAD', path)).toMatchObject({ status: 404 });
		expect(await stage.left()).toEqual([]);
		expect(await stage.room.list()).toEqual(['/f']);
	});

	it('at any moment of its end is a file or is none, and nobody hears of an inner failure', async () => {
		for (let turns = 0; turns < 60; turns++) {
			const path = await stage.begin(3, { path: `/f${turns}` });
			const last = stage.patch(path, 0, 'one');
			for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
			const ended = await stage.call('DELETE', path);
			expect([204, 404]).toContain((await last).status);
			expect(ended.status).toBe(204);
			expect(await stage.call('HEAD', path)).toMatchObject({ status: 404 });
			const isThere = (await stage.room.list()).includes(`/f${turns}`);
			expect(isThere).toBe((await last).status === 204);
		}
		expect(await stage.left()).toEqual([]);
	});

	it('by its age, under the hands of its finisher, is not found', async () => {
		const path = await stage.begin(3, { path: '/f' });
		const original = stage.room.blobs.stage.bind(stage.room.blobs);
		stage.room.blobs.stage = async (...args) => {
			await stage.door.expire(Date.now() + 48 * 3_600_000);
			return original(...args);
		};
		expect(await stage.patch(path, 0, 'one')).toMatchObject({ status: 404, code: 'not-found' });
		expect(await stage.left()).toEqual([]);
		expect(await stage.room.list()).toEqual([]);
	});
});

describe('one person', () => {
	const other = { 'x-user': '2' };

	it('may have begun so many uploads, also at once, and also after a restart', async () => {
		await stage.openDoor({ mostBegun: 3 });
		const begun = await Promise.all(Array.from({ length: 6 }, (_, i) => stage.create(3, { path: `/f${i}` })));
		expect(begun.map(({ status }) => status).sort()).toEqual([201, 201, 201, 429, 429, 429]);
		expect(begun.find(({ status }) => status === 429)?.code).toBe('too-many-requests');
		await stage.openDoor({ mostBegun: 3 });
		expect((await stage.create(3, { path: '/f' })).status).toBe(429);
		expect((await stage.create(3, { path: '/f' }, other)).status).toBe(201);
		const [first, second] = begun.flatMap(({ headers }) => headers.location ?? []);
		await stage.call('DELETE', first!);
		expect((await stage.create(3, { path: '/f' })).status).toBe(201);
		expect((await stage.create(3, { path: '/f' })).status).toBe(429);
		expect((await stage.patch(second!, 0, 'one')).status).toBe(204);
		expect((await stage.create(3, { path: '/f' })).status).toBe(201);
	});

	it('has the newest answers kept, and others’ are not counted', async () => {
		await stage.openDoor({ mostAnswers: 2 });
		const finish = async (path: string, headers = {}): Promise<string> => {
			const { headers: said } = await stage.create(3, { path }, headers);
			expect((await stage.patch(said.location!, 0, 'one', headers)).status).toBe(204);
			return said.location!;
		};
		const theirs = await finish('/theirs', other);
		const mine = [await finish('/f0'), await finish('/f1'), await finish('/f2')];
		const statuses = () => Promise.all(mine.map(async (path) => (await stage.call('HEAD', path)).status));
		expect(await statuses()).toEqual([404, 200, 200]);
		await stage.openDoor({ mostAnswers: 2 });
		mine.push(await finish('/f3'));
		expect((await statuses()).filter((status) => status === 200)).toHaveLength(2);
		expect((await stage.call('HEAD', mine[3]!)).status).toBe(200);
		expect((await stage.call('HEAD', theirs, other)).status).toBe(200);
		expect(await stage.left()).toHaveLength(3);
		expect(await stage.room.list()).toHaveLength(4);
	});
});

it.each([
	['.done', ''],
	['.done', '{'],
	['.done', '{"size":3}'],
	['.json', ''],
	['.json', '{'],
])('a damaged record (%s with "%s") is as none', async (ending, content) => {
	const path = await stage.begin(3, { path: '/f' });
	if (ending === '.done') await stage.patch(path, 0, 'one');
	const record = stage.room.folder.join('uploads', path.slice(TUS_PREFIX.length + 1) + ending);
	await writeFile(record, content);
	expect(await stage.call('HEAD', path)).toMatchObject({ status: 404 });
	expect(await stage.patch(path, 0, 'one')).toMatchObject({ status: 404, code: 'not-found' });
	expect(await stage.call('DELETE', path)).toMatchObject({ status: 204 });
	expect(await stage.left()).toEqual([]);
});

it('forgets what has expired, begun or finished, and nothing else', async () => {
	const old = await stage.begin(3, { path: '/old' });
	const done = await stage.begin(3, { path: '/done' });
	await stage.patch(done, 0, 'one');
	const stale = new Date(Date.now() - 25 * 3_600_000);
	for (const name of await stage.left()) await utimes(stage.room.folder.join('uploads', name), stale, stale);
	const young = await stage.begin(3, { path: '/young' });
	expect(await stage.door.expire()).toBe(2);
	expect(await stage.call('HEAD', old)).toMatchObject({ status: 404 });
	expect(await stage.call('HEAD', done)).toMatchObject({ status: 404 });
	expect(await stage.call('HEAD', young)).toMatchObject({ status: 200 });
	expect(await stage.room.list()).toEqual(['/done']);
});
