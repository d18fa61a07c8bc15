import { CodedError } from '../../shared/coded-error.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import type { FactorShown } from './second-factors.ts';
import { digestBytes } from './secrets.ts';

/** Who has more sessions than this loses the one that was not used for longest. */
const MOST_SESSIONS = 1_000;

export interface SessionRecord {
	id: string;
	createdAt: number;
	lastUsedAt: number;
	address: string;
	userAgent: string;
}

export interface NewSession {
	id: string;
	digest: string;
	userSeq: number;
	userId: string;
	/** The password that was shown: a session that began with it must not outlive it. */
	passwordHash: string;
	expiresAt: number;
	address: string;
	userAgent: string;
	/** How the person was known besides by the password. */
	secondFactor: FactorShown | null;
	/** The session that the same browser had before; it ends. */
	replaces: string | null;
}

/** Begins a session, unless the person was disabled, or has another password or a second factor since it was checked. */
export const beginSession = writeOperation('accounts.begin-session', (db) => {
	const user = db.prepare('SELECT 1 FROM users WHERE seq = ? AND password_hash = ? AND disabled_at IS NULL').pluck();
	const hasFactor = db.prepare('SELECT 1 FROM second_factors WHERE user_seq = ? AND confirmed_at IS NOT NULL').pluck();
	const insert = db.prepare(
		`INSERT INTO sessions (hash, id, user_seq, created_at, last_used_at, confirmed_at, expires_at, address, user_agent)
		 VALUES (@hash, @id, @userSeq, @now, @now, @now, @expiresAt, @address, @userAgent)`,
	);
	const end = db.prepare('DELETE FROM sessions WHERE id = ? AND user_seq = ? RETURNING id').pluck();
	const trim = db
		.prepare(
			`DELETE FROM sessions WHERE hash IN
			   (SELECT hash FROM sessions WHERE user_seq = ? ORDER BY last_used_at DESC, created_at DESC LIMIT -1 OFFSET ?)
			 RETURNING id`,
		)
		.pluck();
	const seen = db.prepare('UPDATE users SET last_seen_at = max(coalesce(last_seen_at, 0), ?) WHERE seq = ?');
	const audit = prepareAudit(db);
	return (args: { session: NewSession; now: number }): string[] => {
		const { session, now } = args;
		if (!user.get(session.userSeq, session.passwordHash)) throw new CodedError('bad-credentials');
		if (session.secondFactor === null && hasFactor.get(session.userSeq)) throw new CodedError('second-factor-required');
		const ended = session.replaces === null ? [] : (end.all(session.replaces, session.userSeq) as string[]);
		insert.run({
			hash: digestBytes(session.digest),
			id: session.id,
			userSeq: session.userSeq,
			now,
			expiresAt: session.expiresAt,
			address: session.address,
			userAgent: session.userAgent,
		});
		seen.run(now, session.userSeq);
		ended.push(...(trim.all(session.userSeq, MOST_SESSIONS) as string[]));
		const factor = session.secondFactor === null ? {} : { secondFactor: session.secondFactor };
		const detail = { session: session.id, userAgent: session.userAgent, ...factor };
		const { userId: actor, address } = session;
		audit({ at: now, actor, action: 'session.create', object: actor, outcome: 'done', address, detail });
		return ended;
	};
});

/** Ends one session of a user; throws `not-found`. */
export const endSession = writeOperation('accounts.end-session', (db) => {
	const end = db.prepare('DELETE FROM sessions WHERE id = ? AND user_seq = ?');
	const audit = prepareAudit(db);
	return (args: { id: string; userSeq: number; by: Doer; now: number }): void => {
		if (end.run(args.id, args.userSeq).changes === 0) throw new CodedError('not-found');
		audit({ at: args.now, ...args.by, action: 'session.end', object: args.id, outcome: 'done', detail: {} });
	};
});

/** All of a user's but one; which. */
export const endOtherSessions = writeOperation('accounts.end-other-sessions', (db) => {
	const end = db.prepare('DELETE FROM sessions WHERE user_seq = ? AND id <> ? RETURNING id').pluck();
	const audit = prepareAudit(db);
	return (args: { keep: string; userSeq: number; by: Doer; now: number }): string[] => {
		const { keep, userSeq, by, now } = args;
		const ended = end.all(userSeq, keep) as string[];
		const detail = { sessionsEnded: ended.length };
		audit({ at: now, ...by, action: 'session.end-others', object: by.actor, outcome: 'done', detail });
		return ended;
	};
});

/** The password was shown again; `passwordHash` is the one that was checked. Throws `unauthenticated` when it is over. */
export const confirmSession = writeOperation('accounts.confirm-session', (db) => {
	const confirm = db.prepare(
		`UPDATE sessions SET confirmed_at = @now WHERE id = @id AND user_seq =
		   (SELECT seq FROM users WHERE seq = @userSeq AND password_hash = @passwordHash AND disabled_at IS NULL)`,
	);
	const audit = prepareAudit(db);
	return (args: { id: string; userSeq: number; passwordHash: string; by: Doer; now: number }): void => {
		const { by, ...session } = args;
		if (confirm.run(session).changes === 0) throw new CodedError('unauthenticated');
		audit({ at: args.now, ...by, action: 'session.confirm', object: args.id, outcome: 'done', detail: {} });
	};
});

/** A user's live sessions, the last used first. */
export const listSessions = readOperation('accounts.list-sessions', (db) => {
	const select = db.prepare(
		`SELECT id, created_at AS createdAt, last_used_at AS lastUsedAt, address, user_agent AS userAgent FROM sessions
		 WHERE user_seq = @userSeq AND expires_at > @now AND last_used_at > @usedAfter ORDER BY last_used_at DESC, id DESC`,
	);
	return (args: { userSeq: number; now: number; usedAfter: number }) => select.all(args) as SessionRecord[];
});

/** Removes sessions that ended by themselves; how many. */
export const sweepSessions = writeOperation('accounts.sweep-sessions', (db) => {
	const remove = db.prepare('DELETE FROM sessions WHERE expires_at < @before OR last_used_at < @usedBefore');
	return (args: { before: number; usedBefore: number }): number => remove.run(args).changes;
});
