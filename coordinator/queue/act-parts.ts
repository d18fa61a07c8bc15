import type { TaskVerb } from '../../shared/protocol/act.ts';
import type { Ledger } from '../database/ledger.ts';
import { type AlteredPart, alterTasks, undoAlterations } from './alter-store.ts';
import { cancelTasks } from './cancel-store.ts';
import type { Alteration, Wanted } from './judge-alteration.ts';
import type { LeaseBook } from './lease-book.ts';
import { discardTasks } from './quarantine-store.ts';
import type { LeftAlone } from './refuse-left-alone.ts';
import { retryTasks, undoCancels } from './retry-store.ts';
import type { Steering } from './steering.ts';

/** Tasks in one transaction: some milliseconds of the writer, so that submits and settlements pass between. */
const AT_ONCE = 500;

/** What came of a part. */
export interface Part {
	changed: number;
	skipped: number;
	/** Why the last of those that were skipped was; null where that is not told. */
	why: LeftAlone | null;
}

/**
 * The parts of acts on tasks: written, then brought into the line. One at a time, whatever acts they belong to, so that
 * what is said later also counts later; and short, so that nobody waits long for the next.
 */
export class ActParts {
	readonly #ledger: Ledger;
	readonly #steering: Steering;
	readonly #writeClaims: LeaseBook['writeClaims'];
	#turn: Promise<unknown> = Promise.resolve();

	constructor(options: { ledger: Ledger; steering: Steering; writeClaims: LeaseBook['writeClaims'] }) {
		this.#ledger = options.ledger;
		this.#steering = options.steering;
		this.#writeClaims = options.writeClaims;
	}

	of(verb: TaskVerb, seqs: readonly number[], act: number, wanted: Omit<Wanted, 'verb'>): AsyncIterable<Part> {
		if (verb === 'cancel') return this.cancel(seqs, act, wanted.at, false);
		if (verb === 'retry') return this.retry(seqs, act, wanted.at);
		return this.#alterAll(seqs, act, { ...wanted, verb });
	}

	/** Alters a few tasks; without an act nothing is noted for an undo. */
	alter(act: number | null, seqs: readonly number[], wanted: Wanted): Promise<Part> {
		return this.#alone(async () => this.#altered(await this.#ledger.write(alterTasks, { act, seqs, wanted })));
	}

	/** Without an act nothing is noted: an owner's word about the own tasks. */
	async *cancel(seqs: readonly number[], act: number | null, now: number, onlyUnrun: boolean): AsyncGenerator<Part> {
		for (let at = 0; at < seqs.length; ) {
			const part = seqs.slice(at, at + AT_ONCE);
			const { handled, skipped, why } = await this.#alone(async () => {
				const done = await this.#ledger.write(cancelTasks, { act, seqs: part, now, onlyUnrun });
				await this.#steering.cancelled(done.ended, done.asked);
				return done;
			});
			at += handled;
			yield { changed: handled - skipped, skipped, why };
		}
	}

	async *retry(seqs: readonly number[], act: number, now: number): AsyncGenerator<Part> {
		for (let at = 0; at < seqs.length; at += AT_ONCE) {
			const part = seqs.slice(at, at + AT_ONCE);
			const { rows, skipped, why } = await this.#alone(async () => {
				const done = await this.#ledger.write(retryTasks, { act, seqs: part, now });
				this.#steering.queuedAgain(done.rows);
				return done;
			});
			yield { changed: rows.length, skipped, why };
		}
	}

	/** Puts back what the act `undoes` altered. */
	async *undo(act: number, undoes: number, done: Wanted): AsyncGenerator<Part> {
		for (let afterSeq: number | null = 0; afterSeq !== null; ) {
			const args: { act: number; undoes: number; done: Wanted; afterSeq: number; limit: number } = {
				...{ act, undoes, done, afterSeq },
				limit: AT_ONCE,
			};
			const [part, lastSeq] = await this.#alone(async () => {
				const written = await this.#ledger.write(undoAlterations, args);
				return [this.#altered(written), written.lastSeq] as const;
			});
			afterSeq = lastSeq;
			yield part;
		}
	}

	/** Queues again what the act `undoes` cancelled then, and nobody has touched since. */
	async *uncancel(act: number, undoes: number, cancelledAt: number): AsyncGenerator<Part> {
		for (let afterSeq: number | null = 0; afterSeq !== null; ) {
			const args: { act: number; undoes: number; cancelledAt: number; now: number; afterSeq: number; limit: number } = {
				...{ act, undoes, cancelledAt, afterSeq },
				...{ now: Date.now(), limit: AT_ONCE },
			};
			const { rows, skipped, why, lastSeq } = await this.#alone(async () => {
				const done = await this.#ledger.write(undoCancels, args);
				this.#steering.queuedAgain(done.rows);
				return done;
			});
			afterSeq = lastSeq;
			yield { changed: rows.length, skipped, why };
		}
	}

	/** Nothing of this is in the line: what failed is out of it. */
	async *discard(seqs: readonly number[], act: number, now: number): AsyncGenerator<Part> {
		for (let at = 0; at < seqs.length; at += AT_ONCE) {
			const part = seqs.slice(at, at + AT_ONCE);
			yield { ...(await this.#ledger.write(discardTasks, { act, seqs: part, now })), why: null };
		}
	}

	async *#alterAll(seqs: readonly number[], act: number, wanted: Wanted & { verb: Alteration }): AsyncGenerator<Part> {
		for (let at = 0; at < seqs.length; at += AT_ONCE) yield await this.alter(act, seqs.slice(at, at + AT_ONCE), wanted);
	}

	#altered({ altered, skipped, why }: AlteredPart): Part {
		this.#steering.altered(altered);
		return { changed: altered.length, skipped, why };
	}

	/** Claims are written first: what runs is known to run. */
	#alone<T>(act: () => Promise<T>): Promise<T> {
		const done = this.#turn.then(async () => {
			await this.#writeClaims();
			return act();
		});
		this.#turn = done.catch(() => {});
		return done;
	}
}
