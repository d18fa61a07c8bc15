import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recipeDraftSchema } from '../../shared/protocol/recipe.ts';
import type { NewSchedule } from '../../shared/protocol/schedule.ts';
import { SchedulesRoom } from '../../test/support/schedules-room.ts';
import { SYSTEM } from '../audit/doer.ts';

const BY = { actor: 'usr_a', address: '' };

let room: SchedulesRoom;
beforeEach(async () => {
	room = await SchedulesRoom.open();
	room.jobs.policies.make('backfill', { idleOnly: true });
	// What uploads start is not what these tests are about.
	room.jobs.db.exec('INSERT INTO recipe_books VALUES (1, 1), (2, 1)');
});
afterEach(() => room[Symbol.asyncDispose]());

const day = (n: number) => `2026-01-${String(n).padStart(2, '0')}T07:30:00Z`;
const recipe = (steps: object[] = [{ type: 'md5' }], name = 'basics', ownerSeq = 1) =>
	room.jobs.processing.recipes.create(ownerSeq, recipeDraftSchema.parse({ name, steps }), BY);
const upload = async (paths: readonly string[]) => {
	for (const path of paths) await room.jobs.upload(path, path);
	// Those of a folder are those of before the job.
	room.jobs.db.exec('UPDATE files SET created_at = 1, modified_at = 1');
};
const schedule = (fields: Partial<NewSchedule>) => room.create({ type: undefined, ...fields });
/** Lets all that is to be fed be fed. */
const fed = async () => {
	await room.jobs.processing.feeder.settled();
	await room.settled();
};
const jobs = () =>
	room.jobs.db.prepare('SELECT state, tasks, fed_at IS NOT NULL AS isFed, skipped FROM jobs ORDER BY seq').all();

test('each time the recipe as it is then runs over the files that are there then', async () => {
	const { id } = await recipe();
	await upload(['/in/a', '/in/b', '/c']);
	const made = await schedule({
		...{ recipe: id, over: { folder: '/in', recursive: true }, routingKey: 'priority.sums' },
		results: { place: 'folder', folder: '/sums', conflict: 'version' },
	});
	expect(made).toMatchObject({ recipe: id, over: { folder: '/in' }, spread: 'each', lane: 'fresh' });
	expect(made).not.toHaveProperty('type');
	await room.at(day(5));
	await fed();
	expect(await room.runs(made.id)).toEqual(['01-05T07:30 tick started']);
	expect(jobs()).toEqual([{ state: 'running', tasks: 2, isFed: 1, skipped: 0 }]);
	const origins = room.jobs.db
		.prepare(
			`SELECT o.cause, o.schedule_seq AS schedule, o.recipe_version AS version, o.filing ->> '$.folder' AS folder,
			        t.routing_key AS key, j.title FROM task_origins o JOIN tasks t ON t.seq = o.task_seq
			 JOIN jobs j ON j.seq = t.job_seq`,
		)
		.all();
	const origin = { cause: 'schedule', schedule: 1, version: 1, folder: '/sums', key: 'priority.sums', title: 'daily' };
	expect(origins).toEqual([origin, origin]);
	expect(room.jobs.queue.submitted).toBe(2);
	await room.end('succeeded');
	expect(await room.schedules.read(made.id)).toMatchObject({ lastRun: { jobState: 'done' } });

	const { recipes } = room.jobs.processing;
	const steps = [{ type: 'md5' }, { type: 'mimetype' }];
	const draft = recipeDraftSchema.parse({ name: 'basics', steps });
	await recipes.change(id, draft, { ifMatch: null, ifNoneMatch: null }, BY);
	await upload(['/in/deep/d']);
	await room.at(day(6));
	await fed();
	expect(jobs()[1]).toEqual({ state: 'running', tasks: 6, isFed: 1, skipped: 0 });
});

test('killed between the tick and the feeding, the next process feeds the job, each file once', async () => {
	const { id } = await recipe();
	await upload(['/in/a', '/in/b', '/in/c']);
	await schedule({ recipe: id, over: { folder: '/in', recursive: true } });
	room.diesBeforeFeeding = true;
	await room.at(day(5));
	await fed();
	expect(jobs()).toEqual([{ state: 'feeding', tasks: 0, isFed: 0, skipped: 0 }]);
	await room.restart();
	await room.jobs.processing.jobs.resume();
	await fed();
	expect(jobs()).toEqual([{ state: 'running', tasks: 3, isFed: 1, skipped: 0 }]);
	expect(room.count('SELECT count(DISTINCT file_seq) FROM tasks')).toBe(3);
	expect(room.count('SELECT count(*) FROM schedule_runs')).toBe(1);
});

describe('while the last job is still being fed', () => {
	const stopped = async (overlap: NewSchedule['overlap']) => {
		const { id } = await recipe();
		await upload(['/in/a', '/in/b']);
		const made = await schedule({ recipe: id, over: { folder: '/in', recursive: true }, overlap });
		room.diesBeforeFeeding = true;
		await room.at(day(5));
		room.diesBeforeFeeding = false;
		await room.at(day(6));
		return made.id;
	};
	const outcomes = async (id: string) => (await room.runs(id)).map((run) => run.slice(12));

	test('skip: the next time does not run, nor when the job is paused', async () => {
		const id = await stopped('skip');
		const job = room.jobs.db.prepare('SELECT id FROM jobs').pluck().get() as string;
		await room.jobs.processing.jobs.say(job, 'pause', BY);
		await room.at(day(7));
		expect(await outcomes(id)).toEqual(['tick started', 'tick skipped', 'tick skipped']);
		await room.jobs.processing.jobs.say(job, 'resume', BY);
		await fed();
		await room.end('succeeded');
		await room.at(day(8));
		expect((await outcomes(id)).at(-1)).toBe('tick started');
	});

	test('queue: it starts when all of the last one was fed and has ended', async () => {
		const id = await stopped('queue');
		expect(await outcomes(id)).toEqual(['tick started', 'tick queued']);
		await room.jobs.processing.jobs.resume();
		await fed();
		expect(await outcomes(id)).toEqual(['tick started', 'tick queued']);
		await room.end('succeeded');
		await fed();
		expect(await outcomes(id)).toEqual(['tick started', 'tick started']);
		expect(jobs()).toMatchObject([
			{ state: 'done', tasks: 2 },
			{ state: 'running', tasks: 2 },
		]);
	});

	test('cancel-old: the old one makes no tasks any more', async () => {
		const id = await stopped('cancel-old');
		await fed();
		await room.jobs.processing.jobs.resume();
		await fed();
		expect(await outcomes(id)).toEqual(['tick started', 'tick started']);
		expect(jobs()).toMatchObject([
			{ state: 'cancelled', tasks: 0 },
			{ state: 'running', tasks: 2 },
		]);
	});
});

describe('what cannot run', () => {
	test.each([
		[{ over: { folder: '/nowhere', recursive: true } }, 'not-found'],
		[{ recipe: `rcp_${'0'.repeat(26)}` }, 'not-found'],
		[{ serviceClass: 'nothing' }, 'queue-not-allowed'],
	])('%j is refused when the schedule is made: %s', async (fields, code) => {
		const { id } = await recipe();
		await upload(['/in/a']);
		const usual = { recipe: id, over: { folder: '/in', recursive: true } };
		await expect(schedule({ ...usual, ...fields })).rejects.toMatchObject({ code });
		expect(room.count('SELECT count(*) FROM schedules')).toBe(0);
	});

	test('another person’s recipe is none', async () => {
		const { id } = await recipe([{ type: 'noop' }], 'of bob', 2);
		await expect(schedule({ recipe: id })).rejects.toMatchObject({ code: 'not-found' });
	});

	test('a recipe that broke meanwhile makes refused runs that say why, and the schedule pauses after enough of them', async () => {
		const { id } = await recipe([{ type: 'noop' }]);
		const made = await schedule({ recipe: id, pauseAfter: 2 });
		room.jobs.db.exec(`UPDATE recipes SET body = json_set(body, '$.steps[0].type', 'gone')`);
		for (const n of [5, 6]) await room.at(day(n));
		const { items } = await room.schedules.runs(made.id, { limit: 2 });
		expect(items.map(({ outcome }) => outcome)).toEqual(['refused', 'refused']);
		expect(items[0]?.reason).toContain('There is no task type gone any more');
		expect(await room.schedules.read(made.id)).toMatchObject({ state: 'paused', failures: 2 });
		expect(jobs()).toEqual([]);
	});

	test('a run that comes to no task is done at once, and not in the way of the next', async () => {
		const { id } = await recipe([{ type: 'thumbnail' }]);
		await upload(['/in/a']);
		room.jobs.db.exec(`UPDATE file_versions SET facts = '{"mimetype":"text/plain"}'`);
		const file = room.jobs.db.prepare('SELECT id FROM files').pluck().get() as string;
		await schedule({ recipe: id, over: { files: [file] } });
		await room.at(day(5));
		await room.at(day(6));
		expect(jobs()).toEqual(Array(2).fill({ state: 'done', tasks: 0, isFed: 1, skipped: 1 }));
	});

	test('a stored wish that nobody understands any more holds up no other schedule', async () => {
		const { id } = await recipe([{ type: 'noop' }]);
		const odd = await schedule({ recipe: id, name: 'odd' });
		const even = await schedule({ recipe: id, name: 'even' });
		room.jobs.db.prepare(`UPDATE schedules SET wish = '{"recipe":7}' WHERE id = ?`).run(odd.id);
		await room.at(day(5));
		expect((await room.runs(odd.id)).at(-1)).toBe('01-05T07:30 tick refused');
		expect((await room.runs(even.id)).at(-1)).toBe('01-05T07:30 tick started');
	});
});

test('a recipe that schedules run says so, and is not deleted before they are', async () => {
	const { id } = await recipe([{ type: 'noop' }]);
	const made = await schedule({ recipe: id, name: 'nightly' });
	const { recipes } = room.jobs.processing;
	expect((await recipes.read(id)).recipe.usedBy).toEqual({ triggers: 0, schedules: 1 });
	const [plan] = room.jobs.db
		.prepare(`EXPLAIN QUERY PLAN SELECT count(*) FROM schedules s WHERE s.wish ->> '$.recipe' = ?`)
		.all('x') as { detail: string }[];
	expect(plan?.detail).toContain('schedules_of_recipe');
	await expect(recipes.remove(id, BY)).rejects.toMatchObject({
		code: 'recipe-in-use',
		message: 'Schedules run the recipe: nightly. Delete them first, or give them another recipe.',
	});
	await room.schedules.remove(made.id, { ifMatch: null, ifNoneMatch: null }, SYSTEM);
	await recipes.remove(id, BY);
	expect(room.count('SELECT count(*) FROM recipes')).toBe(0);
});
