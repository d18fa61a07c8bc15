import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { readOperation, writeOperation } from '../database/operation.ts';
import type { MailWords } from './alert-mail.ts';
import { prepareFindMail } from './mail-store.ts';

/** Mails that wait to be sent. */
const MOST_DUE = 200;
/** While the server takes nothing, mails behind the one that was tried wait for it, but not longer than this. */
const MOST_BEHIND_MS = 5 * 60_000;

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
	const find = prepareFindMail(db);
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

/** Forgets old ones, some at a time; answers whether there may be more. */
export const forgetMails = writeOperation('mail.forget', (db) => {
	const forget = db.prepare(
		`DELETE FROM mails WHERE seq IN (SELECT seq FROM mails WHERE state <> 'due' AND created_at < ? LIMIT ?)`,
	);
	return ({ before, limit }: { before: number; limit: number }) => forget.run(before, limit).changes === limit;
});
