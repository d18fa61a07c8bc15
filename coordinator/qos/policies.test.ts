import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CHANGE, QosRoom } from '../../test/support/qos-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { ANY_VERSION } from './version-condition.ts';

const NOON = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();

let room: QosRoom;
const user = (seq: number) => room.user(seq);

beforeEach(async () => {
	vi.useFakeTimers({ now: NOON, toFake: ['Date', 'setTimeout', 'clearTimeout'] });
	room = await QosRoom.open();
});
afterEach(async () => {
	await room[Symbol.asyncDispose]();
	vi.useRealTimers();
});

describe('policies', () => {
	it('have five classes from the start', () => {
		expect(room.policies.rules()).toMatchObject([
			{ id: 'backfill', band: 0, idleOnly: true },
			{ id: 'background', band: 0, idleOnly: true },
			{ id: 'hardware', band: 5, weight: 1, mostRunningOfUser: 2 },
			{ id: 'priority', band: 7, weight: 2 },
			{ id: 'standard', band: 5, weight: 1, idleOnly: false, mostRunning: null },
		]);
		expect(room.policies.of(99)).toMatchObject({ serviceClass: 'standard', version: 1, source: { by: 'default' } });
	});

	it('follow what is given to people and groups, and say who is in another class now', async () => {
		const [ada, ben] = [user(1), user(2)];
		const lab = await room.group('lab', 'priority');
		const team = await room.group('team', null, lab);
		await room.groups.setMember(team, ada, true, SYSTEM);
		await room.groups.setMember(team, ben, true, SYSTEM);
		expect([room.classOf(1), room.classOf(2)]).toEqual(['priority', 'priority']);
		await room.give(2, 'background');
		expect(room.policies.of(2)).toMatchObject({ serviceClass: 'background', source: { by: 'user' } });
		await room.groups.change(lab, { serviceClass: 'hardware' }, ANY_VERSION, SYSTEM);
		expect(room.policies.of(1)).toMatchObject({ serviceClass: 'hardware', source: { by: 'group', group: 'lab' } });
		await room.groups.change(team, { parent: null }, ANY_VERSION, SYSTEM);
		expect(room.classOf(1)).toBe('standard');
		expect(room.changes.map(({ users }) => [...users])).toEqual([[1], [2], [2], [1], [1]]);
		expect(room.policies.passedOver(2)).toEqual([]);
	});

	it('say which classes are different now, and nothing when nothing is', async () => {
		await room.put('lab', { band: 6 });
		await room.put('lab', { band: 6 });
		await room.policies.reload();
		await room.put('lab', { band: 7 });
		await room.classes.delete('lab', CHANGE);
		expect(room.changes.map(({ classes }) => [...classes])).toEqual([['lab'], ['lab'], ['lab']]);
		expect(room.policies.ofClass('lab')).toMatchObject({ serviceClass: 'standard' });
		expect(room.policies.isValid('lab')).toBeNull();
	});

	it('change by themselves when a class begins and when it is over', async () => {
		user(1);
		await room.put('night', { validFrom: iso(NOON + HOUR), validUntil: iso(NOON + 2 * HOUR) });
		await room.give(1, 'night');
		expect(room.classOf(1)).toBe('standard');
		expect(room.policies.passedOver(1)).toEqual([
			`class night, given to the person: counts only from ${iso(NOON + HOUR)} on`,
		]);
		await vi.advanceTimersByTimeAsync(HOUR - 1);
		expect(room.classOf(1)).toBe('standard');
		await vi.advanceTimersByTimeAsync(1);
		expect(room.classOf(1)).toBe('night');
		expect(room.policies.classOf(7, 'night')).toBe('night');
		await vi.advanceTimersByTimeAsync(HOUR);
		expect(room.classOf(1)).toBe('standard');
		expect(room.policies.classOf(7, 'night')).toBe('standard');
		expect(room.changes.slice(-2)).toEqual([
			{ users: new Set([1]), classes: new Set(['night']) },
			{ users: new Set([1]), classes: new Set(['night']) },
		]);
	});

	it('are right within a minute after the clock has jumped, forwards and back', async () => {
		user(1);
		await room.put('night', { validFrom: iso(NOON + 5 * HOUR), validUntil: iso(NOON + 6 * HOUR) });
		await room.give(1, 'night');
		vi.setSystemTime(NOON + 5.5 * HOUR);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(room.classOf(1)).toBe('night');
		vi.setSystemTime(NOON);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(room.classOf(1)).toBe('standard');
	});

	it('heed within a minute what another process wrote into the ledger', async () => {
		user(1);
		room.db.prepare(`UPDATE users SET service_class = 'priority' WHERE seq = 1`).run();
		await vi.advanceTimersByTimeAsync(60_000);
		expect(room.classOf(1)).toBe('priority');
	});

	it('count everything that was committed before, however many ask at once', async () => {
		user(1);
		const first = room.policies.reload();
		room.db.prepare(`UPDATE users SET service_class = 'priority' WHERE seq = 1`).run();
		await Promise.all([first, room.policies.reload(), room.policies.reload()]);
		expect(room.classOf(1)).toBe('priority');
	});

	it('stay as they were when the ledger cannot be read, and are read again later', async () => {
		user(1);
		await room.give(1, 'priority');
		const read = vi.spyOn(room.ledger, 'read').mockRejectedValue(new Error('no'));
		await vi.advanceTimersByTimeAsync(60_000);
		expect(read).toHaveBeenCalled();
		expect(room.classOf(1)).toBe('priority');
		read.mockRestore();
		room.db.prepare('UPDATE users SET service_class = NULL WHERE seq = 1').run();
		await vi.advanceTimersByTimeAsync(60_000);
		expect(room.classOf(1)).toBe('standard');
	});
});
