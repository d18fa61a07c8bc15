import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { WebhookBody } from '../../shared/protocol/webhook.ts';
import { newId } from '../database/new-id.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import type { NoticeWords } from './notice-words.ts';

/** Of one webhook that wait to be made. */
const MOST_DUE = 1_000;
/** Given up in a row, after which it is paused. */
const MOST_GIVEN_UP = 20;

/** Writes down a delivery inside somebody's transaction, to be made at once. */
export const prepareAddDelivery = (db: Database) => {
	const insert = db.prepare(
		`INSERT INTO webhook_deliveries (id, webhook_seq, event, body, state, next_at, created_at)
		 VALUES (?, ?, ?, ?, 'due', ?, ?)`,
	);
	return (webhookSeq: number, event: string, told: Omit<WebhookBody, 'id' | 'event' | 'at'>, at: number): string => {
		const id = newId('delivery', at);
		const body: WebhookBody = { id, event, at: new Date(at).toISOString(), ...told };
		insert.run(id, webhookSeq, event, JSON.stringify(body), at, at);
		return id;
	};
};

/** Whether a webhook has as many deliveries waiting as it may have. */
export const prepareIsFull = (db: Database): ((webhookSeq: number) => boolean) => {
	const due = db
		.prepare(
			`SELECT count(*) FROM (SELECT 1 FROM webhook_deliveries WHERE webhook_seq = ? AND state = 'due' LIMIT ${MOST_DUE})`,
		)
		.pluck();
	return (webhookSeq) => (due.get(webhookSeq) as number) >= MOST_DUE;
};

/** Makes deliveries for a person's webhooks that want this; answers how many. What too many wait for is dropped, and counted. */
export const prepareDeliver = (db: Database): ((ownerSeq: number, words: NoticeWords, at: number) => number) => {
	const wanting = db
		.prepare(
			`SELECT seq FROM webhooks WHERE owner_seq = ? AND state = 'active'
			 AND EXISTS (SELECT 1 FROM json_each(events) WHERE value = ?)`,
		)
		.pluck();
	const isFull = prepareIsFull(db);
	const drop = db.prepare('UPDATE webhooks SET dropped = dropped + 1 WHERE seq = ?');
	const add = prepareAddDelivery(db);
	return (ownerSeq, { kind, subject, title, text }, at) => {
		let made = 0;
		for (const seq of wanting.all(ownerSeq, kind) as number[]) {
			if (isFull(seq)) drop.run(seq);
			else {
				add(seq, kind, { subject: { id: subject }, data: { title, text: text.slice(0, 1_000) } }, at);
				made += 1;
			}
		}
		return made;
	};
};

export interface DueDelivery {
	seq: number;
	id: string;
	event: string;
	body: string;
	tries: number;
	webhookSeq: number;
	ownerSeq: number;
	url: string;
	/** Public id of the secret. */
	key: string;
}

/** The oldest delivery of each webhook that is due now, but for those that are busy, or whose owner is; and when the next one is. */
export const readDue = readOperation('notices.read-due', (db) => {
	const select = db.prepare(
		`SELECT d.seq, d.id, d.event, d.body, d.tries, w.seq AS webhookSeq, w.owner_seq AS ownerSeq, w.url, k.id AS key
		 FROM webhooks w JOIN secrets k ON k.seq = w.key_seq JOIN webhook_deliveries d ON d.seq =
		   (SELECT min(seq) FROM webhook_deliveries WHERE webhook_seq = w.seq AND state = 'due' AND next_at <= @now)
		 WHERE w.state = 'active' AND w.seq NOT IN (SELECT value FROM json_each(@busy))
		   AND w.owner_seq NOT IN (SELECT value FROM json_each(@owners)) ORDER BY d.seq LIMIT @limit`,
	);
	const next = db
		.prepare(
			`SELECT min((SELECT min(next_at) FROM webhook_deliveries WHERE webhook_seq = w.seq AND state = 'due'))
			 FROM webhooks w WHERE w.state = 'active' AND w.seq NOT IN (SELECT value FROM json_each(@busy))
			   AND w.owner_seq NOT IN (SELECT value FROM json_each(@owners))`,
		)
		.pluck();
	return (args: { now: number; busy: readonly number[]; owners: readonly number[]; limit: number }) => {
		const taken = { busy: JSON.stringify(args.busy), owners: JSON.stringify(args.owners) };
		return {
			due: select.all({ ...taken, now: args.now, limit: args.limit }) as DueDelivery[],
			nextAt: next.get(taken) as number | null,
		};
	};
});

/** What came of a try; `nextAt` null: it was the last one, or it was delivered. */
export interface Tried {
	seq: number;
	webhookSeq: number;
	delivered: boolean;
	status: number | null;
	error: string | null;
	nextAt: number | null;
	/** The other side says that it wants no more. */
	isGone: boolean;
}

export const noteTry = writeOperation('notices.note-try', (db) => {
	const note = db.prepare(
		`UPDATE webhook_deliveries SET state = @state, tries = tries + 1, next_at = @nextAt, status = @status, error = @error
		 WHERE seq = @seq AND state = 'due'`,
	);
	const clear = db.prepare('UPDATE webhooks SET failures = 0 WHERE seq = ? AND failures > 0');
	const fail = db.prepare('UPDATE webhooks SET failures = failures + 1 WHERE seq = ? RETURNING failures').pluck();
	const pause = db.prepare(
		`UPDATE webhooks SET state = 'paused', reason = ?, version = version + 1 WHERE seq = ? AND state = 'active'`,
	);
	return ({ isGone, delivered, webhookSeq, ...tried }: Tried): void => {
		const state = delivered ? 'delivered' : tried.nextAt === null ? 'gave-up' : 'due';
		if (note.run({ ...tried, state }).changes === 0) return;
		if (delivered) clear.run(webhookSeq);
		else if (isGone) pause.run('It was answered with 410: whoever is there wants no more.', webhookSeq);
		else if (state === 'gave-up' && (fail.get(webhookSeq) as number) >= MOST_GIVEN_UP) {
			pause.run(`${MOST_GIVEN_UP} deliveries in a row were given up: ${tried.error ?? 'no answer'}`, webhookSeq);
		}
	};
});

/** Sends one once more, now, with tries as at first. */
export const sendAgain = writeOperation('notices.send-again', (db) => {
	const again = db.prepare(
		`UPDATE webhook_deliveries SET state = 'due', tries = 0, next_at = @now WHERE id = @id AND webhook_seq IN
		   (SELECT seq FROM webhooks WHERE owner_seq = @ownerSeq)`,
	);
	return (args: { ownerSeq: number; id: string; now: number }): void => {
		if (again.run(args).changes === 0) throw new CodedError('not-found', `There is no delivery ${args.id}.`);
	};
});

/** Forgets old ones of all webhooks, some at a time; answers whether there may be more. */
export const forgetDeliveries = writeOperation('notices.forget-deliveries', (db) => {
	const forget = db.prepare(
		`DELETE FROM webhook_deliveries WHERE seq IN
		   (SELECT seq FROM webhook_deliveries WHERE state <> 'due' AND created_at < ? LIMIT ?)`,
	);
	return ({ before, limit }: { before: number; limit: number }) => forget.run(before, limit).changes === limit;
});
