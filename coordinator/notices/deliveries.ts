import { CodedError } from '../../shared/coded-error.ts';
import { guardedTell } from '../../shared/egress/guarded-fetch.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { type DueDelivery, noteTry, readDue, type Tried } from './delivery-store.ts';
import { signatureOf } from './signature.ts';

/** At a time, one of each webhook, and few of one person: who does not answer holds up nobody else. */
const AT_ONCE = 8;
const AT_ONCE_OF_OWNER = 2;
/** A try that fails after longer than this is one of a place that hangs: it then rests so many times as long. */
const SLOW_MS = 1_000;
const REST_FACTOR = 9;
const MINUTE_MS = 60_000;
/** After the first try, the second, and so on; after the last of them it is given up. */
const WAITS_MS = [1, 5, 30, 120, 360, 720, 1_440].map((minutes) => minutes * MINUTE_MS);
/** It may have been the clock, or a ledger that failed: it looks again so often. */
const LONGEST_SLEEP_MS = 60_000;

type Send = (
	delivery: DueDelivery,
	headers: Record<string, string>,
	signal: AbortSignal,
) => Promise<{ status: number }>;

/** Tells where people say, but only where one may; what is answered is not read, and other places it names are not asked. */
export const sendGuarded =
	(allow: readonly string[]): Send =>
	({ url, body }, headers, signal) =>
		guardedTell(url, { allow, method: 'POST', headers, body, signal, redirects: 0, totalMs: 10_000 });

/**
 * Makes deliveries that are due, at least once each: what a process did not get to, or did not write down, is made by the
 * next one, with the same id.
 */
export class Deliveries implements AsyncDisposable {
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly #keyOf: (ownerSeq: number, secret: string) => Promise<string>;
	readonly #send: Send;
	readonly #now: () => number;
	readonly #random: () => number;
	/** By webhook. */
	readonly #busy = new Map<number, { ownerSeq: number; done: Promise<void> }>();
	/** Webhooks that let everybody wait, with what ends their rest. */
	readonly #resting = new Map<number, NodeJS.Timeout>();
	#looking: Promise<void> | null = null;
	#isStale = false;
	#timer: NodeJS.Timeout | null = null;
	readonly #stopped = new AbortController();
	#isClosed = false;

	constructor(options: {
		ledger: Ledger;
		logger: Logger;
		keyOf: (ownerSeq: number, secret: string) => Promise<string>;
		send: Send;
		now?: () => number;
		random?: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.#keyOf = options.keyOf;
		this.#send = options.send;
		this.#now = options.now ?? Date.now;
		this.#random = options.random ?? Math.random;
	}

	/** There may be something due. */
	wake(): void {
		this.#isStale = true;
		if (this.#isClosed) return;
		this.#looking ??= this.#look().finally(() => {
			this.#looking = null;
			// Whoever woke it when it had just looked for the last time.
			if (this.#isStale) this.wake();
		});
	}

	/** Until nothing is due or under way. For tests. */
	async settled(): Promise<void> {
		while (this.#looking || this.#busy.size > 0) {
			await this.#looking;
			await Promise.all([...this.#busy.values()].map(({ done }) => done));
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#isClosed = true;
		// What is under way is made again by the next process.
		this.#stopped.abort();
		if (this.#timer !== null) clearTimeout(this.#timer);
		for (const rest of this.#resting.values()) clearTimeout(rest);
		await this.settled();
	}

	async #look(): Promise<void> {
		try {
			while (this.#isStale && !this.#isClosed) {
				this.#isStale = false;
				const limit = AT_ONCE - this.#busy.size;
				// Whoever ends wakes it.
				if (limit === 0) return;
				const busy = [...this.#busy.keys(), ...this.#resting.keys()];
				const owners = this.#fullOwners();
				const { due, nextAt } = await this.#ledger.read(readDue, { now: this.#now(), busy, owners, limit });
				for (const delivery of due) {
					if (!this.#fullOwners().includes(delivery.ownerSeq)) this.#begin(delivery);
					// There may be others' behind it, that were not read.
					else this.#isStale = true;
				}
				this.#sleep(nextAt);
			}
		} catch (error) {
			if (this.#isClosed) return;
			this.#logger.error({ err: error }, 'deliveries that are due could not be read');
			this.#sleep(null);
		}
	}

	#fullOwners(): number[] {
		const counts = new Map<number, number>();
		for (const { ownerSeq } of this.#busy.values()) counts.set(ownerSeq, (counts.get(ownerSeq) ?? 0) + 1);
		return [...counts].filter(([, count]) => count >= AT_ONCE_OF_OWNER).map(([ownerSeq]) => ownerSeq);
	}

	#rest(webhookSeq: number, ms: number): void {
		const over = (): void => {
			this.#resting.delete(webhookSeq);
			this.wake();
		};
		if (!this.#isClosed) this.#resting.set(webhookSeq, setTimeout(over, ms));
	}

	#sleep(nextAt: number | null): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
		if (this.#isClosed) return;
		const wait = nextAt === null ? LONGEST_SLEEP_MS : Math.max(nextAt - this.#now(), 10);
		this.#timer = setTimeout(() => this.wake(), Math.min(wait, LONGEST_SLEEP_MS));
	}

	#begin(delivery: DueDelivery): void {
		const startedAt = performance.now();
		const done = this.#try(delivery)
			.then((tried) => {
				const tookMs = performance.now() - startedAt;
				if (!tried.delivered && tookMs > SLOW_MS) this.#rest(delivery.webhookSeq, tookMs * REST_FACTOR);
				return this.#ledger.write(noteTry, tried);
			})
			.then(
				() => true,
				(error: unknown) => {
					if (!this.#isClosed)
						this.#logger.error({ err: error, delivery: delivery.id }, 'a delivery could not be noted');
					return false;
				},
			)
			.then((isNoted) => {
				this.#busy.delete(delivery.webhookSeq);
				// Not at once when the ledger fails: it would be sent again and again.
				if (isNoted) this.wake();
				else this.#sleep(null);
			});
		this.#busy.set(delivery.webhookSeq, { ownerSeq: delivery.ownerSeq, done });
	}

	async #try(delivery: DueDelivery): Promise<Tried> {
		const { seq, webhookSeq, body, tries } = delivery;
		const wait = WAITS_MS[tries];
		const nextAt = wait === undefined ? null : this.#now() + Math.ceil(wait * (0.5 + this.#random() / 2));
		const failed = { seq, webhookSeq, delivered: false, isGone: false };
		try {
			const key = await this.#keyOf(delivery.ownerSeq, delivery.key);
			const headers = {
				'content-type': 'application/json',
				'millrace-delivery': delivery.id,
				'millrace-event': delivery.event,
				'millrace-signature': signatureOf(key, body, this.#now()),
			};
			const { status } = await this.#send(delivery, headers, this.#stopped.signal);
			if (status >= 200 && status < 300) {
				return { ...failed, delivered: true, status, error: null, nextAt: null };
			}
			const isGone = status === 410;
			return { ...failed, status, error: `It was answered with ${status}.`, nextAt: isGone ? null : nextAt, isGone };
		} catch (error) {
			if (this.#isClosed) throw error;
			// An address that may not be asked stays so until somebody changes something: trying again costs little.
			const message = error instanceof CodedError || error instanceof Error ? error.message : 'It failed.';
			return { ...failed, status: null, error: message.slice(0, 500), nextAt };
		}
	}
}
