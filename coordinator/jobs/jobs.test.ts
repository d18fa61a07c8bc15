import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { jobWishSchema, type NewJobWish } from '../../shared/protocol/job.ts';
import { recipeDraftSchema } from '../../shared/protocol/recipe.ts';
import { triggerDraftSchema } from '../../shared/protocol/trigger.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';

const BY = { actor: 'usr_a', address: '' };
const MD5 = [{ type: 'md5' }];

let room: JobsRoom;
beforeEach(async () => {
	room = await JobsRoom.open();
	room.policies.make('backfill', { idleOnly: true });
	// What uploads start is not what these tests are about.
	room.db.exec('INSERT INTO recipe_books VALUES (1, 1), (2, 1)');
});
afterEach(() => room[Symbol.asyncDispose]());

const demand = { ownerSeq: 1, cause: 'demand', scheduleSeq: null, triggerSeq: null } as const;
const start = async (wish: NewJobWish, key: string | null = null) => {
	const { id } = await room.processing.jobs.start(demand, jobWishSchema.parse(wish), key, BY);
	await room.settled();
	return id;
};
const read = async (id: string) => (await room.processing.jobs.read(id)).job;
/** Files in the ledger, without the work of uploading them. */
const makeFiles = (folder: string, count: number, mediaType: string | null = null) => {
	const { db } = room;
	let parent = 0;
	for (const name of folder.split('/').filter((one) => one !== '')) {
		const find = db.prepare('SELECT seq FROM folders WHERE parent_seq = ? AND name = ?').pluck();
		parent =
			(find.get(parent, name) as number | undefined) ??
			Number(
				db
					.prepare('INSERT INTO folders (id, owner_seq, parent_seq, name, created_at) VALUES (?, 1, ?, ?, 1)')
					.run(`fol_${parent}${name}`, parent, name).lastInsertRowid,
			);
	}
	const blob = db
		.prepare(`INSERT OR IGNORE INTO blobs (sha256, size, refs) VALUES (zeroblob(32), 5, 1) RETURNING seq`)
		.pluck();
	const blobSeq = (blob.get() ?? db.prepare('SELECT seq FROM blobs').pluck().get()) as number;
	const file = db.prepare(
		`INSERT INTO files (id, owner_seq, folder_seq, name, version, created_at, modified_at) VALUES (?, 1, ?, ?, 1, 1, 1)`,
	);
	const version = db.prepare(
		`INSERT INTO file_versions (file_seq, number, blob_seq, created_at, created_by, facts) VALUES (?, 1, ?, 1, 1, ?)`,
	);
	const facts = JSON.stringify(mediaType === null ? {} : { mimetype: mediaType });
	const ids: string[] = [];
	db.transaction(() => {
		for (let i = 0; i < count; i += 1) {
			const id = `fil_${String(parent).padStart(6, '0')}${String(i).padStart(20, '0')}`;
			version.run(Number(file.run(id, parent, `f${String(i).padStart(5, '0')}`).lastInsertRowid), blobSeq, facts);
			ids.push(id);
		}
	})();
	return ids;
};
/** Which files tasks were made of, and how often each. */
const made = () =>
	room.db.prepare('SELECT file_seq, count(*) FROM tasks GROUP BY file_seq ORDER BY file_seq').raw().all() as [
		number,
		number,
	][];
const endAll = () => {
	const ids = room.db.prepare('SELECT id FROM tasks WHERE finished_at IS NULL').pluck().all() as string[];
	room.db.transaction(() => {
		for (const id of ids) room.end(id);
	})();
};

describe('a job over named files', () => {
	test('makes its tasks at once, and is done when they are', async () => {
		const [a, b] = await Promise.all([room.upload('/a', 'a'), room.upload('/b', 'b')]);
		const steps = [...MD5, { type: 'mimetype' }];
		const id = await start({ steps, over: { files: [a.file.id, b.file.id] } });
		expect(await read(id)).toMatchObject({
			...{ title: 'md5, mimetype', state: 'running', isWhole: true, planned: 4 },
			tasks: { total: 4, open: 4 },
		});
		endAll();
		expect(await read(id)).toMatchObject({ state: 'done', tasks: { open: 0, succeeded: 4 } });
	});

	test('tells what it leaves out, and is over at once when that is all', async () => {
		const pictures = makeFiles('/pictures', 1, 'image/png');
		const texts = makeFiles('/texts', 2, 'text/plain');
		const files = [...pictures, ...texts, `fil_${'z'.repeat(26)}`];
		const id = await start({ steps: [{ type: 'thumbnail' }], over: { files } });
		expect(await read(id)).toMatchObject({ state: 'running', tasks: { total: 1 } });
		expect((await read(id)).skipped).toEqual([
			{ reason: 'The file is not there any more.', count: 1 },
			{ reason: 'thumbnail is not for text/plain.', count: 2 },
		]);
		const none = await start({ steps: [{ type: 'thumbnail' }], over: { files: texts } });
		expect(await read(none)).toMatchObject({ state: 'done', tasks: { total: 0 } });
	});

	test('all together is one task a step; over none is one task a step, too', async () => {
		const files = makeFiles('/', 3);
		await start({ steps: [{ type: 'noop' }], over: { files }, spread: 'together' });
		await start({ steps: [{ type: 'noop' }, { type: 'noop' }] });
		const inputs = room.db.prepare('SELECT json_array_length(inputs) FROM tasks ORDER BY seq').pluck().all();
		expect(inputs).toEqual([3, 0, 0]);
		await expect(start({ steps: MD5 })).rejects.toMatchObject({ code: 'inputs-invalid' });
		await expect(start({ steps: MD5, over: { files }, spread: 'together' })).rejects.toMatchObject({
			code: 'inputs-invalid',
		});
	});

	test('of a recipe keeps its steps as they were, and where results go', async () => {
		const { recipes } = room.processing;
		const recipe = await recipes.create(1, recipeDraftSchema.parse({ name: 'r', steps: MD5 }), BY);
		const files = makeFiles('/', 1);
		const results = { place: 'beside' } as const;
		const id = await start({ recipe: recipe.id, over: { files }, results });
		expect(await read(id)).toMatchObject({ title: 'r', recipe: recipe.id, recipeVersion: 1, cause: 'demand' });
		const origin = room.db.prepare(
			`SELECT cause, recipe, recipe_version, step, filing ->> '$.place' FROM task_origins`,
		);
		expect(origin.raw().all()).toEqual([['demand', recipe.id, 1, 0, 'beside']]);
		const others = await recipes.create(2, recipeDraftSchema.parse({ name: 'r', steps: MD5 }), BY);
		await expect(start({ recipe: others.id, over: { files } })).rejects.toMatchObject({ code: 'not-found' });
	});

	test('asked for twice with one key is one job; with another wish the key is refused', async () => {
		const files = makeFiles('/', 1);
		const wish: NewJobWish = { steps: MD5, over: { files } };
		expect(await start(wish, 'k')).toBe(await start(wish, 'k'));
		expect(made()).toEqual([[1, 1]]);
		await expect(start({ steps: MD5 }, 'k')).rejects.toMatchObject({ code: 'idempotency-mismatch' });
	});

	test('keeps to the class: its cap, its rate, its queues', async () => {
		const files = makeFiles('/', 5);
		const wish: NewJobWish = { steps: MD5, over: { files } };
		room.policies.give(1, { allowedQueues: ['normal'] });
		await expect(start({ ...wish, routingKey: 'priority.x' })).rejects.toMatchObject({ code: 'queue-not-allowed' });
		room.policies.give(1, { caps: { queued: 1 } });
		await expect(start({ ...wish, steps: [...MD5, ...MD5] })).rejects.toMatchObject({ code: 'too-many-queued' });
		expect(room.count('SELECT count(*) FROM jobs')).toBe(0);
	});

	test('more than the class lets through at once are fed, and it tells what it waits for', async () => {
		const wish: NewJobWish = { steps: MD5, over: { files: makeFiles('/', 5) } };
		room.policies.give(1, { rates: { submits: { perMinute: 1, burst: 4 } } });
		const slow = await start(wish);
		expect(await read(slow)).toMatchObject({ state: 'feeding', tasks: { total: 4 } });
		expect((await read(slow)).waiting).toContain('lets 1 tasks a minute');
		room.policies.give(1, { caps: { queued: 4 } });
		const full = await start(wish);
		expect(await read(full)).toMatchObject({ state: 'feeding', tasks: { total: 0 } });
		expect((await read(full)).waiting).toContain('lets 4 of your tasks wait');
		room.policies.give(1, {});
		await room.processing.feeder.resume();
		await room.settled();
		expect(await read(full)).toMatchObject({ state: 'running', waiting: null, tasks: { total: 5 } });
	});

	test('begins with none, and makes no more, while the queue is drained', async () => {
		makeFiles('/in', 20);
		room.policies.give(1, { caps: { queued: 8 } });
		const wish: NewJobWish = { steps: MD5, over: { folder: '/in' } };
		const id = await start(wish);
		await room.queues.steer('normal', 'drain', null, BY);
		room.policies.give(1, {});
		await room.processing.feeder.resume();
		await room.settled();
		expect(await read(id)).toMatchObject({ state: 'feeding', tasks: { total: 8 } });
		expect((await read(id)).waiting).toContain('drained');
		await expect(start(wish)).rejects.toMatchObject({ code: 'queue-draining' });
		await room.queues.steer('normal', 'resume', null, BY);
		await room.processing.feeder.resume();
		await room.settled();
		expect(await read(id)).toMatchObject({ state: 'running', tasks: { total: 20 } });
	});

	test('of a recipe leaves out what that has made itself, unless the files are named', async () => {
		const { id: recipe } = await room.processing.recipes.create(
			1,
			recipeDraftSchema.parse({ name: 'r', steps: MD5 }),
			BY,
		);
		const files = makeFiles('/in', 3);
		room.db
			.prepare(
				`INSERT INTO provenance (file_seq, version, owner_seq, at, output, recipe, recipe_version, step, type, lineage, record)
				 VALUES (2, 1, 1, 1, 'o', ?, 1, 0, 'md5', '[]', '{}')`,
			)
			.run(recipe);
		const id = await start({ recipe, over: { folder: '/in' } });
		expect(await read(id)).toMatchObject({ tasks: { total: 2 }, skipped: [{ count: 1 }] });
		expect(await read(await start({ recipe, over: { files } }))).toMatchObject({ tasks: { total: 3 } });
		expect(await read(await start({ steps: MD5, over: { folder: '/in' } }))).toMatchObject({ tasks: { total: 3 } });
	});
});

describe('a job over a folder', () => {
	test('is fed page by page within a window, each file once, in the folders below, too', async () => {
		makeFiles('/in', 3_000);
		makeFiles('/in/b', 1_300);
		makeFiles('/in/b/c', 1_200);
		makeFiles('/in/d', 700);
		makeFiles('/other', 5);
		const id = await start({ steps: MD5, over: { folder: '/in' } });
		expect(await read(id)).toMatchObject({ state: 'feeding', isWhole: false, tasks: { total: 5_000, open: 5_000 } });
		// Half of it has ended: there is room, and the ledger tells so.
		const half = room.db.prepare('SELECT id FROM tasks LIMIT 2500').pluck().all() as string[];
		room.db.transaction(() => {
			for (const task of half) room.end(task);
		})();
		await room.settled();
		expect(await read(id)).toMatchObject({ state: 'running', isWhole: true, tasks: { total: 6_200, open: 3_700 } });
		expect(made()).toHaveLength(6_200);
		expect(made().every(([, times]) => times === 1)).toBe(true);
		endAll();
		expect(await read(id)).toMatchObject({ state: 'done' });
		expect(room.count("SELECT count(*) FROM happenings WHERE kind = 'job.hungry'")).toBe(0);
	}, 60_000);

	test('does not see what comes in meanwhile: its own results would never end', async () => {
		makeFiles('/in', 2);
		const id = await start({ steps: MD5, over: { folder: '/in' } });
		await room.upload('/in/zzz', 'new');
		expect(await read(id)).toMatchObject({ state: 'running', tasks: { total: 2 } });
		// What was there before is meant, also when it is changed before its turn comes.
		room.db.prepare('UPDATE files SET modified_at = ?').run(Date.now() + 60_000);
		room.db.prepare('UPDATE files SET created_at = ? WHERE name = ?').run(Date.now() + 60_000, 'zzz');
		const second = await start({ steps: MD5, over: { folder: '/in' } });
		expect(await read(second)).toMatchObject({ tasks: { total: 2 } });
	});

	test('takes only the types that were asked for, and not the folders below when told so', async () => {
		makeFiles('/in', 2, 'text/plain');
		makeFiles('/in/below', 2, 'image/png');
		const pictures = await start({ steps: MD5, over: { folder: '/in', mediaTypes: ['image/*'] } });
		expect(await read(pictures)).toMatchObject({ tasks: { total: 2 }, skipped: [{ count: 2 }] });
		const flat = await start({ steps: MD5, over: { folder: '/in', recursive: false } });
		expect(await read(flat)).toMatchObject({ tasks: { total: 2 }, skipped: [] });
		await expect(start({ steps: MD5, over: { folder: '/none' } })).rejects.toMatchObject({ code: 'not-found' });
	});

	test('waits while the class has no room, and says nothing wrong', async () => {
		makeFiles('/in', 20);
		room.policies.give(1, { caps: { queued: 8 } });
		const id = await start({ steps: MD5, over: { folder: '/in' } });
		expect(await read(id)).toMatchObject({ state: 'feeding', tasks: { open: 8 } });
		room.policies.give(1, {});
		await room.processing.feeder.resume();
		await room.settled();
		expect(await read(id)).toMatchObject({ state: 'running', tasks: { open: 20 } });
	});

	test('paused it makes no more, and holds what does not run; resumed it goes on', async () => {
		makeFiles('/in', 20);
		room.policies.give(1, { caps: { queued: 8 } });
		const id = await start({ steps: MD5, over: { folder: '/in' } });
		await room.processing.jobs.say(id, 'pause', BY);
		await room.processing.jobs.say(id, 'pause', BY);
		room.policies.give(1, {});
		await room.processing.feeder.resume();
		await room.settled();
		expect(await read(id)).toMatchObject({ state: 'paused', tasks: { total: 8 } });
		expect(room.count(`SELECT count(*) FROM tasks WHERE held_by = 'usr_a'`)).toBe(8);
		// By an operator, too: it was held in the owner's name.
		await room.processing.jobs.say(id, 'resume', { ...BY, actor: 'usr_b' });
		await room.settled();
		expect(await read(id)).toMatchObject({ state: 'running', tasks: { total: 20 } });
		expect(room.count('SELECT count(*) FROM tasks WHERE held_at IS NOT NULL')).toBe(0);
		endAll();
		await expect(room.processing.jobs.say(id, 'pause', BY)).rejects.toMatchObject({ code: 'wrong-state' });
	});

	test('paused and resumed at once it holds nothing when it runs', async () => {
		makeFiles('/in', 20);
		const id = await start({ steps: MD5, over: { folder: '/in' } });
		await room.settled();
		await Promise.all([room.processing.jobs.say(id, 'pause', BY), room.processing.jobs.say(id, 'resume', BY)]);
		expect(await read(id)).toMatchObject({ state: 'running' });
		expect(room.count('SELECT count(*) FROM tasks WHERE held_at IS NOT NULL')).toBe(0);
	});

	test('cancelled it ends with all of its tasks and makes no more', async () => {
		makeFiles('/in', 20);
		room.policies.give(1, { caps: { queued: 8 } });
		const id = await start({ steps: MD5, over: { folder: '/in' } });
		await room.processing.jobs.say(id, 'cancel', BY);
		await room.processing.jobs.say(id, 'cancel', BY);
		expect(await read(id)).toMatchObject({ state: 'cancelled', tasks: { total: 8, cancelled: 8, open: 0 } });
		await room.processing.feeder.resume();
		await room.settled();
		expect(made()).toHaveLength(8);
		const said = room.db.prepare(`SELECT count(*) FROM audit_log WHERE action = 'job.cancel'`).pluck();
		expect(said.get()).toBe(1);
	});

	test('cancelled and then tried again by hand, it goes by what its tasks come to', async () => {
		const [file] = makeFiles('/in', 1);
		const id = await start({ steps: MD5, over: { files: [file!] } });
		await room.processing.jobs.say(id, 'cancel', BY);
		const retried = room.db.prepare(`UPDATE tasks SET state = 'queued', finished_at = NULL`);
		retried.run();
		await room.processing.jobs.resume();
		expect(await read(id)).toMatchObject({ state: 'running', tasks: { open: 1 } });
		await room.processing.jobs.say(id, 'pause', BY);
		endAll();
		expect(await read(id)).toMatchObject({ state: 'done', tasks: { succeeded: 1 } });
	});

	test('what was said of it reaches its tasks also when the process died in between', async () => {
		makeFiles('/in', 4);
		const paused = await start({ steps: MD5, over: { folder: '/in' } });
		const cancelled = await start({ steps: MD5, over: { folder: '/in' } });
		room.db.prepare(`UPDATE jobs SET state = 'paused' WHERE id = ?`).run(paused);
		room.db.prepare('UPDATE jobs SET cancel_at = 1 WHERE id = ?').run(cancelled);
		await room.processing.jobs.resume();
		expect(room.count('SELECT count(*) FROM tasks WHERE held_at IS NOT NULL')).toBe(4);
		expect(await read(cancelled)).toMatchObject({ state: 'cancelled' });
	});
});

describe('a trigger that is applied to what is there already', () => {
	const attach = async (more: object = {}) => {
		const { recipes, triggers } = room.processing;
		const recipe = await recipes.create(1, recipeDraftSchema.parse({ name: `r${Math.random()}`, steps: MD5 }), BY);
		const { id } = await triggers.create(1, triggerDraftSchema.parse({ recipe: recipe.id, ...more }), BY);
		return triggers.read(id);
	};
	const apply = async (trigger: Awaited<ReturnType<typeof attach>>, again = false) => {
		const { id } = await room.processing.jobs.apply(trigger, again, BY);
		await room.settled();
		return read(id);
	};

	test('does for each version what it has not done, after all fresh work', async () => {
		makeFiles('/in', 3, 'text/plain');
		makeFiles('/other', 1);
		const trigger = await attach({ folder: '/in', ignore: ['f00002'] });
		await room.upload('/in/new', 'new');
		expect(made()).toHaveLength(1);
		const dry = await room.processing.jobs.dryApply(trigger, false);
		expect(dry).toMatchObject({ files: 4, tasks: 2, serviceClass: 'backfill' });
		// Twice at once: each file is done once all the same.
		const [first, second] = await Promise.all([apply(trigger), apply(trigger)]);
		expect((first?.tasks.total ?? 0) + (second?.tasks.total ?? 0)).toBe(2);
		expect(await apply(trigger)).toMatchObject({ cause: 'backfill', state: 'done', tasks: { total: 0 } });
		const tasks = `SELECT count(*) FROM tasks WHERE service_class = 'backfill'`;
		expect(room.count(tasks)).toBe(2);
		expect(await apply(trigger, true)).toMatchObject({ tasks: { total: 3 } });
		expect(room.count(tasks)).toBe(5);
		const [once, twice] = await Promise.all([1, 2].map(() => room.processing.jobs.apply(trigger, true, BY, 'key')));
		expect(once).toEqual(twice);
		await room.settled();
		expect(room.count(tasks)).toBe(8);
		// A new version is another matter.
		await room.upload('/in/f00000', 'changed');
		expect(made().find(([file]) => file === 1)).toEqual([1, 4]);
	});

	test('leaves out what tasks have made, unless it is for results', async () => {
		makeFiles('/in', 3);
		room.db.exec(`INSERT INTO provenance (file_seq, version, owner_seq, at, output, type, lineage, record)
			VALUES (2, 1, 1, 1, 'o', 'md5', '[]', '{}')`);
		const plain = await attach({ folder: '/in' });
		const left = { reason: expect.stringContaining('not for results'), count: 1 };
		expect(await room.processing.jobs.dryApply(plain, false)).toMatchObject({ tasks: 2, skipped: [left] });
		expect(await apply(plain)).toMatchObject({ tasks: { total: 2 } });
		expect(await apply(await attach({ folder: '/in', includeResults: true }))).toMatchObject({ tasks: { total: 3 } });
	});

	test('does what it could not do then', async () => {
		const trigger = await attach();
		await room.upload('/a', 'a');
		room.db.exec(`UPDATE trigger_firings SET state = 'skipped', tasks = 0`);
		expect(await apply(trigger)).toMatchObject({ tasks: { total: 1 } });
		expect(await apply(trigger)).toMatchObject({ tasks: { total: 0 } });
	});
});

describe('a dry run', () => {
	test('tells what the job then comes to, and makes nothing', async () => {
		makeFiles('/in', 600, 'image/png');
		makeFiles('/in/text', 2, 'text/plain');
		const wish = jobWishSchema.parse({ steps: [{ type: 'thumbnail' }], over: { folder: '/in' } });
		const dry = await room.processing.jobs.dryRun(demand, wish);
		expect(dry).toMatchObject({
			...{ files: 602, tasks: 600, isWhole: true, bytesIn: 3_000, serviceClass: 'standard' },
			skipped: [{ reason: 'thumbnail is not for text/plain.', count: 2, example: '/in/text/f00000' }],
			cost: { tasksOfUnknownType: 600 },
			queues: [{ queue: 'normal', tasks: 600 }],
			waits: [{ queue: 'normal', range: null }],
		});
		expect(room.count('SELECT (SELECT count(*) FROM tasks) + (SELECT count(*) FROM jobs)')).toBe(0);
		expect(await read(await start(wish))).toMatchObject({ tasks: { total: dry.tasks }, skipped: [{ count: 2 }] });
	});
});
