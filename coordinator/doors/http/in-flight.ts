import { CodedError } from '../../../shared/coded-error.ts';

/** Requests of one person, or of one network without a sign-in, that may be under way at once. */
export const MOST_IN_FLIGHT = 256;

/** Holds everybody to a fair number of requests at a time: a rate would hit who is quick, this hits who hogs. */
export class InFlight {
	readonly #counts = new Map<number | string, number>();

	/** Throws `too-many-requests`; `leave` with the same key when the answer has ended. */
	enter(key: number | string, most: number): void {
		const count = this.#counts.get(key) ?? 0;
		if (count >= most) {
			throw new CodedError('too-many-requests', `${count} of your requests are under way; wait for some to end.`, {
				retryAfter: 1,
			});
		}
		this.#counts.set(key, count + 1);
	}

	leave(key: number | string): void {
		const left = (this.#counts.get(key) ?? 1) - 1;
		if (left <= 0) this.#counts.delete(key);
		else this.#counts.set(key, left);
	}
}
