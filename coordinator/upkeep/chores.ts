import { CodedError } from '../../shared/coded-error.ts';
import type { ChoreView } from '../../shared/protocol/chore.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { listChoreRuns, recordChoreRun } from './chore-store.ts';

/** One thing that is done again and again. */
export interface Chore {
	/** Short, for whoever runs it by hand. */
	name: string;
	/** What it does. */
	what: string;
	everyMs: number;
	/** Its pace goes on through restarts; without, it is done soon after each start. */
	steady?: boolean;
	/** A text that it gives is what there is to tell. `signal` is aborted when the coordinator ends. */
	run(signal: AbortSignal): Promise<unknown>;
}

/** The first time soon after the start, but not while everybody comes back at once. */
const FIRST_MS = 15_000;
/** A steady one that failed is tried again sooner than at its next time. */
const AGAIN_MS = 30 * 60_000;
/** How rarer ones went is in the ledger, so that it is known after a restart. */
const NOTED_FROM_MS = 60_000;
const MOST_WORDS = 500;

interface State {
	chore: Chore;
	timer: NodeJS.Timeout | null;
	nextAt: number | null;
	startedAt: number | null;
	running: Promise<void> | null;
	last: { finishedAt: number; startedAt: number; error: boolean; words: string | null } | null;
}

/** Runs each chore at its own period, never twice at once; one that fails is logged and tried again at its next time. */
export class Chores {
	readonly #logger: Logger;
	readonly #ledger: Ledger;
	readonly #states = new Map<string, State>();
	readonly #ending = new AbortController();

	private constructor(options: { ledger: Ledger; logger: Logger }) {
		this.#logger = options.logger;
		this.#ledger = options.ledger;
	}

	/** They wait for `begin`. */
	static async open(options: { chores: readonly Chore[]; ledger: Ledger; logger: Logger }): Promise<Chores> {
		const chores = new Chores(options);
		const runs = new Map((await options.ledger.read(listChoreRuns, null)).map((run) => [run.name, run]));
		for (const chore of options.chores) {
			const run = runs.get(chore.name);
			const last = run ? { ...run, error: run.failed === 1 } : null;
			const startedAt = last?.startedAt ?? null;
			chores.#states.set(chore.name, { chore, timer: null, nextAt: null, startedAt, running: null, last });
		}
		return chores;
	}

	begin(): void {
		for (const state of this.#states.values()) {
			const { everyMs, steady } = state.chore;
			const due = steady && state.last ? state.last.startedAt + everyMs - Date.now() : 0;
			this.#schedule(state, Math.min(everyMs, Math.max(due, FIRST_MS)));
		}
	}

	list(): ChoreView[] {
		return [...this.#states.values()].map(viewOf);
	}

	/** Those that failed the last time, and why. */
	failed(): { name: string; error: string }[] {
		const failed = this.list().filter(({ last }) => last?.outcome === 'failed');
		return failed.map(({ name, last }) => ({ name, error: last?.words ?? '' }));
	}

	/** Throws `not-found` unless there is one of that name. */
	require(name: string): void {
		this.#find(name);
	}

	/** Begins it now unless it is under way. Throws `not-found`. */
	runNow(name: string): ChoreView {
		const state = this.#find(name);
		this.#begin(state);
		return viewOf(state);
	}

	#find(name: string): State {
		const state = this.#states.get(name);
		if (!state) throw new CodedError('not-found', `There is no chore ${name}.`);
		return state;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#ending.abort();
		for (const { timer } of this.#states.values()) if (timer) clearTimeout(timer);
		await Promise.all([...this.#states.values()].map(({ running }) => running));
	}

	#schedule(state: State, inMs: number): void {
		if (this.#ending.signal.aborted) return;
		if (state.timer) clearTimeout(state.timer);
		state.nextAt = Date.now() + inMs;
		state.timer = setTimeout(() => this.#begin(state), inMs);
	}

	#begin(state: State): void {
		if (this.#ending.signal.aborted) return;
		this.#schedule(state, state.chore.everyMs);
		if (state.running) return;
		state.startedAt = Date.now();
		state.running = this.#run(state).finally(() => {
			state.running = null;
		});
	}

	async #run(state: State): Promise<void> {
		const { chore } = state;
		const startedAt = Date.now();
		let words: string | null;
		let error = false;
		try {
			const told = await chore.run(this.#ending.signal);
			words = typeof told === 'string' ? told : null;
		} catch (cause) {
			// Ended with the coordinator: it says nothing about the chore.
			if (this.#ending.signal.aborted) return;
			this.#logger.error({ err: cause, chore: chore.name }, 'a chore failed');
			error = true;
			words = cause instanceof Error ? cause.message : String(cause);
			if (chore.steady) this.#schedule(state, Math.min(chore.everyMs, AGAIN_MS));
		}
		const last = { startedAt, finishedAt: Date.now(), error, words: words?.slice(0, MOST_WORDS) ?? null };
		state.last = last;
		if (chore.everyMs < NOTED_FROM_MS) return;
		await this.#ledger
			.write(recordChoreRun, { name: chore.name, ...last, failed: error ? 1 : 0 }, { patient: true })
			.catch((cause: unknown) => this.#logger.warn({ err: cause, chore: chore.name }, 'its end could not be noted'));
	}
}

const viewOf = ({ chore, running, startedAt, last, nextAt }: State): ChoreView => ({
	name: chore.name,
	what: chore.what,
	everyMs: chore.everyMs,
	isRunning: running !== null,
	startedAt: instant(startedAt),
	last: last && {
		outcome: last.error ? 'failed' : 'done',
		finishedAt: new Date(last.finishedAt).toISOString(),
		tookMs: Math.max(0, last.finishedAt - last.startedAt),
		words: last.words,
	},
	nextAt: instant(nextAt),
});

const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
