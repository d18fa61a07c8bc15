import { randomBytes } from 'node:crypto';
import { checkUrl } from '../../shared/egress/check-url.ts';
import type {
	DeliveryView,
	NewWebhook,
	WebhookChange,
	WebhookView,
	WebhookWithKey,
} from '../../shared/protocol/webhook.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import { pageBySeq, readSeqCursor } from '../database/seq-cursor.ts';
import { ANY_VERSION, type VersionCondition } from '../qos/version-condition.ts';
import type { SecretOwner, Secrets } from '../secrets/secrets.ts';
import { forgetDeliveries, sendAgain } from './delivery-store.ts';
import {
	addWebhook,
	changeWebhook,
	type DeliveryRow,
	deleteWebhook,
	listDeliveries,
	listWebhooks,
	readWebhook,
	resumeWebhook,
	testWebhook,
	type WebhookRow,
} from './webhook-store.ts';

const KEPT_MS = 14 * 86_400_000;
const FORGOTTEN_AT_ONCE = 1_000;

const newKey = (): string => `mwk_${randomBytes(32).toString('base64url')}`;

/** Where people have things told over HTTP. Each has only one's own. */
export class Webhooks {
	readonly #ledger: Ledger;
	readonly #secrets: Pick<Secrets, 'seal' | 'replace'>;
	readonly #allow: readonly string[];
	readonly #wake: () => void;

	constructor(options: {
		ledger: Ledger;
		secrets: Pick<Secrets, 'seal' | 'replace'>;
		/** `host:port` that may be asked beside public ones. */
		allow: readonly string[];
		/** There is something to deliver. */
		wake: () => void;
	}) {
		this.#ledger = options.ledger;
		this.#secrets = options.secrets;
		this.#allow = options.allow;
		this.#wake = options.wake;
	}

	async list(ownerSeq: number): Promise<WebhookView[]> {
		return (await this.#ledger.read(listWebhooks, ownerSeq)).map(viewOf);
	}

	async read(ownerSeq: number, id: string): Promise<WebhookView> {
		return viewOf(await this.#ledger.read(readWebhook, { ownerSeq, id }));
	}

	/** Throws `address-refused` for what may never be asked. The key is in this answer and nowhere else. */
	async create(owner: SecretOwner, { name, url, events }: NewWebhook, by: Doer): Promise<WebhookWithKey> {
		const now = Date.now();
		const key = newKey();
		const secretId = newId('secret', now);
		const sealed = this.#secrets.seal({ id: secretId, owner: owner.userId }, key);
		const id = newId('webhook', now);
		// By its id: a webhook may get another name, and another one its old name.
		const secret = { id: secretId, ownerSeq: owner.userSeq, name: `key of ${id}`, sealed, by, now };
		const row = { id, name, url: this.#checked(url), events: JSON.stringify(events), secret };
		return { ...viewOf(await this.#ledger.write(addWebhook, row)), key };
	}

	async change(owner: SecretOwner, id: string, change: WebhookChange, how: { condition: VersionCondition; by: Doer }) {
		const { name, url, events } = change;
		const to = {
			...(name === undefined ? {} : { name }),
			...(url === undefined ? {} : { url: this.#checked(url) }),
			...(events === undefined ? {} : { events: JSON.stringify(events) }),
		};
		return viewOf(
			await this.#ledger.write(changeWebhook, { ...how, ownerSeq: owner.userSeq, id, to, now: Date.now() }),
		);
	}

	remove(owner: SecretOwner, id: string, by: Doer): Promise<void> {
		return this.#ledger.write(deleteWebhook, { ownerSeq: owner.userSeq, id, by, now: Date.now() });
	}

	async resume(owner: SecretOwner, id: string, by: Doer): Promise<WebhookView> {
		const row = await this.#ledger.write(resumeWebhook, { ownerSeq: owner.userSeq, id, by, now: Date.now() });
		this.#wake();
		return viewOf(row);
	}

	/** From now on deliveries are signed with another key, those that wait, too. */
	async rotateKey(owner: SecretOwner, id: string, by: Doer): Promise<WebhookWithKey> {
		const row = await this.#ledger.read(readWebhook, { ownerSeq: owner.userSeq, id });
		const key = newKey();
		await this.#secrets.replace(owner, row.key, key, { condition: ANY_VERSION, by });
		return { ...viewOf(row), key };
	}

	/** Delivers something that means nothing; answers its id. */
	async test(ownerSeq: number, id: string): Promise<string> {
		const delivery = await this.#ledger.write(testWebhook, { ownerSeq, id, now: Date.now() });
		this.#wake();
		return delivery;
	}

	/** Newest first. */
	async deliveries(ownerSeq: number, id: string, page: { limit: number; cursor?: string | undefined }) {
		const { seq } = await this.#ledger.read(readWebhook, { ownerSeq, id });
		const before = readSeqCursor(page.cursor);
		const rows = await this.#ledger.read(listDeliveries, { webhookSeq: seq, before, limit: page.limit + 1 });
		return pageBySeq(rows, page.limit, deliveryViewOf);
	}

	async again(ownerSeq: number, id: string): Promise<void> {
		await this.#ledger.write(sendAgain, { ownerSeq, id, now: Date.now() });
		this.#wake();
	}

	async forgetOld(now: number): Promise<void> {
		const args = { before: now - KEPT_MS, limit: FORGOTTEN_AT_ONCE };
		while (await this.#ledger.write(forgetDeliveries, args));
	}

	#checked(url: string): string {
		return checkUrl(url, { allow: this.#allow, http: false, program: 'coordinator' }).href;
	}
}

const viewOf = ({ seq: _, key: __, events, createdAt, ...row }: WebhookRow): WebhookView => ({
	...row,
	events: JSON.parse(events) as WebhookView['events'],
	createdAt: new Date(createdAt).toISOString(),
});

const deliveryViewOf = ({ seq: _, nextAt, createdAt, ...row }: DeliveryRow): DeliveryView => ({
	...row,
	nextAt: nextAt === null ? null : new Date(nextAt).toISOString(),
	createdAt: new Date(createdAt).toISOString(),
});
