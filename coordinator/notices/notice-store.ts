import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { NoticeKind, ReadNotices } from '../../shared/protocol/notice.ts';
import { newId } from '../database/new-id.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { type Happening, prepareDropHappening } from '../happenings/happening-store.ts';
import { prepareDeliver } from './delivery-store.ts';
import {
	budgetWords,
	type EndedJob,
	type EndedTask,
	jobWords,
	type NoticeWords,
	pausedWords,
	stoppedWords,
	taskWords,
	unfiledWords,
} from './notice-words.ts';

const MOST_TITLE = 200;
const MOST_TEXT = 1_000;
const DAY_MS = 86_400_000;

/** A reason says nothing that anybody could rely on; it is only shown. */
const unfiledSchema = z.object({ reason: z.string() }).catch({ reason: 'There was no place for it.' });

/** What is told of a budget. */
const toldSchema = z.object({ what: z.enum(['near', 'full']) }).catch({ what: 'near' });

/**
 * Tells somebody something inside somebody's transaction; the same again on that day is counted while it is unread, and
 * stands where a new one would: lists go by `seq`.
 */
const prepareTell = (db: Database) => {
	const tell = db.prepare(
		`INSERT INTO notices (id, owner_seq, kind, fold_key, subject, title, text, at)
		 VALUES (@id, @ownerSeq, @kind, @foldKey, @subject, @title, @text, @at)
		 ON CONFLICT (owner_seq, fold_key) WHERE read_at IS NULL DO UPDATE SET
		   seq = (SELECT max(seq) + 1 FROM notices), count = count + 1, subject = @subject, title = @title, text = @text, at = max(at, @at)`,
	);
	return (ownerSeq: number, words: NoticeWords, at: number): void => {
		const { kind, about, subject, title, text } = words;
		const foldKey = `${kind} ${about} ${Math.floor(at / DAY_MS)}`;
		const cut = { title: title.slice(0, MOST_TITLE), text: text.slice(0, MOST_TEXT) };
		tell.run({ id: newId('notice', at), ownerSeq, kind, foldKey, subject, at, ...cut });
	};
};

const prepareWords = (db: Database): ((happening: Happening) => NoticeWords | null) => {
	const job = db.prepare(
		`SELECT j.id, j.title, j.state, j.tasks, j.failed, j.skipped, s.id AS schedule, j.recipe
		 FROM jobs j LEFT JOIN schedules s ON s.seq = j.schedule_seq WHERE j.seq = ?`,
	);
	const task = db.prepare(
		`SELECT t.id, y.name AS type, t.state, t.error_message AS errorMessage
		 FROM tasks t JOIN task_types y ON y.seq = t.type_seq WHERE t.seq = ?`,
	);
	const schedule = db.prepare(`SELECT id, name, reason FROM schedules WHERE seq = ? AND state = 'paused'`);
	const source = db.prepare(`SELECT id, name, reason FROM sources WHERE seq = ? AND state = 'stopped'`);
	const budget = db.prepare(
		`SELECT b.id, coalesce(u.username, g.name, b.service_class) AS name, b.action,
		   CASE WHEN b.user_seq IS NOT NULL THEN '' WHEN b.group_seq IS NOT NULL THEN 'the group ' ELSE 'the service class ' END AS kind
		 FROM budgets b LEFT JOIN users u ON u.seq = b.user_seq LEFT JOIN groups g ON g.seq = b.group_seq WHERE b.seq = ?`,
	);
	const made = <T>(row: unknown, words: (row: T) => NoticeWords | null) => (row === undefined ? null : words(row as T));
	return ({ kind, ref, detail }) => {
		if (kind === 'job.ended') return made<EndedJob>(job.get(ref), jobWords);
		if (kind === 'task.ended') return made<EndedTask>(task.get(ref), taskWords);
		if (kind === 'file.unfiled') {
			const { reason } = unfiledSchema.parse(detail);
			return made<EndedTask>(task.get(ref), (row) => unfiledWords(row, reason));
		}
		if (kind === 'schedule.paused') return made<Parameters<typeof pausedWords>[0]>(schedule.get(ref), pausedWords);
		if (kind === 'source.stopped') return made<Parameters<typeof stoppedWords>[0]>(source.get(ref), stoppedWords);
		if (kind === 'budget.told') {
			const { what } = toldSchema.parse(detail);
			return made<Parameters<typeof budgetWords>[0]>(budget.get(ref), (row) => budgetWords(row, what));
		}
		return null;
	};
};

/** Tells somebody, and the webhooks, inside somebody's transaction; answers how many deliveries are to be made. */
export const prepareTellPerson = (db: Database): ((ownerSeq: number, words: NoticeWords, at: number) => number) => {
	const tell = prepareTell(db);
	const deliver = prepareDeliver(db);
	return (ownerSeq, words, at) => {
		tell(ownerSeq, words, at);
		return deliver(ownerSeq, words, at);
	};
};

/** What was told of a subject holds no more: it is read, and what is told next is no repeat of it. */
export const prepareCloseNotices = (
	db: Database,
): ((ownerSeq: number, kind: NoticeKind, subject: string, at: number) => void) => {
	const close = db.prepare(
		'UPDATE notices SET read_at = ? WHERE owner_seq = ? AND kind = ? AND subject = ? AND read_at IS NULL',
	);
	return (ownerSeq, kind, subject, at) => {
		close.run(at, ownerSeq, kind, subject);
	};
};

/** Tells people what has happened, and their webhooks, each once: how many deliveries there are to be made of it. */
export const tellNotices = writeOperation('notices.tell', (db) => {
	const drop = prepareDropHappening(db);
	const wordsOf = prepareWords(db);
	const tell = prepareTellPerson(db);
	return (happenings: readonly Happening[]): number => {
		let deliveries = 0;
		for (const happening of happenings) {
			const words = drop(happening.seq) ? wordsOf(happening) : null;
			if (!words) continue;
			deliveries += tell(happening.ownerSeq, words, happening.at);
		}
		return deliveries;
	};
});

export interface NoticeRow {
	seq: number;
	id: string;
	kind: NoticeKind;
	subject: string | null;
	title: string;
	text: string;
	count: number;
	at: number;
	readAt: number | null;
}

/** Newest first, with how many of all are unread. */
export const listNotices = readOperation('notices.list', (db) => {
	const select = db.prepare(
		`SELECT seq, id, kind, subject, title, text, count, at, read_at AS readAt FROM notices
		 WHERE owner_seq = @ownerSeq AND seq < @before AND (@onlyUnread = 0 OR read_at IS NULL) ORDER BY seq DESC LIMIT @limit`,
	);
	const unread = db.prepare('SELECT count(*) FROM notices WHERE owner_seq = ? AND read_at IS NULL').pluck();
	return ({
		before,
		onlyUnread,
		...args
	}: {
		ownerSeq: number;
		before: number | null;
		onlyUnread: boolean;
		limit: number;
	}) => {
		const values = { ...args, before: before ?? Number.MAX_SAFE_INTEGER, onlyUnread: onlyUnread ? 1 : 0 };
		return { rows: select.all(values) as NoticeRow[], unread: unread.get(args.ownerSeq) as number };
	};
});

/** Marks one's own as read; ids of others are passed over, so that they tell nothing. */
export const markRead = writeOperation('notices.mark-read', (db) => {
	const one = db.prepare('UPDATE notices SET read_at = ? WHERE id = ? AND owner_seq = ? AND read_at IS NULL');
	const all = db.prepare(
		`UPDATE notices SET read_at = @now WHERE owner_seq = @ownerSeq AND read_at IS NULL
		 AND seq <= (SELECT seq FROM notices WHERE id = @upTo AND owner_seq = @ownerSeq)`,
	);
	return (args: { ownerSeq: number; which: ReadNotices; now: number }): number => {
		const { ownerSeq, which, now } = args;
		const { ids = [], upTo } = which;
		if (upTo !== undefined) return all.run({ ownerSeq, upTo, now }).changes;
		return ids.reduce((sum, id) => sum + one.run(now, id, ownerSeq).changes, 0);
	};
});

/** Forgets old ones, and all but the newest of who has very many: a page of people; answers where to go on. */
export const forgetNotices = writeOperation('notices.forget', (db) => {
	const old = db.prepare('DELETE FROM notices WHERE seq IN (SELECT seq FROM notices WHERE at < ? LIMIT ?)');
	const people = db
		.prepare('SELECT DISTINCT owner_seq FROM notices WHERE owner_seq > ? ORDER BY owner_seq LIMIT ?')
		.pluck();
	const excess = db.prepare(
		`DELETE FROM notices WHERE owner_seq = @owner AND seq <=
		   (SELECT seq FROM notices WHERE owner_seq = @owner ORDER BY seq DESC LIMIT 1 OFFSET @kept)`,
	);
	return (args: { before: number; kept: number; after: number; limit: number }): number | null => {
		const { before, kept, after, limit } = args;
		old.run(before, limit * 100);
		const owners = people.all(after, limit) as number[];
		for (const owner of owners) excess.run({ owner, kept });
		return owners.length === limit ? owners.at(-1)! : null;
	};
});
