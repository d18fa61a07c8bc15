import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import type { MailRow } from './mail-store.ts';
import { type DueMail, type MailTried, noteMailTry, readDueMail } from './outbox-store.ts';
import type { OpenServer, OutgoingMail, Sent } from './send-mail.ts';

const MINUTE_MS = 60_000;
/** After the first try, the second, and so on; after the last of them it is given up. */
const WAITS_MS = [1, 5, 30, 120, 360, 720, 1_440].map((minutes) => minutes * MINUTE_MS);
/** It may have been the clock, or a ledger that failed: it looks again so often. */
const LONGEST_SLEEP_MS = 60_000;

export type Send = (server: OpenServer, mail: OutgoingMail, signal: AbortSignal) => Promise<Sent>;

/**
 * Sends the mails that are due, one after the other, at least once each: what a process did not get to, or did not write
 * down, is sent by the next one, with the same Message-ID.
 */
export class MailOutbox implements AsyncDisposable {
	readonly #ledger: Pick<Ledger, 'read' | 'write'>;
	readonly #logger: Logger;
	readonly #open: (row: MailRow) => OpenServer;
	readonly #send: Send;
	readonly #now: () => number;
	readonly #random: () => number;
	readonly #stopped = new AbortController();
	#working: Promise<void> | null = null;
	#isStale = false;
	#timer: NodeJS.Timeout | null = null;

	constructor(options: {
		ledger: Pick<Ledger, 'read' | 'write'>;
		logger: Logger;
		/** With the password in the clear. */
		open: (row: MailRow) => OpenServer;
		send: Send;
		now?: () => number;
		random?: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.#open = options.open;
		this.#send = options.send;
		this.#now = options.now ?? Date.now;
		this.#random = options.random ?? Math.random;
	}

	/** There may be something due. */
	wake(): void {
		this.#isStale = true;
		if (this.#stopped.signal.aborted) return;
		this.#working ??= this.#work().finally(() => {
			this.#working = null;
			// Whoever woke it when it had just looked for the last time.
			if (this.#isStale) this.wake();
		});
	}

	/** Until nothing is due or under way. For tests. */
	async settled(): Promise<void> {
		while (this.#working) await this.#working;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		// What is under way is sent again by the next process.
		this.#stopped.abort();
		if (this.#timer !== null) clearTimeout(this.#timer);
		await this.#working;
	}

	async #work(): Promise<void> {
		this.#isStale = false;
		try {
			while (!this.#stopped.signal.aborted) {
				const { server, mail, nextAt } = await this.#ledger.read(readDueMail, { now: this.#now() });
				if (!server || !mail) return this.#sleep(server ? nextAt : null);
				const tried = await this.#try(server, mail);
				if (tried === null) return;
				await this.#ledger.write(noteMailTry, tried);
			}
		} catch (error) {
			if (this.#stopped.signal.aborted) return;
			this.#logger.error({ err: error }, 'mails that are due could not be read, or what came of one noted');
			// Not at once: it would be sent again and again.
			this.#isStale = false;
			this.#sleep(null);
		}
	}

	#sleep(nextAt: number | null): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
		if (this.#stopped.signal.aborted) return;
		const wait = nextAt === null ? LONGEST_SLEEP_MS : Math.max(nextAt - this.#now(), 10);
		this.#timer = setTimeout(() => this.wake(), Math.min(wait, LONGEST_SLEEP_MS));
	}

	/** Null: it was stopped meanwhile, and nobody knows what came of it. */
	async #try(row: MailRow, mail: DueMail): Promise<MailTried | null> {
		const { seq, tries } = mail;
		const sent = await this.#sent(row, mail);
		if (this.#stopped.signal.aborted && !sent.ok) return null;
		const now = this.#now();
		if (sent.ok) {
			// It has reached somebody: sending it again to all would be worse.
			if (sent.refused.length > 0)
				this.#logger.warn({ count: sent.refused.length }, 'recipients of a mail were refused');
			return { seq, error: null, nextAt: null, now };
		}
		const wait = WAITS_MS[tries];
		const nextAt = wait === undefined ? null : now + Math.ceil(wait * (0.5 + this.#random() / 2));
		const answer = sent.answer === null ? '' : ` It said: ${sent.answer}`;
		return { seq, error: `${sent.what} ${sent.do}${answer}`.slice(0, 1_000), nextAt, now };
	}

	async #sent(row: MailRow, mail: DueMail): Promise<Sent> {
		let server: OpenServer;
		try {
			server = this.#open(row);
		} catch (error) {
			this.#logger.error({ err: error }, 'the password of the mail server does not open');
			const todo = 'Set it again: millrace admin mail set.';
			return { ok: false, what: 'The password cannot be opened any more.', do: todo, answer: null };
		}
		return this.#send(server, mail, this.#stopped.signal);
	}
}
