import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { MailTls } from '../../shared/protocol/mail.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { requireVersion, type VersionCondition } from '../qos/version-condition.ts';
import type { Sealed } from '../secrets/seal.ts';
import type { MailWords } from './alert-mail.ts';

/** Mails that wait to be sent. */
const MOST_DUE = 200;
/** While the server takes nothing, mails behind the one that was tried wait for it, but not longer than this. */
const MOST_BEHIND_MS = 5 * 60_000;

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

const prepareFind = (db: Database): (() => MailRow | null) => {
	const find = db.prepare(SELECT);
	return () => (find.get() as MailRow | undefined) ?? null;
};

/** How mail is set up and how it goes; `row` null: it is not. */
export const readMail = readOperation('mail.read', (db) => {
	const find = prepareFind(db);
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
	const find = prepareFind(db);
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
	const find = prepareFind(db);
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

/** Writes down a mail inside somebody's transaction, to be sent at once; false when mail is not set up, or too many wait. */
export const prepareAddMail = (db: Database): ((words: MailWords, at: number) => boolean) => {
	const sender = db.prepare('SELECT sender FROM mail').pluck();
	const due = db.prepare(`SELECT count(*) FROM mails WHERE state = 'due'`).pluck();
	const drop = db.prepare('UPDATE mail SET dropped = dropped + 1');
	const add = db.prepare(
		`INSERT INTO mails (message_id, subject, body, state, next_at, created_at) VALUES (?, ?, ?, 'due', ?, ?)`,
	);
	return ({ subject, body }, at) => {
		const from = sender.get() as string | undefined;
		if (from === undefined) return false;
		if ((due.get() as number) >= MOST_DUE) {
			drop.run();
			return false;
		}
		add.run(messageIdAt(from), subject, body, at, at);
		return true;
	};
};

/** For a mail of this sender; nobody can guess the next one. */
export const messageIdAt = (sender: string): string =>
	`<${randomBytes(16).toString('hex')}@${sender.split('@').at(-1)}>`;

export interface DueMail {
	seq: number;
	messageId: string;
	subject: string;
	body: string;
	tries: number;
	createdAt: number;
}

/** The oldest mail that is due now, with how to send it; and when the next one is. */
export const readDueMail = readOperation('mail.read-due', (db) => {
	const find = prepareFind(db);
	const oldest = db.prepare(
		`SELECT seq, message_id AS messageId, subject, body, tries, created_at AS createdAt FROM mails
		 WHERE state = 'due' AND next_at <= ? ORDER BY next_at, seq LIMIT 1`,
	);
	const next = db.prepare(`SELECT min(next_at) FROM mails WHERE state = 'due'`).pluck();
	return ({ now }: { now: number }) => ({
		server: find(),
		mail: (oldest.get(now) as DueMail | undefined) ?? null,
		nextAt: next.get() as number | null,
	});
});

/** What came of a try; `error` null: it was taken; `nextAt` null: it was, or that was the last try. */
export interface MailTried {
	seq: number;
	error: string | null;
	nextAt: number | null;
	now: number;
}

export const noteMailTry = writeOperation('mail.note-try', (db) => {
	const note = db.prepare(
		`UPDATE mails SET state = @state, tries = tries + 1, next_at = @nextAt, error = @error WHERE seq = @seq AND state = 'due'`,
	);
	// What is over need say nothing any more: it may name people.
	const empty = db.prepare(`UPDATE mails SET subject = '', body = '' WHERE seq = ? AND state <> 'due'`);
	const sent = db.prepare('UPDATE mail SET last_sent_at = ?, failing_since = NULL, error = NULL');
	const failed = db.prepare('UPDATE mail SET failing_since = coalesce(failing_since, ?), error = ?');
	const behind = db.prepare(`UPDATE mails SET next_at = max(next_at, ?) WHERE state = 'due'`);
	const sooner = db.prepare(`UPDATE mails SET next_at = ? WHERE state = 'due'`);
	return ({ seq, error, nextAt, now }: MailTried): void => {
		const state = error === null ? 'sent' : nextAt === null ? 'gave-up' : 'due';
		if (note.run({ seq, state, nextAt: state === 'due' ? nextAt : null, error }).changes === 0) return;
		empty.run(seq);
		if (error === null) {
			sent.run(now);
			// It takes mail again: so does it for those that failed before.
			sooner.run(now);
		} else {
			failed.run(now, error);
			behind.run(Math.min(nextAt ?? now + MOST_BEHIND_MS, now + MOST_BEHIND_MS));
		}
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

/** Forgets old ones, some at a time; answers whether there may be more. */
export const forgetMails = writeOperation('mail.forget', (db) => {
	const forget = db.prepare(
		`DELETE FROM mails WHERE seq IN (SELECT seq FROM mails WHERE state <> 'due' AND created_at < ? LIMIT ?)`,
	);
	return ({ before, limit }: { before: number; limit: number }) => forget.run(before, limit).changes === limit;
});

/** All SQL of this room. */
export const MAIL_OPERATIONS = [readMail, setMail, removeMail, readDueMail, noteMailTry, noteMailTest, forgetMails];
