import type { Ledger } from '../database/ledger.ts';
import { bookOf, type TriggerBook } from './book.ts';
import { beginBook, readBook } from './book-store.ts';

/** People whose triggers are kept in memory. */
const MOST_PEOPLE = 10_000;

/**
 * People's triggers, kept in memory for those who were here lately. Whoever writes by them compares the revision in the
 * transaction: what is found here may be stale at any time. Who has no book yet is given one, with what everybody begins
 * with.
 */
export class TriggerBooks {
	readonly #ledger: Ledger;
	/** Least recently asked for first. */
	readonly #books = new Map<number, Promise<TriggerBook>>();

	constructor(ledger: Ledger) {
		this.#ledger = ledger;
	}

	of(ownerSeq: number): Promise<TriggerBook> {
		const book = this.#books.get(ownerSeq) ?? this.#load(ownerSeq);
		this.#books.delete(ownerSeq);
		this.#books.set(ownerSeq, book);
		return book;
	}

	/** What is in memory of this person's is not to be used any more. */
	changed(ownerSeq: number): void {
		this.#books.delete(ownerSeq);
	}

	#load(ownerSeq: number): Promise<TriggerBook> {
		const book = this.#read(ownerSeq);
		book.catch(() => {
			if (this.#books.get(ownerSeq) === book) this.#books.delete(ownerSeq);
		});
		const [oldest] = this.#books.keys();
		if (oldest !== undefined && this.#books.size >= MOST_PEOPLE) this.#books.delete(oldest);
		return book;
	}

	async #read(ownerSeq: number): Promise<TriggerBook> {
		const rows =
			(await this.#ledger.read(readBook, ownerSeq)) ??
			(await this.#ledger.write(beginBook, { ownerSeq, now: Date.now() }));
		return bookOf(rows.revision, rows.triggers);
	}
}
