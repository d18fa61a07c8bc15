import { CodedError } from '../../shared/coded-error.ts';
import type { Statement } from '../../shared/protocol/statement.ts';
import type { Ledger } from '../database/ledger.ts';
import { monthOf } from './month.ts';
import type { PriceBooks } from './price-books.ts';
import { bucketsOf } from './rollup-cubes.ts';
import type { Rollups } from './rollups.ts';
import { SETTLED_MS } from './seals.ts';
import { readStatement, type StatementLineRow, type StatementOf } from './statement-store.ts';
import { addSums, NO_SUMS, usageSumsOf } from './usage-sums.ts';

const iso = (at: number): string => new Date(at).toISOString();

const lineOf = ({ kind, type, serviceClass, sums }: StatementLineRow): Statement['lines'][number] => ({
	...{ kind, what: type ?? kind, class: serviceClass },
	...usageSumsOf(sums),
});

/** What was used in a month and what it costs, from the same sums as every other answer about usage. */
export class Statements {
	readonly #ledger: Ledger;
	readonly #rollups: Rollups;
	readonly #prices: PriceBooks;
	readonly #issuer: string;
	readonly #now: () => number;

	constructor(options: {
		ledger: Ledger;
		rollups: Rollups;
		prices: PriceBooks;
		issuer?: string;
		now?: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#rollups = options.rollups;
		this.#prices = options.prices;
		this.#issuer = options.issuer ?? 'Millrace';
		this.#now = options.now ?? Date.now;
	}

	/** Throws `invalid` for a month that has not begun, `not-found` for nobody. */
	async of(month: string, of: StatementOf): Promise<Statement> {
		const { start: from, next: to } = monthOf(Date.parse(`${month}-01T00:00:00Z`));
		const now = this.#now();
		if (from > now) throw new CodedError('invalid', `${month} has not begun: there is no statement of it yet.`);
		// As with seals: by then nothing is on its way into the ledger any more.
		const isClosed = now >= to + SETTLED_MS;
		const asOf = isClosed ? to : Math.min(now, to);
		await this.#rollups.catchUp();
		const needs = { owner: true, node: false };
		// Of whole months there are sums at once.
		const buckets = bucketsOf({ period: { from, to }, needs, keyed: null, zoneMs: 0 }, 0);
		const rows = await this.#ledger.read(readStatement, { of, buckets, from, to });
		const total = usageSumsOf(rows.lines.reduce((sum, { sums }) => addSums(sum, sums), NO_SUMS));
		const { prices, currency } = this.#pricesIn(from, to, asOf);
		return {
			...{ month, from: iso(from), to: iso(to), zone: 'UTC', state: isClosed ? 'closed' : 'so-far', asOf: iso(asOf) },
			...{ issuer: this.#issuer, of: rows.of, currency, prices },
			lines: rows.lines.map(lineOf),
			people: rows.people.map(({ id, name, sums }) => ({ id, name, ...usageSumsOf(sums) })),
			corrections: rows.corrections.map((one) => ({ ...one, at: iso(one.at) })),
			correctionsLeft: rows.correctionsLeft,
			total,
		};
	}

	/** Versions with their parts of the month, so that one that is set later changes nothing of what was. */
	#pricesIn(from: number, to: number, asOf: number): Pick<Statement, 'prices' | 'currency'> {
		const all = this.#prices.list();
		const prices = all
			.map(({ version, from: begins, to: ends }) => ({
				version,
				from: Math.max(from, Date.parse(begins)),
				to: Math.min(to, ends === null ? to : Date.parse(ends)),
			}))
			.filter((one) => one.from < one.to && one.from <= asOf)
			.reverse();
		return {
			prices: prices.map((one) => ({ ...one, from: iso(one.from), to: iso(one.to) })),
			// A book has one currency for ever.
			currency: all[0]?.currency ?? null,
		};
	}
}
