import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { type ServiceClassInput, serviceClassSettingsSchema } from '../../shared/protocol/service-class.ts';
import { CHANGE, ifVersion, QosRoom } from '../../test/support/qos-room.ts';
import { ANY_VERSION } from './version-condition.ts';

let room: QosRoom;
beforeEach(async () => {
	room = await QosRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const code = (attempt: Promise<unknown>) =>
	attempt.then(
		() => null,
		(error: { code: string }) => error.code,
	);
const audited = async () => (await room.audit.list({}, { limit: 100 })).items.reverse();

describe('a service class', () => {
	it('is made plain where nothing is said, and replaced whole', async () => {
		const { view, created } = await room.put('lab', { band: 7, caps: { running: 4 } });
		expect(created).toBe(true);
		expect(view).toMatchObject({ name: 'lab', version: 1, band: 7, weight: 1, caps: { running: 4, queued: null } });
		const again = await room.put('lab', { weight: 2 });
		expect(again.created).toBe(false);
		expect(again.view).toMatchObject({ version: 2, band: 5, weight: 2, caps: { running: null } });
		expect(room.policies.ofClass('lab')).toMatchObject({ version: 2, settings: { weight: 2 } });
		expect((await room.classes.list()).map(({ name }) => name)).toEqual([
			'backfill',
			'background',
			'hardware',
			'lab',
			'priority',
			'standard',
		]);
	});

	it('keeps every version with who made it and why, and goes back to any', async () => {
		await room.put('lab', { band: 7 }, { ...CHANGE, reason: 'the new machines' });
		await room.put('lab', { band: 8 });
		const rolled = await room.classes.rollBack('lab', 1, CHANGE);
		expect(rolled).toMatchObject({ version: 3, band: 7 });
		expect(await code(room.classes.rollBack('lab', 9, CHANGE))).toBe('not-found');
		const { items } = await room.classes.versions('lab', { limit: 10 });
		expect(items.map(({ version, settings, actor, reason }) => [version, settings?.band, actor, reason])).toEqual([
			[3, 7, 'system', 'back to version 1'],
			[2, 8, 'system', ''],
			[1, 7, 'system', 'the new machines'],
		]);
		const first = await room.classes.versions('lab', { limit: 2 });
		const next = await room.classes.versions('lab', { limit: 2, cursor: first.nextCursor! });
		expect(next).toMatchObject({ items: [{ version: 1 }], nextCursor: null });
		expect(await code(room.classes.versions('nobody', { limit: 2 }))).toBe('not-found');
	});

	it('forgets versions older than the newest 200, and goes on counting', async () => {
		await room.put('other', { weight: 3 });
		for (let weight = 1; weight <= 203; weight++) await room.put('lab', { weight });
		const { items } = await room.classes.versions('lab', { limit: 1_000 });
		expect(items.map(({ version }) => version)).toEqual(Array.from({ length: 200 }, (_, i) => 203 - i));
		expect(await code(room.classes.rollBack('lab', 3, CHANGE))).toBe('not-found');
		expect(await room.classes.rollBack('lab', 4, CHANGE)).toMatchObject({ version: 204, weight: 4 });
		expect(await room.classes.get('lab')).toMatchObject({ version: 204, weight: 4 });
		await room.classes.delete('lab', CHANGE);
		expect((await room.put('lab', { weight: 9 })).view.version).toBe(206);
		const others = await room.classes.versions('other', { limit: 10 });
		expect(others.items.map(({ version }) => version)).toEqual([1]);
	});

	it('makes no version when nothing changes, also when the repeat expects the version before', async () => {
		await room.put('lab', { band: 7 });
		expect((await room.put('lab', { band: 7 })).view.version).toBe(1);
		expect((await room.put('lab', { band: 8 }, ifVersion(1))).view.version).toBe(2);
		expect((await room.put('lab', { band: 8 }, ifVersion(1))).view.version).toBe(2);
		expect(
			(
				await room.put('standard', {
					description: 'Everybody who was given no other class',
				})
			).view.version,
		).toBe(1);
	});

	it('is changed by one of those who change the same version at once', async () => {
		await room.put('lab', {});
		const codes = await Promise.all([1, 2, 3].map((band) => code(room.put('lab', { band }, ifVersion(1)))));
		expect(codes).toEqual([null, 'precondition-failed', 'precondition-failed']);
		expect(await room.classes.get('lab')).toMatchObject({ version: 2, band: 1 });
		const onlyNew = { ...CHANGE, condition: { ifMatch: null, ifNoneMatch: '*' as const } };
		expect(await code(room.put('lab', { band: 4 }, onlyNew))).toBe('precondition-failed');
		expect(await code(room.put('new', { band: 4 }, onlyNew))).toBeNull();
		expect(await code(room.put('other', {}, ifVersion(1)))).toBe('precondition-failed');
		expect(await code(room.classes.delete('lab', ifVersion(1)))).toBe('precondition-failed');
	});

	it('is not deleted while a person, a group or an open task goes by it, nor when it is the standard one', async () => {
		await room.put('lab', {});
		room.user(1);
		await room.give(1, 'lab');
		await expect(room.classes.delete('lab', CHANGE)).rejects.toMatchObject({
			code: 'class-in-use',
			message: expect.stringContaining(
				'1 user (u1); give them another one first, such as: millrace admin user class u1',
			),
		});
		for (let seq = 2; seq <= 22; seq++) {
			room.user(seq);
			await room.give(seq, 'lab');
		}
		await expect(room.classes.delete('lab', CHANGE)).rejects.toThrow('22 users (u1, u2, u3, u4, u5 and others)');
		const { given } = await room.classes.get('lab');
		expect([given.users, given.userNames.length, given.userNames[0], given.groupNames]).toEqual([22, 20, 'u1', []]);
		for (let seq = 1; seq <= 22; seq++) await room.give(seq, null);
		const group = await room.group('g', 'lab');
		await expect(room.classes.delete('lab', CHANGE)).rejects.toMatchObject({
			code: 'class-in-use',
			message: expect.stringContaining('1 group (g); '),
		});
		await room.groups.delete(group, ANY_VERSION, room.by);
		const insert = `INSERT INTO tasks (id, owner_seq, type_seq, state, routing_key, priority, parameters, inputs, created_at,
			service_class) VALUES ('tsk_x', 1, 1, 'queued', 'k', 4, '{}', '[]', 0, 'lab')`;
		room.db.prepare(`INSERT INTO task_types (seq, name, version, manifest) VALUES (1, 'noop', 1, '{}')`).run();
		room.db.prepare(insert).run();
		expect(await code(room.classes.delete('lab', CHANGE))).toBe('class-in-use');
		room.db.prepare(`UPDATE tasks SET state = 'cancelled', finished_at = 1`).run();
		expect(await code(room.classes.delete('lab', CHANGE))).toBeNull();
		expect(await code(room.classes.get('lab'))).toBe('not-found');
		expect(await code(room.classes.delete('lab', CHANGE))).toBe('not-found');
		expect(await code(room.classes.delete('standard', CHANGE))).toBe('class-in-use');
	});

	it('that was deleted comes back by a roll-back and goes on counting its versions', async () => {
		await room.put('lab', { band: 7 });
		await room.classes.delete('lab', { ...CHANGE, reason: 'over' });
		const { items } = await room.classes.versions('lab', { limit: 10 });
		expect(items[0]).toMatchObject({ version: 2, settings: null, reason: 'over' });
		expect(await code(room.classes.rollBack('lab', 2, CHANGE))).toBe('not-found');
		expect(await room.classes.rollBack('lab', 1, CHANGE)).toMatchObject({ version: 3, band: 7 });
	});

	it('is audited with what was before and after, and is told briefly when that is long', async () => {
		await room.put('lab', { band: 7 });
		const allowedRoutingKeys = Array.from({ length: 100 }, (_, i) => `${'x'.repeat(200)}.${i}`);
		await room.put('lab', { band: 8, allowedRoutingKeys });
		await room.classes.rollBack('lab', 1, CHANGE);
		await room.classes.delete('lab', CHANGE);
		const entries = await audited();
		expect(entries.map(({ action, object }) => [action, object])).toEqual([
			['service-class.put', 'lab'],
			['service-class.put', 'lab'],
			['service-class.roll-back', 'lab'],
			['service-class.delete', 'lab'],
		]);
		expect(entries[1]!.detail).toEqual({
			version: 2,
			reason: '',
			before: { band: 7, allowedRoutingKeys: null },
			after: { band: 8, allowedRoutingKeys: 'long: see the history' },
		});
	});

	it('may not be one of more than 200', async () => {
		for (let i = 5; i < 200; i += 1) await room.put(`c${i}`, {});
		expect(await code(room.put('one-more', {}))).toBe('too-many-things');
		expect(await code(room.put('c5', { band: 1 }))).toBeNull();
	});

	it('that is the standard one is always valid', async () => {
		expect(await code(room.put('standard', { validFrom: '2026-01-01T00:00:00Z' }))).toBe('invalid');
		expect(await code(room.put('standard', { validUntil: '2026-01-01T00:00:00Z' }))).toBe('invalid');
		expect((await room.put('standard', { band: 4 })).view.version).toBe(2);
	});
});

describe('settings', () => {
	test.each<[string, unknown, string]>([
		['a band below 0', { band: -1 }, 'band'],
		['a band above 9', { band: 10 }, 'band'],
		['half a band', { band: 5.5 }, 'band'],
		['no weight', { weight: 0 }, 'weight'],
		['a negative weight', { weight: -2 }, 'weight'],
		['a cap of nothing', { caps: { running: 0 } }, 'caps.running'],
		['a negative cap', { caps: { queued: -1 } }, 'caps.queued'],
		['half a task', { caps: { runningPerUser: 1.5 } }, 'caps.runningPerUser'],
		['more for one than for all', { caps: { running: 2, runningPerUser: 3 } }, 'caps.runningPerUser'],
		['no memory', { caps: { memoryBytes: 0 } }, 'caps.memoryBytes'],
		['a type’s cap of nothing', { caps: { perType: { noop: 0 } } }, 'caps.perType.noop'],
		['a type of no such name', { caps: { perType: { 'No Type': 1 } } }, 'caps.perType.No Type'],
		['a rate of nothing', { rates: { starts: { perMinute: 0 } } }, 'rates.starts.perMinute'],
		['a negative rate', { rates: { submits: { perMinute: -1 } } }, 'rates.submits.perMinute'],
		['a burst of nothing', { rates: { starts: { perMinute: 1, burst: 0 } } }, 'rates.starts.burst'],
		['a rate of nobody knows what', { rates: { starts: 5 } }, 'rates.starts'],
		['no queue at all', { allowedQueues: [] }, 'allowedQueues'],
		['a pattern that is none', { allowedRoutingKeys: ['a..b'] }, 'allowedRoutingKeys.0'],
		['a run of no time', { longestRunMs: 0 }, 'longestRunMs'],
		[
			'an end before the beginning',
			{ validFrom: '2026-02-01T00:00:00Z', validUntil: '2026-01-01T00:00:00Z' },
			'validUntil',
		],
		['a time that is none', { validFrom: 'tomorrow' }, 'validFrom'],
		['what is no setting', { bond: 7 }, ''],
		['what is no cap', { caps: { walking: 7 } }, 'caps'],
		['text for a number', { band: '7' }, 'band'],
		['not a number', { weight: Number.NaN }, 'weight'],
		['more than can be counted', { quotas: { storedBytes: 1e300 } }, 'quotas.storedBytes'],
	])('%s is refused', (_, settings, path) => {
		const parsed = serviceClassSettingsSchema.safeParse(settings);
		expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
	});

	it('take the contract’s words as they are written', () => {
		const words: ServiceClassInput = {
			band: 9,
			weight: 4,
			caps: { running: 2, queued: 100 },
			idleOnly: false,
			allowedQueues: ['priority'],
		};
		expect(serviceClassSettingsSchema.parse(words)).toMatchObject({
			...words,
			caps: { running: 2, queued: 100, cores: null },
		});
	});
});
