/** Things in order of time, handed out as their time comes; they may be made one by one as they are asked for. */
export class Feed<E extends { at: number }> {
	readonly #source: Iterator<E>;
	#next: E | null = null;

	constructor(source: Iterable<E>) {
		this.#source = source[Symbol.iterator]();
		this.#pull();
	}

	/** When the next one comes; infinity after the last. */
	get at(): number {
		return this.#next?.at ?? Number.POSITIVE_INFINITY;
	}

	/** The next one if its time is no later than this. */
	take(until: number): E | null {
		const next = this.#next;
		if (!next || next.at > until) return null;
		this.#pull();
		return next;
	}

	#pull(): void {
		const { done, value } = this.#source.next();
		this.#next = done ? null : value;
	}
}
