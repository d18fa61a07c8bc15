import { CodedError } from '../../shared/coded-error.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { type Around, type DriveLock, LONGEST_LOCK_MS, lockedBy, prepareLocks } from './lock-store.ts';
import { formatPath } from './safe-path.ts';
import { prepareUnsettled } from './unsettled-store.ts';

/** Most live locks of one person: an office's worth of open documents, and no more than a list can show. */
const MOST_LOCKS = 1_000;

export const findCovering = readOperation('files.find-covering-locks', (db) => prepareLocks(db).covering);

export const findBelow = readOperation('files.find-locks-below', (db) => prepareLocks(db).below);

/** Those on a folder, or deep above it, and on what lies in it itself: what a list of it shows. */
export const findAround = readOperation('files.find-locks-around', (db) => {
	const locks = prepareLocks(db);
	return (around: Around): DriveLock[] => {
		const children = locks.below(around).filter(({ names }) => names.length === around.names.length + 1);
		return [...locks.covering(around), ...children];
	};
});

/** Takes it unless another one is in its way. Throws `locked`, `lock-limit`. */
export const takeLock = writeOperation('files.take-lock', (db) => {
	const locks = prepareLocks(db);
	const count = db
		.prepare('SELECT count(*) FROM drive_locks WHERE owner_seq = @ownerSeq AND expires_at > @now')
		.pluck();
	const insert = db.prepare(
		`INSERT INTO drive_locks (token, owner_seq, path, is_exclusive, is_deep, holder, created_at, expires_at)
		 VALUES (@token, @ownerSeq, @path, @isExclusive, @isDeep, @holder, @now, @expiresAt)`,
	);
	return ({ ownerSeq, lock, now }: { ownerSeq: number; lock: DriveLock; now: number }): void => {
		const around = { ownerSeq, names: lock.names, now };
		const inReach = [...locks.covering(around), ...(lock.isDeep ? locks.below(around) : [])];
		const inTheWay = inReach.find(({ isExclusive }) => isExclusive || lock.isExclusive);
		if (inTheWay) throw lockedBy(inTheWay);
		if ((count.get({ ownerSeq, now }) as number) >= MOST_LOCKS) {
			throw new CodedError('lock-limit', `You hold ${MOST_LOCKS} locks. Close some files, then try again.`);
		}
		const { names, isExclusive, isDeep, ...rest } = lock;
		const flags = { isExclusive: isExclusive ? 1 : 0, isDeep: isDeep ? 1 : 0 };
		insert.run({ ...rest, ...flags, ownerSeq, path: formatPath(names), now });
	};
});

/** Gives it as it is from now on; null when no live lock of these tokens covers the path. */
export const refreshLock = writeOperation('files.refresh-lock', (db) => {
	const locks = prepareLocks(db);
	const refresh = db.prepare('UPDATE drive_locks SET expires_at = ? WHERE token = ?');
	return ({
		tokens,
		expiresAt,
		...around
	}: Around & { tokens: readonly string[]; expiresAt: number }): DriveLock | null => {
		const lock = locks.covering(around).find(({ token }) => tokens.includes(token));
		if (!lock) return null;
		refresh.run(expiresAt, lock.token);
		return { ...lock, expiresAt };
	};
});

/** Gives it as it was, and lets settle what waited for that; null when no live lock of that token covers the path. */
export const releaseLock = writeOperation('files.release-lock', (db) => {
	const locks = prepareLocks(db);
	const unsettled = prepareUnsettled(db);
	const remove = db.prepare('DELETE FROM drive_locks WHERE token = ?');
	return ({ token, ...around }: Around & { token: string }): DriveLock | null => {
		const lock = locks.covering(around).find((one) => one.token === token);
		if (!lock) return null;
		remove.run(token);
		unsettled.letSettle(around.ownerSeq, lock.names, around.now);
		return lock;
	};
});

export const forgetExpiredLocks = writeOperation('files.forget-expired-locks', (db) => {
	const remove = db.prepare('DELETE FROM drive_locks WHERE expires_at <= ? OR expires_at > ?');
	return ({ now }: { now: number }): number => remove.run(now, now + LONGEST_LOCK_MS).changes;
});

export const LOCK_OPERATIONS = [
	findCovering,
	findBelow,
	findAround,
	takeLock,
	refreshLock,
	releaseLock,
	forgetExpiredLocks,
];
