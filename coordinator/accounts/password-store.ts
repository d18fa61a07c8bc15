import { CodedError } from '../../shared/coded-error.ts';
import type { Role } from '../../shared/protocol/account.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { MUST_ENROL } from './second-factor-rule-store.ts';

/** What a sign-in is checked against. */
export interface PasswordRecord {
	seq: number;
	id: string;
	username: string;
	role: Role;
	hash: string;
	disabled: 0 | 1;
	/** Whether a code is needed too. */
	hasFactor: 0 | 1;
	mustEnrol: 0 | 1;
	/** Whether this person is signed in from that address already. */
	known: 0 | 1;
}

export const findPassword = readOperation('accounts.find-password', (db) => {
	const select = db.prepare(
		`SELECT u.seq, u.id, u.username, u.role, u.password_hash AS hash, u.disabled_at IS NOT NULL AS disabled,
		        EXISTS (SELECT 1 FROM second_factors f WHERE f.user_seq = u.seq AND f.confirmed_at IS NOT NULL) AS hasFactor,
		        ${MUST_ENROL} AS mustEnrol,
		        EXISTS (SELECT 1 FROM sessions WHERE user_seq = u.seq AND address = @address AND expires_at > @now) AS known
		 FROM users u WHERE u.username_key = @key`,
	);
	return (args: { key: string; address: string; now: number }) => select.get(args) as PasswordRecord | undefined;
});

/** The password of one user, for changing it. */
export const readPassword = readOperation('accounts.read-password', (db) => {
	const select = db.prepare('SELECT username, password_hash AS hash FROM users WHERE id = ?');
	return (userId: string) => select.get(userId) as { username: string; hash: string } | undefined;
});

/**
 * Stores a new password and ends the person's sessions, except the one from which it was changed. `expected` is the hash
 * that was verified: if it is not there any more, somebody else was faster.
 */
export const setPassword = writeOperation('accounts.set-password', (db) => {
	const find = db.prepare('SELECT seq, password_hash AS hash FROM users WHERE id = ?');
	const update = db.prepare(
		'UPDATE users SET password_hash = ?, revision = (SELECT max(revision) + 1 FROM users) WHERE seq = ?',
	);
	const end = db.prepare('DELETE FROM sessions WHERE user_seq = ? AND id IS NOT ? RETURNING id').pluck();
	const voidLink = db.prepare('DELETE FROM password_links WHERE user_seq = ?');
	const audit = prepareAudit(db);
	return (args: {
		userId: string;
		hash: string;
		expected: string | null;
		keepSession: string | null;
		action: 'password.change' | 'password.reset';
		by: Doer;
		now: number;
	}): { userSeq: number; ended: string[] } => {
		const user = find.get(args.userId) as { seq: number; hash: string } | undefined;
		if (!user) throw new CodedError('not-found');
		if (args.expected !== null && args.expected !== user.hash) {
			throw new CodedError('conflict', 'The password was changed at the same moment elsewhere.');
		}
		update.run(args.hash, user.seq);
		voidLink.run(user.seq);
		const ended = end.all(user.seq, args.keepSession) as string[];
		const detail = { sessionsEnded: ended.length };
		const { by, now, action } = args;
		audit({ at: now, ...by, action, object: args.userId, outcome: 'done', detail });
		return { userSeq: user.seq, ended };
	};
});

/** The same password under newer parameters: nothing that anybody could notice. */
export const rehashPassword = writeOperation('accounts.rehash-password', (db) => {
	const update = db.prepare(
		'UPDATE users SET password_hash = @hash WHERE seq = @userSeq AND password_hash = @expected',
	);
	return (args: { userSeq: number; hash: string; expected: string }): void => {
		update.run(args);
	};
});
