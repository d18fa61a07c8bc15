import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scheduleDraftSchema } from '../../shared/protocol/schedule.ts';
import { SchedulesRoom } from '../../test/support/schedules-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';

let room: SchedulesRoom;
beforeEach(async () => {
	room = await SchedulesRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const draft = (fields: object) =>
	scheduleDraftSchema.parse({ name: 'daily', type: 'noop', cron: '30 7 * * *', timeZone: 'Europe/London', ...fields });
const owner = { seq: 1, role: 'user' } as const;
const audited = () => room.jobs.db.prepare('SELECT action FROM audit_log ORDER BY seq').pluck().all();

describe('making one', () => {
	test('tells the next ten runs, and when in words', async () => {
		const view = await room.create();
		expect(view.nextRuns).toHaveLength(10);
		expect(view.nextRuns.slice(0, 2)).toEqual(['2026-01-05T07:30:00.000Z', '2026-01-06T07:30:00.000Z']);
		expect(view).toMatchObject({
			sentence: 'every day at 07:30, Europe/London',
			state: 'active',
			nextRunAt: '2026-01-05T07:30:00.000Z',
			lastRun: null,
		});
		expect(audited()).toEqual(['schedule.create']);
	});

	test.each([
		[{ cron: '30 7 * *' }, 'schedule-invalid'],
		[{ cron: '61 7 * * *' }, 'schedule-invalid'],
		[{ cron: '0 30 7 * * *' }, 'schedule-invalid'],
		[{ cron: '2030-01-01T00:00:00' }, 'schedule-invalid'],
		[{ cron: '? 7 * * *' }, 'schedule-invalid'],
		[{ cron: '0 0 30 2 *' }, 'schedule-never'],
		[{ timeZone: 'Europe/Londinium' }, 'unknown-time-zone'],
		[{ misfire: 'all' as const }, 'schedule-invalid'],
		[{ type: 'nothing' }, 'unknown-task-type'],
		[{ parameters: { sleepMs: 'long' } }, 'parameters-invalid'],
		[{ inputs: [{ file: `fil_${'0'.repeat(26)}` }] }, 'inputs-invalid'],
		[{ serviceClass: 'nothing' }, 'unknown-service-class'],
	])('%j is refused: %s', async (fields, code) => {
		await expect(room.create(fields)).rejects.toMatchObject({ code });
		expect(room.count('SELECT count(*) FROM schedules')).toBe(0);
	});

	test('a repeat with the same key makes no second one; another request with it is refused', async () => {
		const first = await room.create({ name: 'a' }, 1, 'key');
		expect((await room.create({ name: 'a' }, 1, 'key')).id).toBe(first.id);
		// What was right then need not be any more.
		room.jobs.policies.give(1, { allowedQueues: ['priority'] });
		await expect(room.create({ name: 'c', routingKey: 'normal.x' })).rejects.toMatchObject({
			code: 'queue-not-allowed',
		});
		expect((await room.create({ name: 'a' }, 1, 'key')).id).toBe(first.id);
		room.jobs.policies.give(1, {});
		await expect(room.create({ name: 'b' }, 1, 'key')).rejects.toMatchObject({ code: 'idempotency-mismatch' });
		await expect(room.create({ name: 'A' })).rejects.toMatchObject({ code: 'name-taken' });
		await room.create({ name: 'a' }, 2);
		expect(room.count('SELECT count(*) FROM schedules')).toBe(2);
	});

	test('is run by hand once by one key', async () => {
		const { id } = await room.create();
		const idempotency = { key: 'run key', requestHash: Buffer.from(id) };
		const both = await Promise.all([1, 2].map(() => room.schedules.runNow(id, SYSTEM, idempotency)));
		expect(both[0]).toEqual(both[1]);
		expect(await room.schedules.runNow(id, SYSTEM, idempotency)).toEqual(both[0]);
		expect(room.count('SELECT count(*) FROM jobs')).toBe(1);
	});

	test('one person has two hundred at most', async () => {
		for (let i = 0; i < 200; i += 1) await room.create({ name: `s${i}` });
		await expect(room.create({ name: 'more' })).rejects.toMatchObject({ code: 'too-many-things' });
		const { items, nextCursor } = await room.schedules.list(1, { limit: 150 });
		const rest = await room.schedules.list('usr_a', { limit: 150, cursor: nextCursor ?? undefined });
		expect([...items, ...rest.items].map(({ name }) => name)).toEqual(Array.from({ length: 200 }, (_, i) => `s${i}`));
		expect(await room.schedules.list(2, { limit: 150 })).toEqual({ items: [], nextCursor: null });
	});
});

describe('changing one', () => {
	test('other times count from now on, and only by who has seen what is there', async () => {
		const { id } = await room.create();
		const stale = { ifMatch: ['7'], ifNoneMatch: null };
		await expect(room.schedules.change(owner, id, draft({}), stale, SYSTEM)).rejects.toMatchObject({
			code: 'precondition-failed',
		});
		const seen = { ifMatch: ['1'], ifNoneMatch: null };
		const view = await room.schedules.change(owner, id, draft({ cron: '0 9 * * *', name: 'nine' }), seen, SYSTEM);
		expect(view).toMatchObject({ version: 2, name: 'nine', nextRunAt: '2026-01-05T09:00:00.000Z' });
		await room.at('2026-01-05T08:00:00Z');
		expect(await room.runs(id)).toEqual([]);
		await room.at('2026-01-05T09:00:00Z');
		expect(await room.runs(id)).toEqual(['01-05T09:00 tick started']);
	});

	test('an interval that stays goes on being counted from where it was', async () => {
		const { id } = await room.create({ every: 600_000 });
		room.now += 240_000;
		const change = draft({ cron: undefined, every: 600_000, parameters: { echo: 2 } });
		const view = await room.schedules.change(owner, id, change, ANY_VERSION, SYSTEM);
		expect(view.nextRunAt).toBe('2026-01-05T07:10:00.000Z');
	});

	test('what is deleted does not run, and is gone with its runs', async () => {
		const { id } = await room.create();
		await room.at('2026-01-05T07:30:00Z');
		await room.schedules.remove(id, ANY_VERSION, SYSTEM);
		await room.at('2026-01-06T07:30:00Z');
		expect(room.count('SELECT count(*) FROM schedule_runs')).toBe(0);
		expect(room.count('SELECT count(*) FROM jobs')).toBe(1);
		await expect(room.schedules.read(id)).rejects.toMatchObject({ code: 'not-found' });
		// Its job ends with nobody to tell.
		await room.end('succeeded');
		expect(room.count(`SELECT count(*) FROM happenings WHERE kind = 'schedule.job-ended'`)).toBe(0);
	});
});

describe('pausing', () => {
	test('what is paused does not run, and nothing is caught up on', async () => {
		const { id } = await room.create();
		expect(await room.schedules.pause(id, 'on holiday', SYSTEM)).toMatchObject({
			...{ state: 'paused', reason: 'on holiday', nextRunAt: null, nextRuns: [] },
		});
		await room.at('2026-01-09T12:00:00Z');
		expect(await room.schedules.resume(id, SYSTEM)).toMatchObject({
			...{ state: 'active', reason: null, nextRunAt: '2026-01-10T07:30:00.000Z' },
		});
		await room.settled();
		expect(await room.runs(id)).toEqual([]);
		await room.at('2026-01-10T07:30:00Z');
		expect(await room.runs(id)).toEqual(['01-10T07:30 tick started']);
		expect(audited()).toEqual(['schedule.create', 'schedule.pause', 'schedule.resume']);
	});

	test('one that is made paused waits to be resumed, and can be run by hand', async () => {
		const { id } = await room.create({ paused: true });
		await room.at('2026-01-05T07:30:00Z');
		expect(await room.runs(id)).toEqual([]);
		expect(await room.schedules.runNow(id, SYSTEM)).toMatchObject({
			kind: 'manual',
			outcome: 'started',
			job: { state: 'running', tasks: [expect.stringMatching(/^tsk_/)] },
		});
	});
});

describe('running one by hand', () => {
	test('takes no time away from the rule, and overlap counts', async () => {
		const { id } = await room.create();
		room.now = Date.parse('2026-01-05T07:30:00Z');
		await room.schedules.runNow(id, SYSTEM);
		expect(await room.schedules.runNow(id, SYSTEM)).toMatchObject({ outcome: 'skipped', job: null });
		await room.end('succeeded');
		await room.at(room.now);
		expect(await room.runs(id)).toEqual([
			...['01-05T07:30 manual started', '01-05T07:30 manual skipped', '01-05T07:30 tick started'],
		]);
	});

	test('who may not have it is told so, and that is no failure', async () => {
		const { id } = await room.create({ routingKey: 'normal.noop' });
		room.jobs.policies.give(1, { allowedQueues: ['priority'] });
		await expect(room.schedules.runNow(id, SYSTEM)).rejects.toMatchObject({ code: 'queue-not-allowed' });
		room.jobs.policies.give(1, { caps: { queued: 1 } });
		await room.jobs.submit();
		await expect(room.schedules.runNow(id, SYSTEM)).rejects.toThrow('lets 1 tasks wait');
		expect(await room.schedules.read(id)).toMatchObject({ failures: 0, lastRun: null });
	});
});

test('only the newest thousand runs are kept, and those that still wait', async () => {
	const { id } = await room.create();
	const insert = room.jobs.db.prepare(
		`INSERT INTO schedule_runs (id, schedule_seq, nominal_at, kind, fired_at, outcome) VALUES (?, 1, ?, 'tick', 1, ?)`,
	);
	for (let i = 0; i < 1_100; i += 1) insert.run(`srn_${i}`, i * 1_000, i === 3 ? 'queued' : 'skipped');
	await room.schedules.forgetOldRuns();
	expect(room.count('SELECT count(*) FROM schedule_runs')).toBe(1_001);
	expect(room.count('SELECT min(nominal_at) FROM schedule_runs')).toBe(3_000);
	expect((await room.schedules.runs(id, { limit: 2 })).nextCursor).not.toBeNull();
});

test('a preview makes nothing', async () => {
	expect(room.schedules.preview({ cron: '@DAILY', timeZone: 'Asia/Kolkata' })).toMatchObject({
		sentence: 'every day at 00:00, Asia/Kolkata',
	});
	expect(room.schedules.preview({ every: 60_000, timeZone: 'UTC' }).nextRuns[0]).toBe('2026-01-05T07:01:00.000Z');
	expect(room.count('SELECT count(*) FROM schedules')).toBe(0);
});
