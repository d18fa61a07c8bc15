import { CodedError } from '../../../shared/coded-error.ts';
import { BoundedMap } from '../../accounts/bounded-map.ts';
import { clientNetwork } from '../../accounts/client-network.ts';

const MOST_NETWORKS = 20_000;

export interface Rate {
	perSecond: number;
	burst: number;
}

/** Holds every network to a rate. Networks that were not seen for long are forgotten first, and begin anew. */
export class NetworkRates {
	readonly #rate: Rate;
	readonly #now: () => number;
	readonly #buckets = new BoundedMap<string, { left: number; at: number }>(MOST_NETWORKS);

	constructor(rate: Rate, now: () => number = () => performance.now()) {
		this.#rate = rate;
		this.#now = now;
	}

	/** Throws `too-many-requests` when the address's network has used up its rate. */
	take(address: string): void {
		const network = clientNetwork(address);
		const now = this.#now();
		const { perSecond, burst } = this.#rate;
		const bucket = this.#buckets.get(network) ?? { left: burst, at: now };
		bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1_000) * perSecond);
		bucket.at = now;
		if (bucket.left < 1) {
			const retryAfter = Math.ceil((1 - bucket.left) / perSecond);
			throw new CodedError('too-many-requests', undefined, { retryAfter });
		}
		bucket.left -= 1;
		this.#buckets.set(network, bucket);
	}
}
