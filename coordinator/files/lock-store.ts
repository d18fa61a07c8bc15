import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { formatPath } from './safe-path.ts';

/** A lock on a path of a person's tree. */
export interface DriveLock {
	token: string;
	names: string[];
	isExclusive: boolean;
	/** Also on everything below. */
	isDeep: boolean;
	/** XML, as the client describes itself. */
	holder: string | null;
	expiresAt: number;
}

/** Whose locks, on or around what. */
export interface Around {
	ownerSeq: number;
	names: readonly string[];
	now: number;
}

/** No lock lasts longer: one that says so was taken before the clock was set back, and must not hold for as long as that. */
export const LONGEST_LOCK_MS = 3_600_000;

const LIVE = `SELECT token, path, is_exclusive AS isExclusive, is_deep AS isDeep, holder, expires_at AS expiresAt
	FROM drive_locks WHERE owner_seq = @ownerSeq AND expires_at > @now AND expires_at <= @now + ${LONGEST_LOCK_MS}`;

interface LockRow {
	token: string;
	path: string;
	isExclusive: 0 | 1;
	isDeep: 0 | 1;
	holder: string | null;
	expiresAt: number;
}

const lockOf = ({ path, isExclusive, isDeep, ...row }: LockRow): DriveLock => ({
	...row,
	names: path === '/' ? [] : path.slice(1).split('/'),
	isExclusive: isExclusive === 1,
	isDeep: isDeep === 1,
});

/** The paths of the folders above, the root first. */
const above = (names: readonly string[]): string[] => names.map((_, depth) => formatPath(names.slice(0, depth)));

/** Everything below a path is after the one text and before the other: `0` comes after the slash. */
const within = (names: readonly string[]): { from: string; end: string } => {
	const prefix = names.length === 0 ? '' : formatPath(names);
	return { from: `${prefix}/`, end: `${prefix}0` };
};

/** What a change does beside changing the content of what is at a path. */
export interface LockReach {
	/** It adds or removes a member of the folder above: a lock on that folder itself guards that, too (RFC 4918, 7.4). */
	isMember?: boolean;
	/** It does so to everything below. */
	isDeep?: boolean;
}

/** Live locks, inside somebody's transaction. */
export const prepareLocks = (db: Database) => {
	const findCovering = db.prepare(
		`${LIVE} AND (path = @path OR (is_deep = 1 AND path IN (SELECT value FROM json_each(@above))))`,
	);
	const findWithin = db.prepare(`${LIVE} AND path > @from AND path < @end`);
	const remove = db.prepare(
		'DELETE FROM drive_locks WHERE owner_seq = @ownerSeq AND (path = @path OR (path > @from AND path < @end))',
	);

	/** On it, or deep on a folder above. */
	const covering = ({ ownerSeq, names, now }: Around): DriveLock[] => {
		const paths = { path: formatPath(names), above: JSON.stringify(above(names)) };
		return (findCovering.all({ ownerSeq, now, ...paths }) as LockRow[]).map(lockOf);
	};
	/** On what is below it. */
	const below = ({ ownerSeq, names, now }: Around): DriveLock[] =>
		(findWithin.all({ ownerSeq, now, ...within(names) }) as LockRow[]).map(lockOf);

	return {
		covering,
		below,

		/** Throws `locked` unless the tokens open what the locks guard. Null: a door that locks do not bind. */
		require(around: Around, tokens: readonly string[] | null, { isMember = false, isDeep = false }: LockReach): void {
			if (tokens === null) return;
			requireOneOf(covering(around), tokens);
			if (isMember && around.names.length > 0) {
				requireOneOf(covering({ ...around, names: around.names.slice(0, -1) }), tokens);
			}
			if (!isDeep) return;
			const byPath = new Map<string, DriveLock[]>();
			for (const lock of below(around)) {
				const path = formatPath(lock.names);
				byPath.set(path, [...(byPath.get(path) ?? []), lock]);
			}
			for (const locks of byPath.values()) requireOneOf(locks, tokens);
		},

		/** Until when something is locked, if nobody releases it; null when it is not. */
		heldUntil(around: Around): number | null {
			const ends = covering(around).map(({ expiresAt }) => expiresAt);
			return ends.length === 0 ? null : Math.max(...ends);
		},

		/** Drops those on a path and below it: what was there is not there any more. */
		drop(ownerSeq: number, names: readonly string[]): void {
			remove.run({ ownerSeq, path: formatPath(names), ...within(names) });
		},
	};
};

/** Which lock it is, is told in words, and as the field that is wrong. */
export const lockedBy = ({ names, expiresAt }: DriveLock): CodedError => {
	const path = formatPath(names);
	return new CodedError(
		'locked',
		`Another program holds a lock on ${path} until ${new Date(expiresAt).toISOString()}. Close the file there, or wait.`,
		{ fields: [{ path, message: 'is locked' }] },
	);
};

/** Of those that guard one thing: an exclusive one has no other beside it, of shared ones any will do. */
const requireOneOf = (locks: readonly DriveLock[], tokens: readonly string[]): void => {
	const [first] = locks;
	if (first && !locks.some(({ token }) => tokens.includes(token))) throw lockedBy(first);
};
