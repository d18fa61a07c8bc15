import { CodedError } from '../../shared/coded-error.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { writeOperation } from '../database/operation.ts';

/** Ends all by which somebody is let in: sessions, tokens, app passwords, a link. The password stays. */
export const shutOut = writeOperation('accounts.shut-out', (db) => {
	const find = db.prepare('SELECT seq FROM users WHERE id = ?').pluck();
	const endSessions = db.prepare('DELETE FROM sessions WHERE user_seq = ?');
	const revoke = db.prepare('UPDATE credentials SET revoked_at = ? WHERE user_seq = ? AND revoked_at IS NULL');
	// The link of somebody who was invited is all that there is of a password.
	const voidLink = db.prepare(`DELETE FROM password_links WHERE user_seq = ? AND purpose = 'reset'`);
	// What a coordinator remembers of their secrets goes by this, whichever process did it.
	const touch = db.prepare('UPDATE users SET revision = (SELECT max(revision) + 1 FROM users) WHERE seq = ?');
	const audit = prepareAudit(db);
	return (args: { userId: string; by: Doer; now: number }) => {
		const { userId, by, now } = args;
		const userSeq = find.get(userId) as number | undefined;
		if (userSeq === undefined) throw new CodedError('not-found');
		const sessions = endSessions.run(userSeq).changes;
		const credentials = revoke.run(now, userSeq).changes;
		voidLink.run(userSeq);
		touch.run(userSeq);
		const detail = { sessions, credentials };
		audit({ at: now, ...by, action: 'user.shut-out', object: userId, outcome: 'done', detail });
		return { userSeq, sessions, credentials };
	};
});
