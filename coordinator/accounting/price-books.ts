import { CodedError } from '../../shared/coded-error.ts';
import type { NewPrices, PriceVersion } from '../../shared/protocol/price-book.ts';
import { newPricesSchema } from '../../shared/protocol/price-book.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { type PriceRow, priceBy } from './price.ts';
import { addBook, type BookRow, readBooks, withdrawBook } from './price-store.ts';

/** Versions of what things cost. Held in memory, so that a settled attempt is priced without asking the ledger. */
export class PriceBooks {
	readonly #ledger: Ledger;
	readonly #now: () => number;
	#books: readonly BookRow[] = [];
	#price: PriceRow = priceBy([]);

	constructor(options: { ledger: Ledger; now?: () => number }) {
		this.#ledger = options.ledger;
		this.#now = options.now ?? Date.now;
	}

	async load(): Promise<void> {
		this.#books = await this.#ledger.read(readBooks, null);
		this.#price = priceBy(this.#books);
	}

	/** Gives an attempt that is over its price. */
	readonly price: PriceRow = (row) => this.#price(row);

	/** What all prices are in; null: there are none. */
	get currency(): string | null {
		return this.#books[0]?.currency ?? null;
	}

	/** When the first prices began to count, or will; null: there are none. */
	get firstAt(): number | null {
		return this.#books.at(-1)?.startsAt ?? null;
	}

	/** The newest first. */
	list(): PriceVersion[] {
		const now = this.#now();
		const current = this.#books.find(({ startsAt }) => startsAt <= now);
		return this.#books.map((book, i) => {
			const { startsAt, createdAt, ...rest } = book;
			const next = this.#books[i - 1];
			return {
				...rest,
				from: new Date(startsAt).toISOString(),
				to: next ? new Date(next.startsAt).toISOString() : null,
				state: book === current ? 'current' : startsAt > now ? 'coming' : 'past',
				createdAt: new Date(createdAt).toISOString(),
			};
		});
	}

	/** Throws `prices-overlap`. */
	async add(asked: NewPrices, by: Doer): Promise<PriceVersion> {
		const { from, ...book } = newPricesSchema.parse(asked);
		const startsAt = from === undefined ? null : Date.parse(from);
		const added = await this.#ledger.write(addBook, { startsAt, book, by, now: this.#now() });
		await this.load();
		const shown = this.list().find(({ version }) => version === added.version);
		if (!shown) throw new CodedError('conflict', 'Somebody else has withdrawn it already.');
		return shown;
	}

	/** Throws `wrong-state` once it counts. */
	async withdraw(version: number, by: Doer): Promise<void> {
		await this.#ledger.write(withdrawBook, { version, by, now: this.#now() });
		await this.load();
	}
}
