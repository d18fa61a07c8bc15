import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobWishSchema } from '../../shared/protocol/job.ts';
import { recipeDraftSchema } from '../../shared/protocol/recipe.ts';
import { newScheduleSchema } from '../../shared/protocol/schedule.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';
import { fireLater, readVersionOf } from './refire-store.ts';

const BY = { actor: 'usr_a', address: '' };
const demand = { ownerSeq: 1, cause: 'demand', scheduleSeq: null, triggerSeq: null } as const;
const NO_SECRET = `sec_${'0'.repeat(26)}`;

let room: JobsRoom;
beforeEach(async () => {
	room = await JobsRoom.open();
	room.db.exec('INSERT INTO recipe_books VALUES (1, 1), (2, 1)');
});
afterEach(() => room[Symbol.asyncDispose]());

const secret = async (name = 'token', owner = { userSeq: 1, userId: 'usr_a' }) =>
	(await room.processing.secrets.create(owner, { name, value: 'hush' }, BY)).id;
const forget = (id: string) =>
	room.processing.secrets.remove({ userSeq: 1, userId: 'usr_a' }, id, { condition: ANY_VERSION, by: BY });
const fetching = (secrets: object) => ({ type: 'fetch', parameters: { url: 'https://example.org/' }, secrets });
const recipe = (steps: object[], name = 'pull') =>
	room.processing.recipes.create(1, recipeDraftSchema.parse({ name, steps }), BY);
const given = () => room.db.prepare('SELECT given FROM task_origins ORDER BY task_seq').pluck().all();

test('a step’s secrets must be one’s own and asked for, also when a version is brought back', async () => {
	const id = await secret();
	const bobs = await secret('of bob', { userSeq: 2, userId: 'usr_b' });
	for (const wrong of [NO_SECRET, bobs]) {
		await expect(recipe([{ type: 'md5' }, fetching({ authorization: wrong })])).rejects.toMatchObject({
			code: 'secret-missing',
			fields: [{ path: 'steps[1].secrets.authorization' }],
		});
	}
	await expect(recipe([fetching({ password: id })])).rejects.toMatchObject({
		code: 'recipe-broken',
		message: expect.stringContaining('fetch asks for no such secret'),
	});
	const made = await recipe([fetching({ authorization: id })]);
	expect(made.broken).toBeNull();
	const { recipes } = room.processing;
	await recipes.change(made.id, recipeDraftSchema.parse({ name: 'pull', steps: [fetching({})] }), ANY_VERSION, BY);
	await forget(id);
	await expect(recipes.rollBack(made.id, 1, ANY_VERSION, BY)).rejects.toMatchObject({ code: 'secret-missing' });
});

test('tasks of jobs are given them, and make none when they are gone by then', async () => {
	const id = await secret();
	const { id: pull } = await recipe([fetching({ authorization: id })]);
	const { jobs } = room.processing;
	const wish = jobWishSchema.parse({ recipe: pull });
	await jobs.start(demand, wish, null, BY);
	expect(given()).toEqual([`{"secrets":{"authorization":"${id}"}}`]);
	expect(room.count('SELECT count(*) FROM secret_uses')).toBe(1);
	expect(await jobs.dryRun(demand, wish)).toMatchObject({ tasks: 1, skipped: [] });
	// Nobody can do that through a door.
	room.db.exec('DELETE FROM secret_uses; DELETE FROM secrets');
	await expect(jobs.start(demand, wish, null, BY)).rejects.toMatchObject({
		code: 'secret-missing',
		fields: [{ path: 'steps[0].secrets.authorization' }],
	});
});

test('a job that is being fed goes on without them, and says why it leaves out what needed them', async () => {
	const id = await secret();
	const steps = [{ type: 'noop' }, { type: 'noop', secrets: {} }];
	const { id: pull } = await recipe(steps);
	await room.upload('/in/a', 'a');
	room.db.exec('UPDATE files SET modified_at = 1');
	room.policies.give(1, { caps: { queued: 2 } });
	await room.submit();
	const wish = jobWishSchema.parse({ recipe: pull, over: { folder: '/in' } });
	const job = await room.processing.jobs.start(demand, wish, null, BY);
	await room.settled();
	room.db.prepare(`UPDATE jobs SET wish = json_set(wish, '$.steps[1].secrets.x', ?)`).run(id);
	await expect(forget(id)).rejects.toMatchObject({ message: expect.stringContaining('by the job pull.') });
	room.db.exec('DELETE FROM secrets');
	room.policies.give(1, {});
	await room.processing.feeder.resume();
	await room.settled();
	expect((await room.processing.jobs.read(job.id)).job).toMatchObject({
		tasks: { total: 1 },
		skipped: [{ reason: `The secret ${id} is not there any more.`, count: 1 }],
	});
});

test('tasks that a trigger starts are given them; without one that is gone the firing is skipped', async () => {
	const id = await secret();
	const { file } = await room.upload('/a', 'a');
	const version = await room.ledger.read(readVersionOf, { file: file.id, version: null });
	const noop = room.db.prepare(`SELECT seq FROM task_types WHERE name = 'noop'`).pluck().get() as number;
	const terms = { routingKey: 'normal.noop', serviceClass: null, priority: 4, parameters: '{}', step: 0, filing: null };
	const firing = (triggerSeq: number, secrets: Record<string, string>) => ({
		...({ triggerSeq, recipe: 'rcp_x', recipeVersion: 1, state: 'fired', reason: null } as const),
		tasks: [{ ...terms, type: 'noop', typeSeq: noop, secrets }],
	});
	const plan = { firings: [firing(1, { token: id }), firing(2, { token: NO_SECRET })], typing: null };
	const how = { event: 'upload', isResult: false, lineage: [], isSniffed: true } as const;
	const fired = { ...how, ownerSeq: 1, input: version!.input };
	await room.ledger.write(fireLater, { happening: null, revision: 1, file: fired, plan, now: 1 });
	expect(given()).toEqual([`{"secrets":{"token":"${id}"}}`]);
	expect(room.db.prepare('SELECT state, reason, tasks FROM trigger_firings ORDER BY trigger_seq').all()).toEqual([
		{ state: 'fired', reason: null, tasks: 1 },
		{ state: 'skipped', reason: `The secret ${NO_SECRET} is not there any more.`, tasks: 0 },
	]);
});

test('what names a secret is told by whoever tries to delete it', async () => {
	const id = await secret();
	await recipe([fetching({ authorization: id })]);
	await recipe([fetching({ authorization: id })], 'pull again');
	const draft = { name: 'nightly', cron: '@daily', ...fetching({ authorization: id }) };
	const owner = { seq: 1, role: 'user' } as const;
	const { id: nightly } = await room.processing.schedules.create(owner, newScheduleSchema.parse(draft), null, BY);
	await expect(forget(id)).rejects.toMatchObject({
		code: 'secret-in-use',
		message:
			'The secret token is in use by the recipes pull, pull again; the schedule nightly. Change or delete them first.',
	});
	for (const one of room.db.prepare('SELECT id FROM recipes').pluck().all() as string[]) {
		await room.processing.recipes.remove(one, BY);
	}
	await expect(forget(id)).rejects.toMatchObject({
		message: 'The secret token is in use by the schedule nightly. Change or delete them first.',
	});
	await room.processing.schedules.remove(nightly, ANY_VERSION, BY);
	await forget(id);
	await expect(room.processing.schedules.create(owner, newScheduleSchema.parse(draft), null, BY)).rejects.toMatchObject(
		{ code: 'secret-missing' },
	);
});
