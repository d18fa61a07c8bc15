import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { MailTls } from '../../shared/protocol/mail.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { requireVersion, type VersionCondition } from '../qos/version-condition.ts';
import type { Sealed } from '../secrets/seal.ts';

/** By what server mail goes, as it was set. */
export interface MailServer {
	host: string;
	port: number;
	tls: MailTls;
	username: string | null;
	sender: string;
	/** JSON text. */
	recipients: string;
	ca: string | null;
}

export interface MailRow extends MailServer {
	version: number;
	nonce: Uint8Array | null;
	sealed: Uint8Array | null;
	lastSentAt: number | null;
	failingSince: number | null;
	error: string | null;
	dropped: number;
}

const SELECT = `SELECT version, host, port, tls, username, nonce, sealed, sender, recipients, ca, last_sent_at AS lastSentAt,
	failing_since AS failingSince, error, dropped FROM mail`;

/** How mail is set up; null: it is not. */
export const prepareFindMail = (db: Database): (() => MailRow | null) => {
	const find = db.prepare(SELECT);
	return () => (find.get() as MailRow | undefined) ?? null;
};

/** How mail is set up and how it goes; `row` null: it is not. */
export const readMail = readOperation('mail.read', (db) => {
	const find = prepareFindMail(db);
	const count = db.prepare('SELECT count(*) FROM mails WHERE state = ?').pluck();
	return (_: null) => ({
		row: find(),
		waiting: count.get('due') as number,
		gaveUp: count.get('gave-up') as number,
	});
});

/** What of the settings is on record. */
const told = ({ host, port, tls, username, sender, recipients, ca }: MailServer) => ({
	...{ host, port, tls, user: username, from: sender, to: JSON.parse(recipients) as string[], ca: ca !== null },
});

/** `password` null keeps the one that is there: throws `invalid` when it was given for another server or user. */
export const setMail = writeOperation('mail.set', (db) => {
	const find = prepareFindMail(db);
	const set = db.prepare(
		`INSERT OR REPLACE INTO mail (one, version, host, port, tls, username, key_id, nonce, sealed, sender, recipients, ca, last_sent_at)
		 VALUES (1, @version, @host, @port, @tls, @username, @keyId, @nonce, @sealed, @sender, @recipients, @ca, @lastSentAt)`,
	);
	const keyOf = db.prepare('SELECT key_id FROM mail').pluck();
	const again = db.prepare(`UPDATE mails SET tries = 0, next_at = ? WHERE state = 'due'`);
	const audit = prepareAudit(db);
	return (args: {
		server: MailServer;
		password: Sealed | null;
		condition: VersionCondition;
		by: Doer;
		now: number;
	}): void => {
		const { server, password, condition, by, now } = args;
		const before = find();
		requireVersion(condition, before?.version ?? null);
		const isSame = (['host', 'port', 'tls', 'username'] as const).every((name) => before?.[name] === server[name]);
		const keep = server.username !== null && password === null;
		if (keep && !isSame) {
			// Else whoever may set this could have the password told to a server of their own.
			const message = 'is needed again when host, port, TLS or user are others than before';
			throw new CodedError('invalid', `The password ${message}.`, { fields: [{ path: 'password', message }] });
		}
		const kept = keep ? { keyId: keyOf.get() as string, nonce: before?.nonce, sealed: before?.sealed } : null;
		const sealed = kept ?? password ?? { keyId: null, nonce: null, sealed: null };
		const version = (before?.version ?? 0) + 1;
		set.run({ ...server, ...sealed, version, lastSentAt: before?.lastSentAt ?? null });
		again.run(now);
		const how = server.username === null ? 'none' : keep ? 'as before' : 'given';
		const detail = { ...told(server), password: how, ...(before ? { before: told(before) } : {}) };
		audit({ at: now, ...by, action: 'mail.set', object: 'mail', outcome: 'done', detail });
	};
});

/** With the mails that wait. */
export const removeMail = writeOperation('mail.remove', (db) => {
	const find = prepareFindMail(db);
	const remove = db.prepare('DELETE FROM mail');
	const drop = db.prepare(`DELETE FROM mails WHERE state = 'due'`);
	const audit = prepareAudit(db);
	return ({ condition, by, now }: { condition: VersionCondition; by: Doer; now: number }): void => {
		const before = find();
		if (!before) throw new CodedError('not-found', 'Mail is not set up, so there is nothing to remove.');
		requireVersion(condition, before.version);
		remove.run();
		drop.run();
		audit({ at: now, ...by, action: 'mail.remove', object: 'mail', outcome: 'done', detail: { before: told(before) } });
	};
});

/** Somebody tried it out: it is on record, and what waits is sent when it went well. */
export const noteMailTest = writeOperation('mail.note-test', (db) => {
	const sent = db.prepare('UPDATE mail SET last_sent_at = ?, failing_since = NULL, error = NULL');
	const sooner = db.prepare(`UPDATE mails SET next_at = ? WHERE state = 'due'`);
	const audit = prepareAudit(db);
	return ({ accepted, answer, by, now }: { accepted: boolean; answer: string | null; by: Doer; now: number }): void => {
		if (accepted) {
			sent.run(now);
			sooner.run(now);
		}
		audit({ at: now, ...by, action: 'mail.test', object: 'mail', outcome: 'done', detail: { accepted, answer } });
	};
});
