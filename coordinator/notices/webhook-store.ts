import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { nameKey } from '../../shared/name-key.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { requireVersion, type VersionCondition } from '../qos/version-condition.ts';
import { type NewSecretRow, prepareAddSecret } from '../secrets/secret-store.ts';
import { prepareAddDelivery, prepareIsFull } from './delivery-store.ts';

/** One person's. */
const MOST_WEBHOOKS = 20;

export interface WebhookRow {
	seq: number;
	id: string;
	version: number;
	name: string;
	url: string;
	/** JSON text. */
	events: string;
	state: 'active' | 'paused';
	reason: string | null;
	failures: number;
	dropped: number;
	createdAt: number;
	/** Public id of the secret that signs. */
	key: string;
}

const SELECT = `SELECT w.seq, w.id, w.version, w.name, w.url, w.events, w.state, w.reason, w.failures, w.dropped,
	w.created_at AS createdAt, k.id AS key FROM webhooks w JOIN secrets k ON k.seq = w.key_seq`;

/** One's own. Throws `not-found`. */
const prepareFind = (db: Database): ((at: { ownerSeq: number; id: string }) => WebhookRow) => {
	const find = db.prepare(`${SELECT} WHERE w.owner_seq = @ownerSeq AND w.id = @id`);
	return ({ ownerSeq, id }) => {
		const row = find.get({ ownerSeq, id }) as WebhookRow | undefined;
		if (!row) throw new CodedError('not-found', `There is no webhook ${id}.`);
		return row;
	};
};

export const readWebhook = readOperation('notices.read-webhook', prepareFind);

export const listWebhooks = readOperation('notices.list-webhooks', (db) => {
	const select = db.prepare(`${SELECT} WHERE w.owner_seq = ? ORDER BY w.seq`);
	return (ownerSeq: number) => select.all(ownerSeq) as WebhookRow[];
});

/** With the key that signs, which is a secret of its owner. */
export const addWebhook = writeOperation('notices.add-webhook', (db) => {
	const find = prepareFind(db);
	const count = db.prepare('SELECT count(*) FROM webhooks WHERE owner_seq = ?').pluck();
	const taken = db.prepare('SELECT 1 FROM webhooks WHERE owner_seq = ? AND name_key = ?').pluck();
	const addSecret = prepareAddSecret(db);
	const insert = db.prepare(
		`INSERT INTO webhooks (id, owner_seq, name, name_key, url, key_seq, events, state, created_at)
		 VALUES (?, ?, ?, ?, ?, ?, ?, 'active', ?)`,
	);
	const audit = prepareAudit(db);
	return (args: { id: string; name: string; url: string; events: string; secret: NewSecretRow }): WebhookRow => {
		const { id, name, url, events, secret } = args;
		const { ownerSeq, by, now } = secret;
		if (taken.get(ownerSeq, nameKey(name)) !== undefined) {
			throw new CodedError('name-taken', `There is a webhook ${name} already.`);
		}
		if ((count.get(ownerSeq) as number) >= MOST_WEBHOOKS) {
			throw new CodedError('too-many-things', `You have ${MOST_WEBHOOKS} webhooks; delete one first.`);
		}
		const { seq } = addSecret(secret);
		insert.run(id, ownerSeq, name, nameKey(name), url, seq, events, now);
		audit({ at: now, ...by, action: 'webhook.create', object: id, outcome: 'done', detail: { name, url } });
		return find({ ownerSeq, id });
	};
});

/** Who wants what done to which of the own webhooks. */
export interface Asked {
	ownerSeq: number;
	id: string;
	by: Doer;
	now: number;
}

export const changeWebhook = writeOperation('notices.change-webhook', (db) => {
	const find = prepareFind(db);
	const taken = db.prepare('SELECT seq FROM webhooks WHERE owner_seq = ? AND name_key = ?').pluck();
	const change = db.prepare(
		'UPDATE webhooks SET name = ?, name_key = ?, url = ?, events = ?, version = version + 1 WHERE seq = ?',
	);
	const audit = prepareAudit(db);
	return (
		args: Asked & { to: Partial<Pick<WebhookRow, 'name' | 'url' | 'events'>>; condition: VersionCondition },
	): WebhookRow => {
		const { ownerSeq, id, by, now, to, condition } = args;
		const before = find({ ownerSeq, id });
		requireVersion(condition, before.version);
		const { name, url, events } = { ...before, ...to };
		const holder = taken.get(ownerSeq, nameKey(name)) as number | undefined;
		if (holder !== undefined && holder !== before.seq) {
			throw new CodedError('name-taken', `There is a webhook ${name} already.`);
		}
		change.run(name, nameKey(name), url, events, before.seq);
		const detail = { name, url, before: { name: before.name, url: before.url } };
		audit({ at: now, ...by, action: 'webhook.change', object: id, outcome: 'done', detail });
		return find({ ownerSeq, id });
	};
});

/** With its deliveries, its key, and all that waits. */
export const deleteWebhook = writeOperation('notices.delete-webhook', (db) => {
	const find = prepareFind(db);
	const remove = db.prepare('DELETE FROM webhooks WHERE seq = ?');
	const removeKey = db.prepare('DELETE FROM secrets WHERE id = ?');
	const audit = prepareAudit(db);
	return ({ ownerSeq, id, by, now }: Asked): void => {
		const { seq, key, name } = find({ ownerSeq, id });
		remove.run(seq);
		removeKey.run(key);
		audit({ at: now, ...by, action: 'webhook.delete', object: id, outcome: 'done', detail: { name } });
	};
});

/** What was given up stays so; what waits goes on. */
export const resumeWebhook = writeOperation('notices.resume-webhook', (db) => {
	const find = prepareFind(db);
	const resume = db.prepare(
		`UPDATE webhooks SET state = 'active', reason = NULL, failures = 0, version = version + 1 WHERE seq = ? AND state = 'paused'`,
	);
	const audit = prepareAudit(db);
	return ({ ownerSeq, id, by, now }: Asked): WebhookRow => {
		const { seq } = find({ ownerSeq, id });
		if (resume.run(seq).changes === 1) {
			audit({ at: now, ...by, action: 'webhook.resume', object: id, outcome: 'done', detail: {} });
		}
		return find({ ownerSeq, id });
	};
});

/** A delivery that says no more than that it is one. */
export const testWebhook = writeOperation('notices.test-webhook', (db) => {
	const find = prepareFind(db);
	const isFull = prepareIsFull(db);
	const add = prepareAddDelivery(db);
	return ({ ownerSeq, id, now }: Omit<Asked, 'by'>): string => {
		const { seq, name, state } = find({ ownerSeq, id });
		if (state === 'paused') throw new CodedError('wrong-state', `The webhook ${name} is paused: resume it first.`);
		if (isFull(seq)) {
			throw new CodedError('too-many-things', `Too many deliveries of the webhook ${name} wait to be made already.`);
		}
		const data = { title: 'A test', text: `The webhook ${name} was tried out.` };
		return add(seq, 'test', { subject: { id }, data }, now);
	};
});

export interface DeliveryRow {
	seq: number;
	id: string;
	event: string;
	state: 'due' | 'delivered' | 'gave-up';
	tries: number;
	nextAt: number | null;
	status: number | null;
	error: string | null;
	createdAt: number;
}

/** Newest first. */
export const listDeliveries = readOperation('notices.list-deliveries', (db) => {
	const select = db.prepare(
		`SELECT seq, id, event, state, tries, next_at AS nextAt, status, error, created_at AS createdAt
		 FROM webhook_deliveries WHERE webhook_seq = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
	);
	return (args: { webhookSeq: number; before: number | null; limit: number }) =>
		select.all(args.webhookSeq, args.before ?? Number.MAX_SAFE_INTEGER, args.limit) as DeliveryRow[];
});
