import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileRoom } from '../../test/support/file-room.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { writeOperation } from '../database/operation.ts';
import { LOCK_OPERATIONS } from '../files/lock-operation-store.ts';
import { type Around, type LockReach, prepareLocks } from '../files/lock-store.ts';
import { type DriveLock, Locks, type WantedLock } from './locks.ts';

const MINUTE_MS = 60_000;
/** What every change of a tree asks within its transaction. */
const change = writeOperation('test.change', (db) => {
	const prepared = prepareLocks(db);
	return (asked: { around: Around; tokens: string[] | null; reach: LockReach; drop: boolean }) => {
		prepared.require(asked.around, asked.tokens, asked.reach);
		if (asked.drop) prepared.drop(asked.around.ownerSeq, asked.around.names);
		return prepared.heldUntil(asked.around);
	};
});
let room: FileRoom;
let ledger: TestLedger;
let now = 0;
const released: number[] = [];
let locks: Locks;

const open = (): void => {
	ledger = new TestLedger({ file: room.folder.join('ledger.db'), operations: [...LOCK_OPERATIONS, change] });
	locks = new Locks({ ledger, now: () => now, onReleased: () => void released.push(now) });
};
beforeEach(async () => {
	room = await FileRoom.open();
	now = 1_000_000;
	released.length = 0;
	open();
});
afterEach(async () => {
	await ledger[Symbol.asyncDispose]();
	await room[Symbol.asyncDispose]();
});

const wanted = (names: string[], more: Partial<WantedLock> = {}): WantedLock => ({
	...{ ownerSeq: 1, names, isExclusive: true, isDeep: false, holder: null, timeoutMs: 10 * MINUTE_MS },
	...more,
});
const tokens = (found: readonly DriveLock[]): string[] => found.map(({ token }) => token).sort();

describe('a lock', () => {
	test('covers its path and, when it is deep, all below it, and nobody else’s', async () => {
		const deep = await locks.take(wanted(['a'], { isDeep: true, holder: '<D:owner>me</D:owner>' }));
		expect(await locks.covering(1, ['a', 'b', 'c'])).toEqual([deep]);
		expect(await locks.covering(1, ['a'])).toEqual([deep]);
		expect(await locks.covering(1, [])).toEqual([]);
		expect(await locks.covering(1, ['ab'])).toEqual([]);
		expect(await locks.covering(2, ['a'])).toEqual([]);
		expect(await locks.below(1, [])).toEqual([deep]);
		expect(await locks.below(1, ['a'])).toEqual([]);
		expect(deep).toMatchObject({ holder: '<D:owner>me</D:owner>', isExclusive: true, expiresAt: now + 10 * MINUTE_MS });
	});

	test('is listed with its folder, but not when it lies deeper', async () => {
		const above = await locks.take(wanted([], { isDeep: true, isExclusive: false }));
		const shared = { isExclusive: false };
		const beside = await locks.take(wanted(['a', 'b'], shared));
		await locks.take(wanted(['a', 'b', 'c'], shared));
		await locks.take(wanted(['x'], shared));
		expect(tokens(await locks.around(1, ['a']))).toEqual(tokens([above, beside]));
	});

	test('is held for no less than a minute and no longer than an hour, and then it means nothing', async () => {
		const short = await locks.take(wanted(['short'], { timeoutMs: 0 }));
		const long = await locks.take(wanted(['long'], { timeoutMs: Number.MAX_SAFE_INTEGER }));
		expect([short.expiresAt - now, long.expiresAt - now]).toEqual([MINUTE_MS, 60 * MINUTE_MS]);
		now = short.expiresAt;
		expect(await locks.covering(1, ['short'])).toEqual([]);
		expect(await locks.refresh(1, ['short'], [short.token], MINUTE_MS)).toBeNull();
		expect(await locks.release(1, ['short'], short.token)).toBe(false);
		expect(await locks.forgetExpired()).toBe(1);
		expect(await locks.take(wanted(['short']))).toMatchObject({ names: ['short'] });
		expect(await locks.covering(1, ['long'])).toEqual([long]);
	});

	test('that was taken before the clock was set back does not hold until then', async () => {
		const lock = await locks.take(wanted(['a'], { timeoutMs: 60 * MINUTE_MS }));
		now -= MINUTE_MS;
		expect(await locks.covering(1, ['a'])).toEqual([]);
		expect(await locks.forgetExpired()).toBe(1);
		expect(await locks.refresh(1, ['a'], [lock.token], MINUTE_MS)).toBeNull();
		expect(await locks.take(wanted(['a']))).toMatchObject({ names: ['a'] });
	});

	test('is refreshed and released where it covers, by its token only', async () => {
		const lock = await locks.take(wanted(['a'], { isDeep: true }));
		now += MINUTE_MS;
		const later = await locks.refresh(1, ['a', 'b'], ['urn:other', lock.token], 5 * MINUTE_MS);
		expect(later).toEqual({ ...lock, expiresAt: now + 5 * MINUTE_MS });
		expect(await locks.covering(1, ['a'])).toEqual([later]);
		for (const [owner, names] of [
			[1, ['b']],
			[2, ['a']],
		] as const) {
			expect(await locks.refresh(owner, [...names], [lock.token], MINUTE_MS)).toBeNull();
			expect(await locks.release(owner, [...names], lock.token)).toBe(false);
		}
		expect(await locks.release(1, ['a'], 'urn:uuid:other')).toBe(false);
		expect(released).toEqual([]);
		expect(await locks.release(1, ['a', 'b'], lock.token)).toBe(true);
		expect(released).toEqual([now]);
		expect(await locks.covering(1, ['a'])).toEqual([]);
	});

	test('is there after a restart', async () => {
		const lock = await locks.take(wanted(['a']));
		await ledger[Symbol.asyncDispose]();
		open();
		expect(await locks.covering(1, ['a'])).toEqual([lock]);
		await expect(locks.take(wanted(['a']))).rejects.toMatchObject({ code: 'locked' });
	});

	test('is refused to whoever holds a thousand, and to whoever says too much', async () => {
		for (let i = 0; i < 2; i++) await locks.take(wanted([`file ${i}`]));
		room.db.exec(`INSERT INTO drive_locks WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 998)
			SELECT 'token ' || i, 1, '/more/' || i, 1, 0, NULL, 1, ${now + MINUTE_MS} FROM n`);
		await expect(locks.take(wanted(['one more']))).rejects.toMatchObject({ code: 'lock-limit' });
		expect(await locks.take(wanted(['one more'], { ownerSeq: 2 }))).toMatchObject({ names: ['one more'] });
		now += MINUTE_MS;
		expect(await locks.take(wanted(['one more']))).toMatchObject({ names: ['one more'] });
		await expect(locks.take(wanted(['x'], { holder: 'ä'.repeat(2_049) }))).rejects.toMatchObject({
			code: 'body-too-large',
		});
	});
});

describe('a change', () => {
	const changed = (names: string[], tokens: string[] | null, reach: LockReach = {}, drop = false) =>
		ledger.write(change, { around: { ownerSeq: 1, names, now }, tokens, reach, drop });
	const locked = { code: 'locked' };

	test('of what is locked needs the token, and is told until when', async () => {
		const lock = await locks.take(wanted(['a'], { isDeep: true }));
		await expect(changed(['a', 'b'], [])).rejects.toMatchObject(locked);
		await expect(changed(['a', 'b'], ['urn:uuid:other'])).rejects.toMatchObject(locked);
		expect(await changed(['a', 'b'], [lock.token])).toBe(lock.expiresAt);
		expect(await changed(['c'], [])).toBeNull();
		// Doors that know no locks are not bound.
		expect(await changed(['a', 'b'], null)).toBe(lock.expiresAt);
		now = lock.expiresAt;
		expect(await changed(['a', 'b'], [])).toBeNull();
	});

	test('of a folder’s members is guarded by the lock on the folder, a change of their content is not', async () => {
		const lock = await locks.take(wanted(['a']));
		expect(await changed(['a', 'b'], [])).toBeNull();
		await expect(changed(['a', 'b'], [], { isMember: true })).rejects.toMatchObject(locked);
		expect(await changed(['a', 'b'], [lock.token], { isMember: true })).toBeNull();
		expect(await changed(['a', 'b', 'c'], [], { isMember: true })).toBeNull();
	});

	test('of all below needs the tokens of all below', async () => {
		const [x, y] = [await locks.take(wanted(['a', 'x'])), await locks.take(wanted(['a', 'y', 'z']))];
		const deep = { isDeep: true };
		await expect(changed(['a'], [x.token], deep)).rejects.toMatchObject(locked);
		expect(await changed(['a'], [x.token, y.token], deep)).toBeNull();
		expect(await changed(['a'], [])).toBeNull();
	});

	test('under shared locks needs any one of them', async () => {
		const shared = { isExclusive: false };
		const [x, y] = [await locks.take(wanted(['a'], shared)), await locks.take(wanted(['a'], shared))];
		await expect(changed(['a'], [])).rejects.toMatchObject(locked);
		for (const { token } of [x, y]) expect(await changed(['a'], [token])).toBe(x.expiresAt);
	});

	test('that takes something away drops the locks on and below it, no others', async () => {
		for (const path of ['a', 'a/b', 'a/b/c', 'a0', 'x']) await locks.take(wanted(path.split('/')));
		await changed(['a'], null, {}, true);
		expect((await locks.below(1, [])).map(({ names }) => names.join('/')).sort()).toEqual(['a0', 'x']);
	});
});

/** As RFC 4918 says it, in the shortest words. */
const conflict = (one: WantedLock, other: WantedLock): boolean => {
	const isOn = (lock: WantedLock, names: string[]) =>
		lock.names.every((name, i) => names[i] === name) && (lock.isDeep || lock.names.length === names.length);
	const meet = isOn(one, other.names) || isOn(other, one.names);
	return one.ownerSeq === other.ownerSeq && meet && (one.isExclusive || other.isExclusive);
};

test('any locks, taken in any order: those are refused that a naive model refuses, and those found that it finds', async () => {
	// Names that come before, after and at what separates a path from what lies below it.
	const names = fc.array(fc.constantFrom('a', 'a0', 'a.', 'b'), { maxLength: 3 });
	const lock = fc.record({ ownerSeq: fc.constantFrom(1, 2), names, isExclusive: fc.boolean(), isDeep: fc.boolean() });
	await fc.assert(
		fc.asyncProperty(fc.array(lock, { maxLength: 12 }), names, async (asked, place) => {
			room.db.exec('DELETE FROM drive_locks');
			const held: WantedLock[] = [];
			for (const one of asked) {
				const lock = wanted(one.names, one);
				const isRefused = held.some((other) => conflict(other, lock));
				const code = await locks.take(lock).then(
					() => null,
					(error: { code: string }) => error.code,
				);
				expect(code).toBe(isRefused ? 'locked' : null);
				if (!isRefused) held.push(lock);
			}
			const probe = wanted(place);
			const covering = held.filter((one) => conflict({ ...one, isExclusive: true }, { ...probe, isDeep: false }));
			const onOrBelow = held.filter((one) => conflict({ ...one, isDeep: false }, { ...probe, isDeep: true }));
			const below = onOrBelow.filter((one) => one.names.length > place.length);
			const paths = (found: readonly { names: string[] }[]) => found.map((one) => one.names.join('/')).sort();
			expect(paths(await locks.covering(1, place))).toEqual(paths(covering));
			expect(paths(await locks.below(1, place))).toEqual(paths(below));
		}),
		{ numRuns: 60 },
	);
});
