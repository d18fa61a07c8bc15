import { fullJitterBackoff } from '../../shared/backoff.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { type Happening, type HappeningKind, readHappenings } from './happening-store.ts';

/** Read at once of a kind. */
const PAGE = 500;
const RETRY = { firstMs: 1_000, mostMs: 60_000 };

/** Does what follows from happenings of one kind, oldest first. Its transaction deletes each that it did, or found to be of no use. */
export type Consume = (happenings: readonly Happening[]) => Promise<void>;

interface Consumer {
	consume: Consume;
	/** Times in a row that it failed, and when it is asked again. */
	failures: number;
	asksAt: number;
}

/**
 * What is still to be done because of what was committed, and needs more than SQL: read after the commit and at start,
 * done by who asked for that kind. A consumer deletes a happening in the transaction that does what follows from it, so
 * each is done exactly once, whenever the process dies. One that fails is asked again later and holds up no other.
 */
export class Happenings implements AsyncDisposable {
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly #consumers = new Map<HappeningKind, Consumer>();
	/** The newest that this process has heard of. */
	#seen = 0;
	#isDirty = false;
	#running: Promise<void> | null = null;
	#retry: NodeJS.Timeout | null = null;
	#isClosed = false;

	constructor(options: { ledger: Ledger; logger: Logger }) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
	}

	/** Before the start. */
	on(kind: HappeningKind, consume: Consume): void {
		if (this.#consumers.has(kind)) throw new Error(`${kind} has a consumer already`);
		this.#consumers.set(kind, { consume, failures: 0, asksAt: 0 });
	}

	/** A transaction was committed, and this was the newest happening then. */
	committed(last: number): void {
		if (last <= this.#seen) return;
		this.#seen = last;
		this.kick();
	}

	/** There may be some that nobody told of: at start, and after what SQL alone has done. */
	kick(): void {
		this.#isDirty = true;
		if (this.#isClosed) return;
		this.#running ??= this.#drain().finally(() => {
			this.#running = null;
			if (this.#isDirty && !this.#isClosed) this.kick();
		});
	}

	/** Until all that is known now is done, or has failed. For tests. */
	async settled(): Promise<void> {
		while (this.#running) await this.#running;
	}

	async #drain(): Promise<void> {
		while (this.#isDirty && !this.#isClosed) {
			this.#isDirty = false;
			const now = performance.now();
			const kinds = [...this.#consumers].filter(([, { asksAt }]) => asksAt <= now).map(([kind]) => kind);
			try {
				const found = await this.#ledger.read(readHappenings, { kinds, limit: PAGE });
				await Promise.all(
					kinds.map((kind) =>
						this.#do(
							kind,
							found.filter((one) => one.kind === kind),
						),
					),
				);
			} catch (error) {
				// The chore that kicks now and then asks again.
				this.#logger.error({ err: error }, 'what is to follow could not be read');
			}
		}
		this.#askAgain();
	}

	async #do(kind: HappeningKind, page: readonly Happening[]): Promise<void> {
		const [first] = page;
		const consumer = this.#consumers.get(kind)!;
		if (!first) return;
		try {
			await consumer.consume(page);
			consumer.failures = 0;
			if (page.length === PAGE) this.#isDirty = true;
		} catch (error) {
			if (this.#isClosed) return;
			consumer.failures += 1;
			const inMs = fullJitterBackoff(RETRY, consumer.failures);
			consumer.asksAt = performance.now() + inMs;
			this.#logger.error({ err: error, kind, seq: first.seq, inMs }, 'what follows from a happening failed');
		}
	}

	#askAgain(): void {
		const failed = [...this.#consumers.values()].filter(({ failures }) => failures > 0);
		if (this.#retry !== null) clearTimeout(this.#retry);
		this.#retry = null;
		if (failed.length === 0 || this.#isClosed) return;
		const at = Math.min(...failed.map(({ asksAt }) => asksAt));
		this.#retry = setTimeout(() => this.kick(), Math.max(1, Math.ceil(at - performance.now())));
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#isClosed = true;
		if (this.#retry !== null) clearTimeout(this.#retry);
		await this.#running;
	}
}
