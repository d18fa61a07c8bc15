import { randomUUID } from 'node:crypto';
import type { Ledger } from '../database/ledger.ts';
import { pinBlobs, renewPin, unpinBlobs } from './backup-store.ts';
import { refused } from './refused.ts';

/** A pin of whoever was killed runs out by itself. */
const FOR_MS = 5 * 60_000;
const RENEWED_EVERY_MS = 20_000;

/**
 * Keeps content from being removed while it is copied. It is in the ledger, so that it holds between processes, and a
 * removal asks for it in the transaction that forgets the row. Take it before the ledger is copied.
 */
export class BlobPin {
	readonly #ledger: Ledger;
	readonly #id: string;
	readonly #timer: NodeJS.Timeout;
	#trouble: unknown = null;

	private constructor(ledger: Ledger, id: string) {
		this.#ledger = ledger;
		this.#id = id;
		this.#timer = setInterval(() => {
			this.check().catch((error: unknown) => {
				this.#trouble = error;
			});
		}, RENEWED_EVERY_MS);
	}

	static async take(ledger: Ledger): Promise<BlobPin> {
		const [id, now] = [randomUUID(), Date.now()];
		await ledger.write(pinBlobs, { id, now, expiresAt: now + FOR_MS });
		return new BlobPin(ledger, id);
	}

	/** Renews it. Throws when it did not hold all the time. */
	async check(): Promise<void> {
		if (this.#trouble) throw this.#trouble;
		const now = Date.now();
		if (await this.#ledger.write(renewPin, { id: this.#id, now, expiresAt: now + FOR_MS })) return;
		throw refused('The backup stood still for so long that content may have gone meanwhile. Back up again.');
	}

	async [Symbol.asyncDispose](): Promise<void> {
		clearInterval(this.#timer);
		await this.#ledger.write(unpinBlobs, { id: this.#id });
	}
}
