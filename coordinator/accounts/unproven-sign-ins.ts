import { BoundedMap } from './bounded-map.ts';
import { clientNetwork } from './client-network.ts';

const MOST_PEOPLE = 20_000;
const MOST_NETWORKS = 100;
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;
/** So many are told: a person who mistypes a code needs fewer. */
const TOLD_AT = 5;

interface Tries {
	at: number;
	byNetwork: Map<string, number>;
}

/**
 * Sign-ins with a person's right password that lacked the code of the second factor, or had a wrong one. The first
 * without a code is how every sign-in begins; those that no right code from the same network follows are somebody's who
 * knows the password.
 */
export class UnprovenSignIns {
	readonly #people = new BoundedMap<number, Tries>(MOST_PEOPLE);
	readonly #now: () => number;

	constructor(now: () => number) {
		this.#now = now;
	}

	/** Of this person from there, since the last good one. */
	from(userSeq: number, address: string): number {
		return this.#of(userSeq)?.byNetwork.get(clientNetwork(address)) ?? 0;
	}

	/** One more; true when there have been so many by now that the person should know. Then it is counted anew. */
	add(userSeq: number, address: string): boolean {
		const tries = this.#of(userSeq) ?? { at: 0, byNetwork: new Map<string, number>() };
		const network = clientNetwork(address);
		const { byNetwork } = tries;
		// Somebody who has that many networks at hand is told of by those that there are.
		const key = byNetwork.has(network) || byNetwork.size < MOST_NETWORKS ? network : 'others';
		byNetwork.set(key, (byNetwork.get(key) ?? 0) + 1);
		tries.at = this.#now();
		this.#people.set(userSeq, tries);
		const sum = [...byNetwork.values()].reduce((all, count) => all + count, 0);
		if (sum < TOLD_AT) return false;
		this.#people.delete(userSeq);
		return true;
	}

	/** The right code came from there: what was tried there before was the person's own. */
	forgive(userSeq: number, address: string): void {
		const tries = this.#of(userSeq);
		tries?.byNetwork.delete(clientNetwork(address));
		if (tries?.byNetwork.size === 0) this.#people.delete(userSeq);
	}

	#of(userSeq: number): Tries | undefined {
		const tries = this.#people.get(userSeq);
		return tries && tries.at > this.#now() - FORGOTTEN_AFTER_MS ? tries : undefined;
	}
}
