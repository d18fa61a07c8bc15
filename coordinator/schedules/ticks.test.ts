import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SchedulesRoom } from '../../test/support/schedules-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';

let room: SchedulesRoom;
beforeEach(async () => {
	room = await SchedulesRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const jobs = () => room.count('SELECT count(*) FROM jobs');
const day = (n: number) => `2026-01-${String(n).padStart(2, '0')}T07:30:00Z`;

test('at its time a job with its task is there, in line, with what it came from, and the next time is set', async () => {
	const { id } = await room.create({ parameters: { echo: 'x' }, priority: 7, routingKey: 'priority.noop' });
	await room.at('2026-01-05T07:29:59Z');
	expect(jobs()).toBe(0);
	await room.at(day(5));
	expect(await room.runs(id)).toEqual(['01-05T07:30 tick started']);
	expect(room.ticker.nextDueAt).toBe(Date.parse(day(6)));
	const [task] = room.jobs.db
		.prepare(
			`SELECT t.state, t.priority, t.routing_key AS key, t.parameters, o.cause, o.schedule_seq AS schedule, j.title, j.state AS job
			 FROM tasks t JOIN task_origins o ON o.task_seq = t.seq JOIN jobs j ON j.seq = t.job_seq`,
		)
		.all();
	expect(task).toEqual({
		...{ state: 'queued', priority: 7, key: 'priority.noop', parameters: '{"echo":"x"}' },
		...{ cause: 'schedule', schedule: 1, title: 'daily', job: 'running' },
	});
	expect(room.jobs.queue.submitted).toBe(1);
	await room.end('succeeded');
	expect(await room.schedules.read(id)).toMatchObject({ lastRun: { outcome: 'started', jobState: 'done' } });
});

test('inputs are the files as they are then', async () => {
	await room.jobs.upload('/a.txt', 'one');
	const file = room.jobs.db.prepare('SELECT id FROM files').pluck().get() as string;
	await room.create({ type: 'md5', inputs: [{ file }] });
	await room.jobs.upload('/a.txt', 'two');
	await room.at(day(5));
	expect(
		room.jobs.db.prepare(`SELECT inputs ->> '$[0].version' FROM tasks WHERE job_seq IS NOT NULL`).pluck().get(),
	).toBe(2);
});

describe('when the last run has not ended', () => {
	test('skip: this one does not run', async () => {
		const { id } = await room.create();
		for (const n of [5, 6]) await room.at(day(n));
		await room.end('succeeded');
		await room.at(day(7));
		expect((await room.runs(id)).map((run) => run.slice(12))).toEqual(['tick started', 'tick skipped', 'tick started']);
	});

	test('queue: one waits for it, and starts when it has ended, also in another process', async () => {
		const { id } = await room.create({ overlap: 'queue' });
		for (const n of [5, 6, 7]) await room.at(day(n));
		expect((await room.runs(id)).map((run) => run.slice(12))).toEqual(['tick started', 'tick queued', 'tick skipped']);
		await room.close();
		room.jobs.db.exec(`UPDATE tasks SET state = 'succeeded', finished_at = 1`);
		await room.restart();
		expect((await room.runs(id)).map((run) => run.slice(12))).toEqual(['tick started', 'tick started', 'tick skipped']);
		expect([jobs(), room.count('SELECT count(*) FROM jobs WHERE finished_at IS NULL')]).toEqual([2, 1]);
	});

	test('cancel-old: the old one is cancelled, if need be by the next process', async () => {
		const { id } = await room.create({ overlap: 'cancel-old' });
		await room.at(day(5));
		await room.at(day(6));
		const states = () => room.jobs.db.prepare('SELECT state FROM jobs ORDER BY seq').pluck().all();
		expect(states()).toEqual(['cancelled', 'running']);
		expect((await room.schedules.read(id)).failures).toBe(0);
		// Killed right after the commit.
		await room.close();
		room.jobs.db.exec(`UPDATE jobs SET cancel_at = 1 WHERE finished_at IS NULL`);
		expect(states()).toEqual(['cancelled', 'running']);
		await room.restart();
		expect(states()).toEqual(['cancelled', 'cancelled']);
	});
});

describe('times that passed while nothing ran', () => {
	const downFor3Days = async (fields: object) => {
		const { id } = await room.create(fields);
		await room.close();
		room.now = Date.parse('2026-01-07T12:00:00Z');
		await room.restart();
		return id;
	};

	test('once: one run stands for all', async () => {
		const id = await downFor3Days({});
		expect(await room.runs(id)).toEqual(['01-06T07:30 catch-up missed', '01-07T07:30 catch-up started']);
		expect((await room.schedules.runs(id, { limit: 2 })).items[1]?.reason).toContain('and 1 before it');
	});
	test('skip: none', async () => {
		const id = await downFor3Days({ misfire: 'skip' });
		expect(await room.runs(id)).toEqual(['01-07T07:30 catch-up missed']);
		expect(jobs()).toBe(0);
	});
	test('all: each, one after the other', async () => {
		const id = await downFor3Days({ misfire: 'all', overlap: 'queue' });
		expect((await room.runs(id)).map((run) => run.slice(12))).toEqual([
			...['catch-up started', 'catch-up queued', 'catch-up queued'],
		]);
		for (let i = 0; i < 3; i += 1) await room.end('succeeded');
		expect((await room.runs(id)).every((run) => run.endsWith('started'))).toBe(true);
		expect(jobs()).toBe(3);
	});
});

describe('a clock that is set', () => {
	test('back: nothing runs twice, not even after another change', async () => {
		const { id } = await room.create();
		await room.at(day(5));
		await room.end('succeeded');
		await room.at('2026-01-05T06:00:00Z');
		await room.schedules.pause(id, undefined, SYSTEM);
		// Its next time is the one that has run.
		expect(await room.schedules.resume(id, SYSTEM)).toMatchObject({ nextRunAt: '2026-01-05T07:30:00.000Z' });
		await room.at(day(5));
		expect(await room.runs(id)).toEqual(['01-05T07:30 tick started']);
		expect(room.ticker.nextDueAt).toBe(Date.parse(day(6)));
	});
	test('forward: as if it had been down', async () => {
		const { id } = await room.create();
		await room.at('2026-06-01T00:00:00Z');
		expect((await room.runs(id)).map((run) => run.slice(12))).toEqual(['catch-up missed', 'catch-up started']);
		expect(room.ticker.nextDueAt).toBe(Date.parse('2026-06-01T06:30:00Z'));
	});
});

describe('failures', () => {
	test('as many in a row as allowed pause it, and say why; one success in between counts them anew', async () => {
		const { id } = await room.create({ pauseAfter: 2 });
		for (const [n, state] of [
			[5, 'failed'],
			[6, 'succeeded'],
			[7, 'failed'],
			[8, 'failed'],
		] as const) {
			await room.at(day(n));
			await room.end(state);
		}
		const paused = await room.schedules.read(id);
		expect(paused).toMatchObject({
			state: 'paused',
			failures: 2,
			reason: expect.stringContaining('The last 2 runs failed'),
		});
		await room.at(day(9));
		expect(jobs()).toBe(4);
		expect(await room.schedules.resume(id, SYSTEM)).toMatchObject({ state: 'active', failures: 0, reason: null });
		await room.at(day(10));
		expect(jobs()).toBe(5);
		const actions = room.jobs.db.prepare(`SELECT actor FROM audit_log WHERE action = 'schedule.pause'`).pluck();
		expect(actions.all()).toEqual(['system']);
	});

	test('a job that is tried again by hand counts once, however that ends', async () => {
		const { id } = await room.create({ pauseAfter: 2 });
		await room.at(day(5));
		const again = room.jobs.db.prepare(`UPDATE tasks SET state = 'queued', finished_at = NULL`);
		await room.end('failed');
		for (const state of ['failed', 'succeeded'] as const) {
			again.run();
			await room.end(state);
			expect(await room.schedules.read(id)).toMatchObject({ state: 'active', failures: 1 });
		}
	});

	test('a run that may not be counts as one, and is told as refused', async () => {
		const { id } = await room.create({ pauseAfter: 2, routingKey: 'normal.x' });
		room.jobs.policies.give(1, { allowedQueues: ['priority'] });
		await room.at(day(5));
		room.jobs.policies.give(1, { caps: { queued: 1 } });
		await room.jobs.submit();
		await room.at(day(6));
		const { items } = await room.schedules.runs(id, { limit: 10 });
		expect(items.map(({ outcome }) => outcome)).toEqual(['refused', 'refused']);
		expect(items[1]?.reason).toContain('does not allow');
		expect(items[0]?.reason).toContain('lets 1 tasks wait');
		expect(await room.schedules.read(id)).toMatchObject({ state: 'paused', reason: expect.stringContaining('lets 1') });
		expect(room.ticker.nextDueAt).toBeNull();
	});

	test('of a disabled account nothing runs', async () => {
		const { id } = await room.create();
		room.jobs.db.exec('UPDATE users SET disabled_at = 1 WHERE seq = 1');
		await room.at(day(5));
		expect(await room.runs(id)).toEqual(['01-05T07:30 tick refused']);
	});

	test('a waiting run that may not start takes those behind it with it', async () => {
		const { id } = await room.create({ misfire: 'all', overlap: 'queue', routingKey: 'normal.x', pauseAfter: 0 });
		await room.at('2026-01-07T12:00:00Z');
		room.jobs.policies.give(1, { allowedQueues: ['priority'] });
		await room.end('succeeded');
		expect((await room.runs(id)).map((run) => run.slice(12))).toEqual([
			...['catch-up started', 'catch-up refused', 'catch-up refused'],
		]);
	});
});

test('what one may not do holds up nobody else in the same moment', async () => {
	const bad = await room.create({ name: 'bad', routingKey: 'normal.x' });
	const good = await Promise.all([1, 2, 3].map((n) => room.create({ name: `good ${n}` }, 2)));
	room.jobs.policies.give(1, { caps: { queued: 1 } });
	await room.jobs.submit();
	await room.at(day(5));
	expect(await room.runs(bad.id)).toEqual(['01-05T07:30 tick refused']);
	for (const { id } of good) expect(await room.runs(id)).toEqual(['01-05T07:30 tick started']);
});

test('two that see the same time let it run once', async () => {
	const { id } = await room.create();
	room.now = Date.parse(day(5));
	const due = [{ seq: 1, version: 1, nominalAt: room.now, followAt: undefined }];
	await Promise.all([1, 2, 3].map(() => room.launcher.fire(due, room.now)));
	expect(await room.runs(id)).toEqual(['01-05T07:30 tick started']);
	expect(jobs()).toBe(1);
});

test('a ledger that fails is tried again', async () => {
	const { id } = await room.create();
	let failures = 0;
	const { ledger } = room.jobs;
	const unsteady: Ledger = {
		read: (operation, args) => ledger.read(operation, args),
		write: async (operation, args) => {
			if (operation.name === 'schedules.fire' && failures++ === 0) throw new Error('disk full');
			return ledger.write(operation, args);
		},
		[Symbol.asyncDispose]: async () => {},
	};
	await room.restart(unsteady);
	await room.at(day(5));
	expect([failures, jobs()]).toEqual([1, 0]);
	await expect.poll(jobs, { timeout: 20_000 }).toBe(1);
	expect(await room.runs(id)).toEqual(['01-05T07:30 tick started']);
});

test('ten thousand for one minute all run, each once', async () => {
	const insert = room.jobs.db.prepare(
		`INSERT INTO schedules (id, owner_seq, name, name_key, cron, time_zone, wish, misfire, overlap, pause_after, state, next_at,
		   created_at, updated_at)
		 VALUES (?, 1, ?, ?, '30 7 * * *', 'Europe/London', '{"type":"noop"}', 'once', 'skip', 5, 'active', ?, 1, 1)`,
	);
	room.jobs.db.transaction(() => {
		for (let i = 0; i < 10_000; i += 1) insert.run(`sch_${i}`, `${i}`, `${i}`, Date.parse(day(5)));
	})();
	await room.restart();
	expect(room.ticker.size).toBe(10_000);
	await room.at(day(5));
	expect(room.count('SELECT count(DISTINCT schedule_seq) FROM jobs')).toBe(10_000);
	expect([jobs(), room.count('SELECT count(*) FROM schedule_runs')]).toEqual([10_000, 10_000]);
	expect(room.count(`SELECT count(*) FROM schedules WHERE next_at = ${Date.parse(day(6))}`)).toBe(10_000);
});
