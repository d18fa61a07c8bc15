import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { appendChunks, type ChunkFacts } from './journal-store.ts';
import { squeeze } from './squeezed.ts';

/** What may wait to be written. Bytes. */
const MOST_WAITING = 16 * 1024 * 1024;
/** After a write that failed (a full disk) it is tried again so much later. */
const RETRY_MS = 1_000;
const CHUNKS_A_WRITE = 16;

interface Waiting {
	facts: ChunkFacts;
	body: Buffer;
	isSqueezed: boolean;
}

/**
 * Brings closed chunks into the ledger, in order, beside the work: nobody waits for it. What cannot be written waits in
 * bounded memory; what does not fit there is lost, and the next chunk tells how much that was.
 */
export class ChunkKeeper {
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly #mostWaiting: number;
	#waiting: Waiting[] = [];
	#bytes = 0;
	#lost = 0;
	#pumping: Promise<void> | null = null;
	#retry: NodeJS.Timeout | null = null;
	#troubled = false;

	constructor(options: { ledger: Ledger; logger: Logger; mostWaiting?: number }) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.#mostWaiting = options.mostWaiting ?? MOST_WAITING;
	}

	add(facts: Omit<ChunkFacts, 'lost'>, body: Buffer): void {
		if (this.#bytes + body.length > this.#mostWaiting) {
			this.#lost += facts.events;
			this.#complain(null);
			return;
		}
		this.#waiting.push({ facts: { ...facts, lost: this.#lost }, body, isSqueezed: false });
		this.#lost = 0;
		this.#bytes += body.length;
		if (!this.#retry) this.#start();
	}

	/** Events that were lost and of which no chunk tells yet. */
	get lost(): number {
		return this.#lost;
	}

	/** Tries once more to write all there is. */
	async flush(): Promise<void> {
		await this.#pumping;
		this.#start();
		await this.#pumping;
		if (this.#retry) clearTimeout(this.#retry);
	}

	#start(): void {
		if (this.#retry) clearTimeout(this.#retry);
		this.#retry = null;
		this.#pumping ??= this.#pump().finally(() => {
			this.#pumping = null;
		});
	}

	async #pump(): Promise<void> {
		try {
			while (this.#waiting.length > 0) {
				const batch = this.#waiting.slice(0, CHUNKS_A_WRITE);
				for (const one of batch) await this.#squeeze(one);
				const rows = batch.map(({ facts, body }) => ({ ...facts, body }));
				await this.#ledger.write(appendChunks, rows, { patient: true });
				this.#waiting.splice(0, batch.length);
				for (const { body } of batch) this.#bytes -= body.length;
				if (this.#troubled && this.#waiting.length === 0) {
					this.#troubled = false;
					this.#logger.info('the journal of decisions is written again');
				}
			}
		} catch (error) {
			this.#complain(error);
			this.#retry = setTimeout(() => this.#start(), RETRY_MS).unref();
		}
	}

	async #squeeze(one: Waiting): Promise<void> {
		if (one.isSqueezed) return;
		const squeezed = await squeeze(one.body);
		this.#bytes += squeezed.length - one.body.length;
		one.body = squeezed;
		one.isSqueezed = true;
	}

	/** Once, until it works again. */
	#complain(error: unknown): void {
		if (this.#troubled) return;
		this.#troubled = true;
		this.#logger.error(
			{ err: error },
			'the journal of decisions cannot be written as fast as it grows: work goes on, what does not fit into memory will be missing in it',
		);
	}
}
