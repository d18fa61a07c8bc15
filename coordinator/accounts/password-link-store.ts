import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { PasswordLinkPurpose } from '../../shared/protocol/account.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { digestBytes } from './secrets.ts';
import { type NewUser, prepareAddUser } from './user-store.ts';

export interface NewPasswordLink {
	digest: string;
	purpose: PasswordLinkPurpose;
	expiresAt: number;
}

/** A link that is good now. */
export interface PasswordLink {
	userId: string;
	username: string;
	purpose: PasswordLinkPurpose;
	expiresAt: number;
}

/** Gives somebody a link within a transaction; the one before it is void. */
const preparePutLink = (db: Database) => {
	const put = db.prepare(
		`INSERT OR REPLACE INTO password_links (user_seq, hash, purpose, created_at, expires_at)
		 VALUES (@userSeq, @hash, @purpose, @now, @expiresAt)`,
	);
	const audit = prepareAudit(db);
	return (user: { seq: number; id: string }, link: NewPasswordLink, by: Doer, now: number): void => {
		const { digest, purpose, expiresAt } = link;
		put.run({ userSeq: user.seq, hash: digestBytes(digest), purpose, now, expiresAt });
		const detail = { purpose, expiresAt };
		audit({ at: now, ...by, action: 'password-link.create', object: user.id, outcome: 'done', detail });
	};
};

/** Makes somebody whose password is nobody's, with a link to choose one by; throws what making a user throws. */
export const addInvited = writeOperation('accounts.add-invited', (db) => {
	const add = prepareAddUser(db);
	const put = preparePutLink(db);
	return (args: { user: NewUser; link: NewPasswordLink; by: Doer; now: number }): void => {
		const { link, by, now } = args;
		put(add(args.user, by, now), link, by, now);
	};
});

/** A link for somebody who is there; who was invited and did not come yet is invited again. Throws `not-found`. */
export const putPasswordLink = writeOperation('accounts.put-password-link', (db) => {
	const find = db.prepare(
		`SELECT seq, id, username, disabled_at AS disabledAt,
		        EXISTS (SELECT 1 FROM password_links WHERE user_seq = seq AND purpose = 'invite') AS invited
		 FROM users WHERE id = ?`,
	);
	const put = preparePutLink(db);
	return (args: {
		userId: string;
		digest: string;
		expiresAt: Record<PasswordLinkPurpose, number>;
		by: Doer;
		now: number;
	}): PasswordLink => {
		const user = find.get(args.userId) as
			| { seq: number; id: string; username: string; disabledAt: number | null; invited: 0 | 1 }
			| undefined;
		if (!user) throw new CodedError('not-found');
		if (user.disabledAt !== null) {
			throw new CodedError('conflict', 'The account is disabled: no link opens it. Enable it first.');
		}
		const purpose = user.invited === 1 ? 'invite' : 'reset';
		const expiresAt = args.expiresAt[purpose];
		put(user, { digest: args.digest, purpose, expiresAt }, args.by, args.now);
		return { userId: user.id, username: user.username, purpose, expiresAt };
	};
});

const GOOD_LINK = `SELECT u.id AS userId, u.username, l.purpose, l.expires_at AS expiresAt, u.seq
	FROM password_links l JOIN users u ON u.seq = l.user_seq
	WHERE l.hash = ? AND l.expires_at > ? AND u.disabled_at IS NULL`;

/** Whose link this is, while it is good. */
export const findPasswordLink = readOperation('accounts.find-password-link', (db) => {
	const select = db.prepare(GOOD_LINK);
	return (args: { digest: string; now: number }) =>
		select.get(digestBytes(args.digest), args.now) as PasswordLink | undefined;
});

/** Uses the link up: the password is the person's, and every session from before it ends. All of that or nothing. */
export const spendPasswordLink = writeOperation('accounts.spend-password-link', (db) => {
	const select = db.prepare(GOOD_LINK);
	const spend = db.prepare('DELETE FROM password_links WHERE hash = ?');
	const update = db.prepare(
		'UPDATE users SET password_hash = ?, revision = (SELECT max(revision) + 1 FROM users) WHERE seq = ?',
	);
	const end = db.prepare('DELETE FROM sessions WHERE user_seq = ? RETURNING id').pluck();
	const audit = prepareAudit(db);
	return (args: { digest: string; passwordHash: string; address: string; now: number }) => {
		const { digest, passwordHash, address, now } = args;
		const link = select.get(digestBytes(digest), now) as (PasswordLink & { seq: number }) | undefined;
		if (!link) throw new CodedError('password-link-invalid');
		spend.run(digestBytes(digest));
		update.run(passwordHash, link.seq);
		const ended = end.all(link.seq) as string[];
		const { userId: actor, purpose } = link;
		const detail = { purpose, sessionsEnded: ended.length };
		audit({ at: now, actor, action: 'password.choose', object: actor, outcome: 'done', address, detail });
		return { userSeq: link.seq, ended };
	};
});
