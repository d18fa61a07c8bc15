import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newScheduleSchema } from '../../shared/protocol/schedule.ts';
import { SourcesRoom } from '../../test/support/sources-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { retireDataset } from '../datasets/retire-store.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';
import { monthOf } from '../source-runs/month.ts';

let room: SourcesRoom;
beforeAll(async () => {
	room = await SourcesRoom.open();
});
beforeEach(() => room.clear());
afterAll(() => room[Symbol.asyncDispose]());

const useOf = async (id: string) => {
	const { items, reserved, left } = (await room.sources.read(id)).use;
	return { items, reserved, left };
};
const scheduleOf = async (id: string) => {
	const [schedule] = (await room.sources.read(id)).schedules;
	return schedule!;
};
const notices = () => room.jobs.db.prepare('SELECT kind, title, text FROM notices ORDER BY seq').all();
const ADA = { userSeq: 1, userId: 'usr_a' };
const A_FEW = ['a', 'b', 'c'];

describe('a source', () => {
	it('is made with its dataset and its schedule, all or nothing', async () => {
		const source = await room.create({ schedule: { cron: '30 7 * * *', timeZone: 'Europe/London' } });
		expect(source).toMatchObject({
			...{ type: 'feed-topic', state: 'active', lastRun: null, dataset: { name: 'mills', version: 0 } },
			schedules: [{ name: 'Mills', sentence: 'every day at 07:30, Europe/London', state: 'active' }],
		});
		const before = room.jobs.count('SELECT count(*) FROM datasets');
		await expect(room.create({ name: 'mills' })).rejects.toMatchObject({ code: 'name-taken' });
		const bad = { name: 'Other', schedule: { cron: '0 0 30 2 *', timeZone: 'UTC' } };
		await expect(room.create(bad)).rejects.toMatchObject({ code: 'schedule-never' });
		await expect(room.create({ name: 'Other', type: 'md5' })).rejects.toMatchObject({ code: 'invalid' });
		await expect(room.create({ name: 'Other', type: 'x-topic', parameters: { topic: 'a' } })).rejects.toMatchObject({
			code: 'secret-missing',
		});
		expect(room.jobs.count('SELECT count(*) FROM datasets')).toBe(before);
		expect((await room.create({ name: 'Mills!' })).dataset.name).toBe('mills-2');
	});

	it('goes on from where it was left, and each run that brought something is a version of its dataset', async () => {
		const { id } = await room.create();
		const first = await room.start(id);
		expect(first).toMatchObject({ cursor: null, left: 100 });
		await room.settle(first, { keys: A_FEW, cursor: { etag: '1' }, more: true, note: 'There is more.' });
		const second = await room.start(id);
		expect(second.cursor).toEqual({ etag: '1' });
		await room.settle(second, { keys: ['d'], cursor: { etag: '2' } });
		const source = await room.sources.read(id);
		expect(source).toMatchObject({ dataset: { version: 2 }, lastRun: { state: 'done', items: 1, datasetVersion: 2 } });
		expect(await room.keys(id)).toEqual([...A_FEW, 'd']);
		// At the same time, and yet none took another one's place.
		expect(room.jobs.count('SELECT count(DISTINCT path) FROM dataset_entries')).toBe(2);
		const { items } = await room.sources.runs(id, { limit: 10 });
		expect(items).toMatchObject([{ items: 1 }, { items: 3, more: true, note: 'There is more.' }]);
	});

	it('moves on also when there was nothing new', async () => {
		const { id } = await room.create();
		await room.settle(await room.start(id), { cursor: { etag: 'new' } });
		expect((await room.start(id)).cursor).toEqual({ etag: 'new' });
		expect(await room.sources.read(id)).toMatchObject({ dataset: { version: 0 }, lastSuccessAt: expect.any(String) });
	});

	it('has one run at a time, and asked again answers with that', async () => {
		const { id } = await room.create();
		const { task } = await room.start(id);
		expect(await room.sources.run(id, SYSTEM)).toEqual({ task, started: false });
	});

	it('takes a settlement once', async () => {
		const { id } = await room.create({ mostItemsPerMonth: 10 });
		const run = await room.start(id);
		await room.settle(run, { keys: A_FEW });
		expect(await room.settle(run, { keys: A_FEW })).toMatchObject({ outcome: null });
		expect(await room.keys(id)).toEqual(A_FEW);
		expect(await useOf(id)).toEqual({ items: 3, reserved: 0, left: 7 });
	});

	it('that was reset meanwhile takes nothing of a run from before, and begins anew', async () => {
		const { id } = await room.create({ mostItemsPerMonth: 50 });
		const run = await room.start(id);
		await expect(room.sources.reset(id, 'mills', SYSTEM)).rejects.toMatchObject({ code: 'confirmation-needed' });
		await room.sources.reset(id, 'Mills', SYSTEM);
		await room.settle(run, { keys: A_FEW, cursor: { etag: 'old' } });
		expect(await room.keys(id)).toEqual([]);
		// What was read was read.
		expect(await useOf(id)).toEqual({ items: 3, reserved: 0, left: 47 });
		expect((await room.sources.read(id)).lastRun).toMatchObject({
			state: 'late',
			note: expect.stringContaining('reset'),
		});
		expect((await room.start(id)).cursor).toBeNull();
	});

	it('takes its contents too', async () => {
		const { id } = await room.create({ name: 'Page', type: 'url', parameters: { url: 'https://example.org/a.csv' } });
		await room.settle(await room.start(id), { keys: ['x'], others: { 'content.csv': 'a,b' } });
		const paths = room.jobs.db.prepare('SELECT path, media_type FROM dataset_entries ORDER BY path').raw().all();
		expect(paths).toEqual([
			['content/2100-11-20T07-30-00.000Z.csv', null],
			['items/2100-11-20T07-30-00.000Z.jsonl', 'application/x-ndjson'],
		]);
	});
});

describe('a month’s cap', () => {
	it('is kept by what was taken and what open runs may take, and ends with the month', async () => {
		const { id } = await room.create({ mostItemsPerMonth: 120 });
		const first = await room.start(id);
		expect(first.left).toBe(100);
		expect(await useOf(id)).toEqual({ items: 0, reserved: 100, left: 20 });
		await room.settle(first, { keys: Array.from({ length: 100 }, (_, i) => `a${i}`) });
		const second = await room.start(id);
		expect(second.left).toBe(20);
		await room.settle(second, { keys: Array.from({ length: 20 }, (_, i) => `b${i}`) });
		const refused = room.start(id);
		await expect(refused).rejects.toMatchObject({
			code: 'source-capped',
			message: expect.stringContaining('2100-12-01'),
		});
		room.now = Date.parse('2100-12-01T00:00:00Z');
		expect((await room.start(id)).left).toBe(100);
	});

	it('counts a run in the month in which it began, and money by the price that it began with', async () => {
		const paid = { pricePerItem: 0.5, mostSpendPerMonth: 10 };
		const { id } = await room.create(paid);
		room.now = Date.parse('2100-11-30T23:59:59Z');
		const run = await room.start(id);
		expect(run.left).toBe(20);
		const change = { name: 'Mills', parameters: { url: 'https://example.org/feed' }, secrets: {} };
		const dearer = { ...change, mostItemsPerMonth: null, pricePerItem: 2, mostSpendPerMonth: 10 };
		await room.sources.change(id, dearer, ANY_VERSION, SYSTEM);
		room.now = Date.parse('2100-12-01T00:00:05Z');
		await room.settle(run, { keys: A_FEW });
		const [december, november] = await room.sources.use(id);
		expect(december).toMatchObject({ month: '2100-12', items: 0, spend: 0, left: 5 });
		expect(november).toMatchObject({ month: '2100-11', items: 3, spend: 1.5, reserved: 0, left: 0 });
	});

	it('is no failure of a schedule, which goes on in the next month', async () => {
		const { id } = await room.create({ mostItemsPerMonth: 3, schedule: { cron: '@daily', timeZone: 'UTC' } });
		await room.settle(await room.start(id), { keys: A_FEW });
		// Schedules go by the real clock here; it may be that its month ends just now.
		const used = room.jobs.db.prepare(
			'INSERT INTO source_use (source_seq, month, items) SELECT seq, ?, 3 FROM sources',
		);
		for (const month of [0, 1]) used.run(monthOf(Date.now()) + month);
		const { id: schedule } = await scheduleOf(id);
		const { schedules } = room.jobs.processing;
		await expect(schedules.runNow(schedule, SYSTEM)).rejects.toMatchObject({
			message: expect.stringContaining('goes on from'),
		});
		expect(await schedules.read(schedule)).toMatchObject({ failures: 0, state: 'active' });
	});
});

describe('a run that came to nothing', () => {
	const said = (code: string) => [{ state: 'failed', reason: `${code}: so it is` }];

	it('frees what it reserved when it says that it has got nothing, or never began', async () => {
		const { id } = await room.create({ mostItemsPerMonth: 100 });
		await room.fail(await room.start(id), 'fetch-status', said('fetch-status'));
		expect(await useOf(id)).toEqual({ items: 0, reserved: 0, left: 100 });
		await room.fail(await room.start(id), 'expired');
		expect(await useOf(id)).toEqual({ items: 0, reserved: 0, left: 100 });
		expect(await room.sources.read(id)).toMatchObject({
			state: 'active',
			lastRun: { state: 'failed', note: 'It went wrong.' },
		});
	});

	it('counts as read when one of its attempts may have read', async () => {
		const { id } = await room.create({ mostItemsPerMonth: 150 });
		const lost = { state: 'lost', reason: 'the node died' };
		await room.fail(await room.start(id), 'fetch-status', [lost, ...said('fetch-status')]);
		expect(await useOf(id)).toEqual({ items: 100, reserved: 0, left: 50 });
	});

	it.each([
		['x-token-refused', 'Then resume the source.'],
		['x-forbidden', 'Then resume the source.'],
		['feed-not-a-feed', 'Change its address'],
		['address-refused', 'Change its address'],
	])('for %s stops the source and its schedule, says what to do, and resumes both', async (code, whatToDo) => {
		const { id } = await room.create({ schedule: { cron: '@daily', timeZone: 'UTC' } });
		await room.fail(await room.start(id), code, said(code));
		const stopped = await room.sources.read(id);
		expect(stopped).toMatchObject({ state: 'stopped', reason: expect.stringContaining(whatToDo) });
		expect(stopped.schedules).toMatchObject([{ state: 'paused', nextRunAt: null }]);
		await room.jobs.settled();
		expect(notices()).toContainEqual({
			...{ kind: 'source-stopped', title: 'The source Mills is stopped', text: expect.stringContaining(whatToDo) },
		});
		await expect(room.start(id)).rejects.toMatchObject({ code: 'source-stopped' });
		const resumed = await room.sources.resume(id, SYSTEM);
		expect(resumed).toMatchObject({ state: 'active', reason: null, schedules: [{ state: 'active' }] });
		expect(resumed.schedules[0]!.nextRunAt).not.toBeNull();
	});

	it('is not tried again by hand, as its reservation is gone', async () => {
		const { id } = await room.create();
		const run = await room.start(id);
		await room.fail(run, 'fetch-status', said('fetch-status'));
		const again = () =>
			room.jobs.db.prepare(`UPDATE tasks SET state = 'queued', finished_at = NULL WHERE seq = ?`).run(run.seq);
		expect(again).toThrow('of-a-source');
	});
});

describe('what a run says', () => {
	it.each([
		['more than it was to bring', { keys: Array.from({ length: 101 }, (_, i) => String(i)) }, '101 items'],
		['no items', { lines: ['{"key": 1}'] }, 'line 1 is no item'],
		['no cursor', { keys: ['a'], cursor: 'x' }, 'where it is to go on'],
		['a huge cursor', { keys: ['a'], cursor: { x: 'x'.repeat(40_000) } }, 'where it is to go on'],
	])('is not believed when it is %s: nothing is taken, and the source stops', async (_, word, why) => {
		const { id } = await room.create();
		const run = await room.start(id);
		expect((await room.settle(run, word)).outcome).toMatchObject({ state: 'succeeded' });
		expect(await room.sources.read(id)).toMatchObject({
			...{ state: 'stopped', reason: expect.stringContaining(why), dataset: { version: 0 } },
			lastRun: { state: 'unusable' },
		});
		expect(room.jobs.count('SELECT count(*) FROM sources WHERE cursor IS NULL')).toBe(1);
	});

	it('waits with the cursor when the owner has no room for it', async () => {
		const { id } = await room.create();
		const quota = { serviceClass: 'standard', bytes: 10, files: null };
		await room.settle(await room.start(id), { keys: A_FEW, quota });
		const stopped = await room.sources.read(id);
		expect(stopped).toMatchObject({
			state: 'stopped',
			reason: expect.stringContaining('standard gives you room for 10'),
		});
		await room.sources.resume(id, SYSTEM);
		expect((await room.start(id)).cursor).toBeNull();
	});
});

describe('what belongs together', () => {
	it('a dataset that a source fills is not deleted before it, and a secret that it is given neither', async () => {
		const { id, dataset } = await room.create();
		await room.settle(await room.start(id), { keys: A_FEW });
		const asked = { readerSeq: 1, ref: dataset.name, force: true, condition: ANY_VERSION, by: SYSTEM, now: 1 };
		await expect(room.jobs.ledger.write(retireDataset, asked)).rejects.toMatchObject({ code: 'dataset-in-use' });
		await room.sources.remove(id, ANY_VERSION, SYSTEM);
		await room.jobs.ledger.write(retireDataset, asked);
		const secret = await room.jobs.processing.secrets.create(ADA, { name: 'X', value: 'secret value' }, SYSTEM);
		const x = { name: 'X', type: 'x-topic', parameters: { topic: 'a' }, secrets: { bearerToken: secret.id } };
		const source = await room.create(x);
		const remove = () => room.jobs.processing.secrets.remove(ADA, secret.id, { condition: ANY_VERSION, by: SYSTEM });
		await expect(remove()).rejects.toMatchObject({
			code: 'secret-in-use',
			message: expect.stringContaining('the source X'),
		});
		await room.sources.remove(source.id, ANY_VERSION, SYSTEM);
		await remove();
	});

	it('deleted, its schedule goes, its dataset stays, and another source can fill that', async () => {
		const { id } = await room.create({ schedule: { cron: '@daily', timeZone: 'UTC' } });
		await room.settle(await room.start(id), { keys: A_FEW });
		const running = await room.start(id);
		await room.sources.remove(id, ANY_VERSION, SYSTEM);
		expect(room.jobs.count('SELECT count(*) FROM schedules')).toBe(0);
		expect((await room.settle(running, { keys: ['d'] })).outcome).toMatchObject({ state: 'succeeded' });
		await expect(room.create({ dataset: 'mills', type: 'md5' })).rejects.toThrow();
		const next = await room.create({ dataset: 'mills' });
		expect(next.dataset).toMatchObject({ name: 'mills', version: 1 });
		expect(await room.keys(next.id)).toEqual(A_FEW);
	});

	it('a schedule runs a source as it is then, and skips a time while it still runs', async () => {
		const { id } = await room.create({ schedule: { cron: '@daily', timeZone: 'UTC' } });
		const { schedules } = room.jobs.processing;
		const { id: schedule } = await scheduleOf(id);
		const byHand = await room.start(id);
		expect(await schedules.runNow(schedule, SYSTEM)).toMatchObject({
			outcome: 'skipped',
			reason: expect.stringContaining(byHand.task),
		});
		await room.settle(byHand, { keys: A_FEW, cursor: { etag: '1' } });
		const { job } = await schedules.runNow(schedule, SYSTEM);
		const run = room.given(job!.tasks[0]!);
		expect(run.cursor).toEqual({ etag: '1' });
		await room.settle(run, { keys: ['d'], cursor: { etag: '2' } });
		expect(await room.keys(id)).toEqual([...A_FEW, 'd']);
		expect(await schedules.read(schedule)).toMatchObject({ source: id, failures: 0 });
	});
});

it('is somebody’s own, and its schedule too', async () => {
	const { id } = await room.create();
	const draft = { name: 'theirs', cron: '@daily', source: id } as never;
	const schedule = newScheduleSchema.parse(draft);
	const made = room.jobs.processing.schedules.create({ seq: 2, role: 'user' }, schedule, null, SYSTEM);
	await expect(made).rejects.toMatchObject({ code: 'not-found' });
	expect((await room.sources.list(2, { limit: 10 })).items).toEqual([]);
	expect((await room.sources.list(1, { limit: 10 })).items).toMatchObject([{ id }]);
});
