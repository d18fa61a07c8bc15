import type { DoorLimits } from './door-limits.ts';

type SendLimits = Pick<DoorLimits, 'stalledBytes' | 'stalledMs' | 'mostBytes'>;

/**
 * Judges whether a peer takes in what it is sent. States: `flowing` <-> `stalled` (too much is unsent) -> too late, when
 * it stays so for too long or far too much is unsent.
 */
export class SendWatch {
	readonly #limits: SendLimits;
	#stalledSince: number | null = null;

	constructor(limits: SendLimits) {
		this.#limits = limits;
	}

	get isStalled(): boolean {
		return this.#stalledSince !== null;
	}

	/** Takes what is unsent now; true when the peer is beyond hope. */
	look(bytes: number, now: number): boolean {
		const { stalledBytes, stalledMs, mostBytes } = this.#limits;
		if (bytes > mostBytes) return true;
		if (this.#stalledSince === null) {
			if (bytes > stalledBytes) this.#stalledSince = now;
			return false;
		}
		if (bytes < stalledBytes / 4) {
			this.#stalledSince = null;
			return false;
		}
		return now - this.#stalledSince >= stalledMs;
	}
}
