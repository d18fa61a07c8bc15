import { CodedError } from '../../shared/coded-error.ts';
import type { TriggerBook } from './book.ts';
import type { TriggerBooks } from './trigger-book.ts';

/** Times that a plan is made anew because the person's triggers were changed meanwhile. */
const MOST_PLANS = 4;

/**
 * Plans by a person's triggers and writes by that plan; anew when the transaction finds that they have changed since.
 * Throws `overloaded` when they change without end.
 */
export const byBook = async <T>(
	books: TriggerBooks,
	ownerSeq: number,
	write: (book: TriggerBook) => Promise<T | 'stale'>,
): Promise<T> => {
	for (let i = 0; i < MOST_PLANS; i += 1) {
		const done = await write(await books.of(ownerSeq));
		if (done !== 'stale') return done;
		books.changed(ownerSeq);
	}
	const message = 'Your recipes and triggers are being changed all the time. Try again when they rest.';
	throw new CodedError('overloaded', message, { retryAfter: 1 });
};
