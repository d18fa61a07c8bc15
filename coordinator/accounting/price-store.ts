import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { Prices } from '../../shared/protocol/price-book.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { type Book, type PriceRow, priceBy } from './price.ts';

const MOST_VERSIONS = 1_000;

export interface BookRow extends Book {
	currency: string;
	note: string;
	createdAt: number;
	createdBy: string;
}

const SELECT = `SELECT version, starts_at AS startsAt, currency, prices, class_factors AS classFactors, note,
	created_at AS createdAt, created_by AS createdBy FROM price_book ORDER BY starts_at DESC`;

interface Stored extends Omit<BookRow, 'prices' | 'classFactors'> {
	prices: string;
	classFactors: string;
}

/** All versions, the newest first. */
export const prepareBooks = (db: Database): (() => BookRow[]) => {
	const select = db.prepare(SELECT);
	return () =>
		(select.all() as Stored[]).map((row) => ({
			...row,
			prices: JSON.parse(row.prices) as Prices,
			classFactors: JSON.parse(row.classFactors) as Record<string, string>,
		}));
};

/** Prices what is metered within somebody's transaction. */
export const preparePriceRow = (db: Database): PriceRow => {
	const books = prepareBooks(db);
	const state = db
		.prepare(
			`SELECT count(*) || ' ' || total(version) || ' ' || total(starts_at) || ' ' || total(created_at) FROM price_book`,
		)
		.pluck();
	// Versions are never changed, so that what was made of them holds for as long as the same ones are there.
	let known = { state: '', price: priceBy([]) };
	return (row) => {
		const now = state.get() as string;
		if (now !== known.state) known = { state: now, price: priceBy(books()) };
		return known.price(row);
	};
};

export const readBooks = readOperation('accounting.read-books', (db) => {
	const books = prepareBooks(db);
	return (_: null) => books();
});

/** Throws `prices-overlap` when it would count before now or before another version. */
export const addBook = writeOperation('accounting.add-book', (db) => {
	const books = prepareBooks(db);
	const insert = db.prepare(
		`INSERT INTO price_book (starts_at, currency, prices, class_factors, note, created_at, created_by)
		 VALUES (@startsAt, @currency, @prices, @classFactors, @note, @now, @actor)`,
	);
	const audit = prepareAudit(db);
	return (args: {
		/** Null: now. */
		startsAt: number | null;
		book: Pick<BookRow, 'currency' | 'prices' | 'classFactors' | 'note'>;
		by: Doer;
		now: number;
	}): BookRow => {
		const { book, by, now } = args;
		const startsAt = args.startsAt ?? now;
		const [newest, ...older] = books();
		if (older.length + 1 >= MOST_VERSIONS) {
			throw new CodedError('too-many-things', `The price book has ${MOST_VERSIONS} versions; it takes no more.`);
		}
		if (startsAt < now) {
			throw new CodedError(
				'prices-overlap',
				`Prices count from when they are set, never before: what was used has its price. It is ${new Date(now).toISOString()}.`,
			);
		}
		if (newest && startsAt <= newest.startsAt) {
			throw new CodedError(
				'prices-overlap',
				`Version ${newest.version} counts from ${new Date(newest.startsAt).toISOString()}: choose a later time, or withdraw it first.`,
			);
		}
		if (newest && newest.currency !== book.currency) {
			throw new CodedError(
				'invalid',
				`The price book is in ${newest.currency}: amounts of two currencies have no sum.`,
				{ fields: [{ path: 'currency', message: `must be ${newest.currency}` }] },
			);
		}
		const { currency, note } = book;
		insert.run({
			...{ startsAt, currency, note, now, actor: by.actor },
			...{ prices: JSON.stringify(book.prices), classFactors: JSON.stringify(book.classFactors) },
		});
		const [added] = books();
		const detail = {
			before: newest ? { version: newest.version, prices: newest.prices, classFactors: newest.classFactors } : null,
			after: { from: new Date(startsAt).toISOString(), ...book },
		};
		audit({ at: now, ...by, action: 'prices.add', object: `version ${added!.version}`, outcome: 'done', detail });
		return added!;
	};
});

/** Takes back a version that does not count yet. Throws `not-found`, and `wrong-state` once it counts. */
export const withdrawBook = writeOperation('accounting.withdraw-book', (db) => {
	const books = prepareBooks(db);
	const remove = db.prepare('DELETE FROM price_book WHERE version = ?');
	const audit = prepareAudit(db);
	return ({ version, by, now }: { version: number; by: Doer; now: number }): void => {
		const book = books().find((one) => one.version === version);
		if (!book) throw new CodedError('not-found', `The price book has no version ${version}.`);
		if (book.startsAt <= now) {
			throw new CodedError('wrong-state', 'These prices count already; set others that count from a later time.');
		}
		remove.run(version);
		const { prices, classFactors } = book;
		const detail = { before: { from: new Date(book.startsAt).toISOString(), prices, classFactors } };
		audit({ at: now, ...by, action: 'prices.withdraw', object: `version ${version}`, outcome: 'done', detail });
	};
});

export const PRICE_OPERATIONS = [readBooks, addBook, withdrawBook];
