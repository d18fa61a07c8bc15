import { CodedError } from '../../../shared/coded-error.ts';
import { TokenBucket } from '../../../shared/token-bucket.ts';
import type { Actor } from '../../accounts/actor.ts';
import { clientNetwork } from '../../accounts/client-network.ts';
import type { LiveLimits } from './live-limits.ts';

/** What a person's sockets share. */
interface Person {
	sockets: number;
	frames: TokenBucket;
}

/** One socket's place; it counts from the handshake on, until it is left. */
export interface Seat {
	/** Of all sockets of the person together. */
	frames: TokenBucket;
	leave(): void;
}

/** How many sockets each person and each network has open. */
export class Seats {
	readonly #limits: LiveLimits;
	readonly #people = new Map<number, Person>();
	readonly #networks = new Map<string, number>();

	constructor(limits: LiveLimits) {
		this.#limits = limits;
	}

	/** Throws `too-many-requests` when there is none left for this person or network. */
	take(actor: Actor): Seat {
		const { ofUser, ofNetwork, framesPerSecond, framesAtOnce } = this.#limits;
		const { userSeq } = actor;
		const network = clientNetwork(actor.address);
		const person = this.#people.get(userSeq) ?? {
			sockets: 0,
			frames: new TokenBucket({ perSecond: framesPerSecond, burst: framesAtOnce }, () => performance.now()),
		};
		const ofThisNetwork = this.#networks.get(network) ?? 0;
		if (person.sockets >= ofUser || ofThisNetwork >= ofNetwork) throw new CodedError('too-many-requests');
		person.sockets += 1;
		this.#people.set(userSeq, person);
		this.#networks.set(network, ofThisNetwork + 1);
		let isLeft = false;
		const leave = () => {
			if (isLeft) return;
			isLeft = true;
			person.sockets -= 1;
			if (person.sockets === 0) this.#people.delete(userSeq);
			const left = (this.#networks.get(network) ?? 1) - 1;
			if (left === 0) this.#networks.delete(network);
			else this.#networks.set(network, left);
		};
		return { frames: person.frames, leave };
	}
}
