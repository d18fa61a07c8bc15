import type { AttemptRef } from '../../shared/protocol/agent-link.ts';
import type { Attempt } from './attempt.ts';

/** The attempts that hold a slot here. How many slots are in use is how many are in it: there is no counter. */
export class AttemptTable {
	readonly #byToken = new Map<string, Attempt>();
	readonly #byRun = new Map<number, Attempt>();
	readonly #onEmpty: (() => void)[] = [];
	concurrency: number;

	constructor(concurrency: number) {
		this.concurrency = concurrency;
	}

	get size(): number {
		return this.#byToken.size;
	}

	get isFull(): boolean {
		return this.#byToken.size >= this.concurrency;
	}

	has(token: string): boolean {
		return this.#byToken.has(token);
	}

	get(token: string): Attempt | undefined {
		return this.#byToken.get(token);
	}

	byRun(run: number): Attempt | undefined {
		return this.#byRun.get(run);
	}

	add(attempt: Attempt): void {
		this.#byToken.set(attempt.ref.token, attempt);
		this.#byRun.set(attempt.run, attempt);
	}

	remove(attempt: Attempt): void {
		this.#byToken.delete(attempt.ref.token);
		this.#byRun.delete(attempt.run);
		if (this.#byToken.size === 0) for (const resolve of this.#onEmpty.splice(0)) resolve();
	}

	all(): Iterable<Attempt> {
		return this.#byToken.values();
	}

	refs(): AttemptRef[] {
		return Array.from(this.#byToken.values(), (attempt) => attempt.ref);
	}

	/** Resolves when no slot is in use. */
	empty(): Promise<void> {
		return this.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#onEmpty.push(resolve));
	}
}
