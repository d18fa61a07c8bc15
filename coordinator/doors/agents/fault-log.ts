import type { Logger } from '../../report/logger.ts';

/** One line about a peer's faults in so much time, however many there are. */
const QUIET_MS = 10_000;

/** Counts what a peer does wrong and tells it in the log, the first at once, the rest together. */
export class FaultLog {
	readonly #logger: Logger;
	readonly #now: () => number;
	readonly #counts = new Map<string, number>();
	#quietUntil = Number.NEGATIVE_INFINITY;

	constructor(logger: Logger, now: () => number = () => performance.now()) {
		this.#logger = logger;
		this.#now = now;
	}

	/** `kind` is one of a few words of ours, never the peer's. */
	note(kind: string, facts: object, count = 1): void {
		this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + count);
		const now = this.#now();
		if (now < this.#quietUntil) return;
		this.#quietUntil = now + QUIET_MS;
		this.flush(facts);
	}

	/** Tells what has not been told. */
	flush(facts: object): void {
		if (this.#counts.size === 0) return;
		this.#logger.warn({ ...facts, faults: Object.fromEntries(this.#counts) }, 'ignored what an agent sent');
		this.#counts.clear();
	}
}
