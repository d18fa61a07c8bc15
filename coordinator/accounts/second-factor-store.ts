import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { prepareTellPerson } from '../notices/notice-store.ts';
import type { Sealed } from '../secrets/seal.ts';
import { digestBytes } from './secrets.ts';

/** A second factor as the ledger keeps it. */
export interface SecondFactorRow {
	nonce: Uint8Array;
	sealed: Uint8Array;
	createdAt: number;
	/** Null: begun only. */
	confirmedAt: number | null;
	lastStep: number;
	codesLeft: number;
}

export const readSecondFactor = readOperation('accounts.read-second-factor', (db) => {
	const select = db.prepare(
		`SELECT nonce, sealed, created_at AS createdAt, confirmed_at AS confirmedAt, last_step AS lastStep,
		   (SELECT count(*) FROM recovery_codes c WHERE c.user_seq = f.user_seq AND c.used_at IS NULL) AS codesLeft
		 FROM second_factors f WHERE user_seq = ?`,
	);
	return (userSeq: number) => (select.get(userSeq) as SecondFactorRow | undefined) ?? null;
});

/** Keeps a new secret until a code of it is shown; one that was only begun is given up. Throws `wrong-state` when there is one. */
export const beginSecondFactor = writeOperation('accounts.begin-second-factor', (db) => {
	const drop = db.prepare('DELETE FROM second_factors WHERE user_seq = ? AND confirmed_at IS NULL');
	const find = db.prepare('SELECT 1 FROM second_factors WHERE user_seq = ?').pluck();
	const insert = db.prepare(
		'INSERT INTO second_factors (user_seq, key_id, nonce, sealed, created_at) VALUES (?, ?, ?, ?, ?)',
	);
	return ({ userSeq, sealed, now }: { userSeq: number; sealed: Sealed; now: number }): void => {
		drop.run(userSeq);
		if (find.get(userSeq) !== undefined) {
			throw new CodedError('wrong-state', 'You have a second factor already. Remove it before you set up another one.');
		}
		insert.run(userSeq, sealed.keyId, sealed.nonce, sealed.sealed, now);
	};
});

const prepareNewCodes = (db: Database): ((userSeq: number, digests: readonly string[]) => void) => {
	const drop = db.prepare('DELETE FROM recovery_codes WHERE user_seq = ?');
	const insert = db.prepare('INSERT INTO recovery_codes (hash, user_seq) VALUES (?, ?)');
	return (userSeq, digests) => {
		drop.run(userSeq);
		for (const digest of digests) insert.run(digestBytes(digest), userSeq);
	};
};

/**
 * A code of the secret was shown: it counts from now on. Sessions that began with the password alone end, but for the one
 * that shows it; which. Throws `conflict` when another one was begun meanwhile.
 */
export const enableSecondFactor = writeOperation('accounts.enable-second-factor', (db) => {
	const enable = db.prepare(
		`UPDATE second_factors SET confirmed_at = @now, last_step = @step
		 WHERE user_seq = @userSeq AND nonce = @nonce AND confirmed_at IS NULL`,
	);
	const newCodes = prepareNewCodes(db);
	const end = db.prepare('DELETE FROM sessions WHERE user_seq = ? AND id IS NOT ? RETURNING id').pluck();
	const tell = prepareTellPerson(db);
	const audit = prepareAudit(db);
	return (args: {
		userSeq: number;
		nonce: Uint8Array;
		step: number;
		digests: readonly string[];
		keepSession: string | null;
		by: Doer;
		now: number;
	}): string[] => {
		const { userSeq, nonce, step, digests, keepSession, by, now } = args;
		if (enable.run({ userSeq, nonce, step, now }).changes === 0) {
			throw new CodedError('conflict', 'It was begun anew meanwhile. Take the newest secret.');
		}
		newCodes(userSeq, digests);
		const ended = end.all(userSeq, keepSession) as string[];
		const detail = { sessionsEnded: ended.length };
		audit({ at: now, ...by, action: 'second-factor.enable', object: by.actor, outcome: 'done', detail });
		const title = 'A second factor was set up';
		const text = `It was done from ${by.address}; you are signed out everywhere else. If it was not you, tell an administrator.`;
		tell(userSeq, { kind: 'account', about: 'factor on', subject: by.actor, title, text }, now);
		return ended;
	};
});

/** Voids the codes that there are. Throws `wrong-state` where there is no second factor. */
export const renewRecoveryCodes = writeOperation('accounts.renew-recovery-codes', (db) => {
	const find = db.prepare('SELECT 1 FROM second_factors WHERE user_seq = ? AND confirmed_at IS NOT NULL').pluck();
	const newCodes = prepareNewCodes(db);
	const tell = prepareTellPerson(db);
	const audit = prepareAudit(db);
	return (args: { userSeq: number; digests: readonly string[]; by: Doer; now: number }): void => {
		const { userSeq, digests, by, now } = args;
		if (find.get(userSeq) === undefined) throw new CodedError('wrong-state', 'You have no second factor.');
		newCodes(userSeq, digests);
		audit({ at: now, ...by, action: 'second-factor.renew-codes', object: by.actor, outcome: 'done', detail: {} });
		const title = 'Your recovery codes were renewed';
		const text = `It was done from ${by.address}; the old ones are void. If it was not you, change your password at once.`;
		tell(userSeq, { kind: 'account', about: 'codes', subject: by.actor, title, text }, now);
	};
});

/** Uses a step up, whoever is first; false: it, or a later one, was used already. */
export const spendStep = writeOperation('accounts.spend-step', (db) => {
	const spend = db.prepare(
		`UPDATE second_factors SET last_step = @step
		 WHERE user_seq = @userSeq AND nonce = @nonce AND confirmed_at IS NOT NULL AND last_step < @step`,
	);
	return (args: { userSeq: number; nonce: Uint8Array; step: number }): boolean => spend.run(args).changes === 1;
});

/** Uses a recovery code up, whoever is first, and tells the person; false: it is none, or was used already. */
export const spendRecoveryCode = writeOperation('accounts.spend-recovery-code', (db) => {
	const spend = db.prepare(
		'UPDATE recovery_codes SET used_at = @now WHERE hash = @hash AND user_seq = @userSeq AND used_at IS NULL',
	);
	const left = db.prepare('SELECT count(*) FROM recovery_codes WHERE user_seq = ? AND used_at IS NULL').pluck();
	const tell = prepareTellPerson(db);
	const audit = prepareAudit(db);
	return (args: { userSeq: number; digest: string; by: Doer; now: number }): boolean => {
		const { userSeq, digest, by, now } = args;
		if (spend.run({ hash: digestBytes(digest), userSeq, now }).changes === 0) return false;
		const codesLeft = left.get(userSeq) as number;
		audit({
			at: now,
			...by,
			action: 'second-factor.recover',
			object: by.actor,
			outcome: 'done',
			detail: { codesLeft },
		});
		const title = 'A recovery code was used';
		const text = `It came from ${by.address}; ${codesLeft} are left. If it was not you, change your password at once.`;
		tell(userSeq, { kind: 'account', about: `recovery ${codesLeft}`, subject: by.actor, title, text }, now);
		return true;
	};
});

const prepareRemove = (db: Database): ((userSeq: number) => boolean) => {
	const remove = db.prepare('DELETE FROM second_factors WHERE user_seq = ? RETURNING confirmed_at AS confirmedAt');
	return (userSeq) => {
		const [row] = remove.all(userSeq) as { confirmedAt: number | null }[];
		return row !== undefined && row.confirmedAt !== null;
	};
};

/** With its recovery codes. Throws `wrong-state` where there is none. */
export const removeSecondFactor = writeOperation('accounts.remove-second-factor', (db) => {
	const remove = prepareRemove(db);
	const tell = prepareTellPerson(db);
	const audit = prepareAudit(db);
	return ({ userSeq, by, now }: { userSeq: number; by: Doer; now: number }): void => {
		if (!remove(userSeq)) throw new CodedError('wrong-state', 'You have no second factor.');
		audit({ at: now, ...by, action: 'second-factor.remove', object: by.actor, outcome: 'done', detail: {} });
		const title = 'Your second factor was removed';
		const text = `It was done from ${by.address}: the password alone signs you in. If it was not you, change it at once.`;
		tell(userSeq, { kind: 'account', about: 'factor off', subject: by.actor, title, text }, now);
	};
});

/** Somebody else takes it away, for who has lost it: the person is told, and signed out everywhere. */
export const resetSecondFactor = writeOperation('accounts.reset-second-factor', (db) => {
	const find = db.prepare('SELECT seq, username FROM users WHERE id = ?');
	const remove = prepareRemove(db);
	const endSessions = db.prepare('DELETE FROM sessions WHERE user_seq = ?');
	// So that a coordinator beside this process forgets the sessions too.
	const revise = db.prepare('UPDATE users SET revision = (SELECT max(revision) + 1 FROM users) WHERE seq = ?');
	const tell = prepareTellPerson(db);
	const audit = prepareAudit(db);
	return ({ id, by, now }: { id: string; by: Doer; now: number }): number => {
		const user = find.get(id) as { seq: number; username: string } | undefined;
		if (!user) throw new CodedError('not-found');
		if (!remove(user.seq)) throw new CodedError('wrong-state', `${user.username} has no second factor.`);
		endSessions.run(user.seq);
		revise.run(user.seq);
		audit({ at: now, ...by, action: 'second-factor.reset', object: id, outcome: 'done', detail: {} });
		const title = 'Your second factor was taken away';
		const text = 'An administrator did that. Set it up anew; if you did not ask for it, tell them.';
		tell(user.seq, { kind: 'account', about: 'reset', subject: id, title, text }, now);
		return user.seq;
	};
});
