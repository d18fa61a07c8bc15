import type { Logger } from '../report/logger.ts';

/** One thing that is done again and again. */
export interface Chore {
	name: string;
	everyMs: number;
	run(): Promise<void>;
}

/** Runs each chore at its own period, never twice at once; one that fails is logged and tried again at its next time. */
export class Chores {
	readonly #logger: Logger;
	readonly #timers: NodeJS.Timeout[] = [];
	readonly #running = new Map<string, Promise<void>>();

	constructor(options: { chores: readonly Chore[]; logger: Logger }) {
		this.#logger = options.logger;
		for (const chore of options.chores) {
			this.#timers.push(setInterval(() => this.#do(chore), chore.everyMs));
			// The first time soon after the start, but not while everybody comes back at once.
			this.#timers.push(setTimeout(() => this.#do(chore), Math.min(chore.everyMs, 15_000)));
		}
	}

	#do(chore: Chore): void {
		if (this.#running.has(chore.name)) return;
		const done = chore
			.run()
			.catch((error: unknown) => this.#logger.error({ err: error, chore: chore.name }, 'a chore failed'))
			.finally(() => this.#running.delete(chore.name));
		this.#running.set(chore.name, done);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const timer of this.#timers) clearTimeout(timer);
		await Promise.all(this.#running.values());
	}
}
