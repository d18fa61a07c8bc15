import type { Ledger } from '../database/ledger.ts';
import type { Announcer } from '../report/announcer.ts';
import type { Logger } from '../report/logger.ts';
import { findMembers, noteChanges, takeChanges } from './change-store.ts';
import type { ThingEvents } from './thing-events.ts';

/** What changes within so long is announced together, each thing once. */
const EVERY_MS = 250;
/** A page that is loaded anew is away for a moment; it is not worth to begin anew for it. */
const LINGER_MS = 60_000;

/**
 * Announces what has become of people's things after it was committed. States: `idle` (nothing is noted) -> `noting` while
 * somebody watches, and some time longer. While noting, what was committed is asked for when something was written, at most
 * every quarter of a second; so a job with ten thousand tasks is told as often as one with ten.
 */
export class ThingChanges implements AsyncDisposable {
	readonly #ledger: Ledger;
	readonly #announcer: Announcer<ThingEvents>;
	readonly #logger: Logger;
	readonly #everyMs: number;
	readonly #lingerMs: number;
	#isNoting = false;
	#ready: Promise<void> = Promise.resolve();
	#lingering: NodeJS.Timeout | null = null;
	#pace: NodeJS.Timeout | null = null;
	#takenAt = Number.NEGATIVE_INFINITY;
	#isDirty = false;
	#taking: Promise<void> | null = null;
	#isClosed = false;

	constructor(options: {
		ledger: Ledger;
		announcer: Announcer<ThingEvents>;
		logger: Logger;
		everyMs?: number;
		lingerMs?: number;
	}) {
		this.#ledger = options.ledger;
		this.#announcer = options.announcer;
		this.#logger = options.logger;
		this.#everyMs = options.everyMs ?? EVERY_MS;
		this.#lingerMs = options.lingerMs ?? LINGER_MS;
	}

	/**
	 * Somebody watches from now on, or nobody does. Resolves when what is read afterwards cannot be missed: all that was
	 * asked for before is in the ledger by then, and all that comes later is noted.
	 */
	watch(isWatched: boolean): Promise<void> {
		if (this.#lingering !== null) clearTimeout(this.#lingering);
		this.#lingering = null;
		if (isWatched === this.#isNoting || this.#isClosed) return this.#ready;
		if (isWatched) this.#note(true);
		else this.#lingering = setTimeout(() => this.#note(false), this.#lingerMs).unref();
		return this.#ready;
	}

	/** So many writes were answered at once. */
	written(answers: number): void {
		if (!this.#isNoting || this.#isClosed) return;
		// What comes alone while it asks is the answer to that, or to what was asked for before it: it is told of both.
		if (this.#taking !== null && answers === 1) return;
		this.#isDirty = true;
		this.#schedule();
	}

	/** Those of these people who are in the group. */
	membersOf(group: number, people: readonly number[]): Promise<number[]> {
		return this.#ledger.read(findMembers, { group, people });
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#isClosed = true;
		if (this.#lingering !== null) clearTimeout(this.#lingering);
		if (this.#pace !== null) clearTimeout(this.#pace);
		await this.#ready;
		await this.#taking;
	}

	#note(isWanted: boolean): void {
		this.#isNoting = isWanted;
		this.#ready = this.#ledger.write(noteChanges, isWanted).catch((error: unknown) => {
			// Whoever watches is told less than there is, and reads again when coming back to the page.
			this.#isNoting = !isWanted;
			if (!this.#isClosed) this.#logger.error({ err: error, isWanted }, 'changes of things cannot be noted');
		});
	}

	#schedule(): void {
		if (this.#pace !== null || this.#taking !== null || this.#isClosed) return;
		const wait = this.#takenAt + this.#everyMs - performance.now();
		this.#pace = setTimeout(() => this.#take(), Math.max(0, wait));
	}

	#take(): void {
		this.#pace = null;
		this.#isDirty = false;
		this.#taking = this.#ledger
			.write(takeChanges, null, { patient: true })
			.then(
				(changes) => {
					if (changes === 'many') this.#announcer.announce('thing:many-changed', null);
					else if (changes.length > 0) this.#announcer.announce('thing:changed', changes);
				},
				(error: unknown) => {
					// They are still noted.
					this.#isDirty = true;
					if (!this.#isClosed)
						this.#logger.warn({ err: error }, 'changes of things could not be read; it is tried again');
				},
			)
			.finally(() => {
				this.#taking = null;
				this.#takenAt = performance.now();
				if (this.#isDirty) this.#schedule();
			});
	}
}
