import type { AttemptRef } from '../../shared/protocol/agent-link.ts';
import type { Attempt } from './attempt.ts';

/** The attempts that hold a slot here. How many slots are in use is how many are in it: there is no counter. */
export class AttemptTable {
	readonly #byKey = new Map<string, Attempt>();
	readonly #byRun = new Map<number, Attempt>();
	readonly #onEmpty: (() => void)[] = [];
	concurrency: number;

	constructor(concurrency: number) {
		this.concurrency = concurrency;
	}

	get size(): number {
		return this.#byKey.size;
	}

	get isFull(): boolean {
		return this.#byKey.size >= this.concurrency;
	}

	has(key: string): boolean {
		return this.#byKey.has(key);
	}

	get(key: string): Attempt | undefined {
		return this.#byKey.get(key);
	}

	byRun(run: number): Attempt | undefined {
		return this.#byRun.get(run);
	}

	add(attempt: Attempt): void {
		this.#byKey.set(attempt.key, attempt);
		this.#byRun.set(attempt.run, attempt);
	}

	remove(attempt: Attempt): void {
		this.#byKey.delete(attempt.key);
		this.#byRun.delete(attempt.run);
		if (this.#byKey.size === 0) for (const resolve of this.#onEmpty.splice(0)) resolve();
	}

	all(): Iterable<Attempt> {
		return this.#byKey.values();
	}

	refs(): AttemptRef[] {
		return Array.from(this.#byKey.values(), (attempt) => attempt.ref);
	}

	/** Resolves when no slot is in use. */
	empty(): Promise<void> {
		return this.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#onEmpty.push(resolve));
	}
}
