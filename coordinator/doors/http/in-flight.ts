import { CodedError } from '../../../shared/coded-error.ts';

/** Requests that may be under way at once: of one person, of one network without a sign-in, of one person at one dear route. */
const MOST = { person: 256, stranger: 256, expensive: 4 } as const;

/** Holds everybody to a fair number of requests at a time: a rate would hit who is quick, this hits who hogs. */
export class InFlight {
	readonly #counts = {
		person: new Map<number, number>(),
		stranger: new Map<string, number>(),
		expensive: new Map<string, number>(),
	};

	/** Throws `too-many-requests`; `leave` with the same arguments when the answer has ended. */
	enter<K extends keyof typeof MOST>(kind: K, who: K extends 'person' ? number : string): void {
		const counts = this.#counts[kind] as Map<unknown, number>;
		const count = counts.get(who) ?? 0;
		if (count >= MOST[kind]) {
			throw new CodedError('too-many-requests', `${count} of your requests are under way; wait for some to end.`, {
				retryAfter: 1,
			});
		}
		counts.set(who, count + 1);
	}

	leave(kind: keyof typeof MOST, who: number | string): void {
		const counts = this.#counts[kind] as Map<unknown, number>;
		const left = (counts.get(who) ?? 1) - 1;
		if (left <= 0) counts.delete(who);
		else counts.set(who, left);
	}
}
