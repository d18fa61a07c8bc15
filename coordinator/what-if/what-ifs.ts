import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { CodedError } from '../../shared/coded-error.ts';
import type { ServiceClassSettings } from '../../shared/protocol/service-class.ts';
import type { WhatIf, WhatIfAnswer, WhatIfProgress } from '../../shared/protocol/what-if.ts';
import type { ClassRules } from '../scheduler/service-class.ts';
import { wishOf } from './changed.ts';
import type { WhatIfOrder } from './order.ts';
import { tooLong, tooMuch } from './period-too-long.ts';
import type { WhatIfEnd, WhatIfMessage } from './what-if-thread.ts';

export const MOST_TASKS = 2_000_000;
export const MOST_MS = 45_000;
/** Of all its threads together; one that needs more than its part ends by itself, and nothing else does. */
const MOST_HEAP_MB = 3_072;
/** Both runs are played at once where there is a processor for each. */
const THREADS = Math.min(2, availableParallelism());
const HEAP_MB = MOST_HEAP_MB / THREADS;

export interface WhatIfOptions {
	/** A file that calls `serveWhatIf`. */
	entry: URL;
	ledgerFile: string;
	/** Brings what has happened until now into the ledger. */
	flush: () => Promise<void>;
	rulesOf: (name: string, settings: ServiceClassSettings) => ClassRules;
	namesOf: (owners: readonly number[]) => Promise<ReadonlyMap<number, string>>;
	/** How long a node whose link was cut may come back before what it holds runs elsewhere. */
	linkGraceMs: number;
	mostMs?: number;
	mostTasks?: number;
}

/**
 * Answers what would have been different, one question at a time, each in a thread of its own that is ended when it
 * takes too long or when nobody waits for it any more.
 */
export class WhatIfs {
	readonly #options: WhatIfOptions;
	readonly #closing = new AbortController();
	#isBusy = false;
	#progress: WhatIfProgress | null = null;

	constructor(options: WhatIfOptions) {
		this.#options = options;
	}

	/** How far the one is that is being worked out; null: none is. */
	get progress(): WhatIfProgress | null {
		return this.#progress;
	}

	/** Null when `signal` was aborted meanwhile. Throws CodedError. */
	async answer(whatIf: WhatIf, signal: AbortSignal): Promise<WhatIfAnswer | null> {
		if (this.#isBusy) {
			const detail = 'Another what-if is being worked out; it takes a minute at most. Try again when it has ended.';
			throw new CodedError('what-if-busy', detail, { retryAfter: 10 });
		}
		this.#isBusy = true;
		this.#progress = { step: 'reading', share: 0, since: new Date().toISOString() };
		try {
			return await this.#answer(whatIf, signal);
		} finally {
			this.#isBusy = false;
			this.#progress = null;
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#closing.abort();
	}

	async #answer(whatIf: WhatIf, signal: AbortSignal): Promise<WhatIfAnswer | null> {
		const { ledgerFile: file, flush, rulesOf, namesOf, linkGraceMs, mostTasks = MOST_TASKS } = this.#options;
		const from = Date.parse(whatIf.from);
		// Before the flush: what two threads read one after the other is the same then.
		const to = Math.min(Date.parse(whatIf.to), Date.now());
		await flush();
		if (from >= to) throw new CodedError('nothing-recorded', 'That time has not come yet. Choose one in the past.');
		const wish = wishOf(whatIf, rulesOf);
		const besideHeapMb = THREADS > 1 ? HEAP_MB : null;
		const end = await this.#run({ file, from, to, wish, mostTasks, linkGraceMs, besideHeapMb }, signal);
		if (end === null) return null;
		if ('refusal' in end) throw new CodedError(end.refusal.code, end.refusal.detail);
		const { people, ...answer } = end.answer;
		const names = await namesOf([...people.mostLost, ...people.mostWon].map(({ owner }) => owner));
		const named = (some: typeof people.mostLost) =>
			some.map((one) => ({ ...one, username: names.get(one.owner) ?? null }));
		const [mostLost, mostWon] = [named(people.mostLost), named(people.mostWon)];
		return {
			...answer,
			people: { ...people, mostLost, mostWon },
			from: new Date(from).toISOString(),
			to: new Date(to).toISOString(),
		};
	}

	/** Runs a thread to its end, or ends it. */
	#run(order: WhatIfOrder, signal: AbortSignal): Promise<WhatIfEnd | null> {
		const { entry, mostMs = MOST_MS } = this.#options;
		const closing = this.#closing.signal;
		if (closing.aborted) throw new CodedError('shutting-down');
		if (signal.aborted) return Promise.resolve(null);
		return new Promise((resolve, reject) => {
			const worker = new Worker(entry, { workerData: order, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
			let settle: () => void = () => reject(new Error('the thread of a what-if ended without an answer'));
			const endWith = (how: () => void): void => {
				settle = how;
				void worker.terminate();
			};
			const leave = () => endWith(() => resolve(null));
			const close = () => endWith(() => reject(new CodedError('shutting-down')));
			const timer = setTimeout(() => endWith(() => reject(tooLong(mostMs))), mostMs);
			signal.addEventListener('abort', leave);
			closing.addEventListener('abort', close);
			worker.on('message', (message: WhatIfMessage) => {
				if (!('progress' in message)) endWith(() => resolve(message));
				else if (this.#progress) this.#progress = { ...this.#progress, ...message.progress };
			});
			worker.on('error', (error: NodeJS.ErrnoException) => {
				const isTooMuch = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
				endWith(() => reject(isTooMuch ? tooMuch(error) : error));
			});
			// Only now is the thread really gone, and the next may begin.
			worker.on('exit', () => {
				clearTimeout(timer);
				signal.removeEventListener('abort', leave);
				closing.removeEventListener('abort', close);
				settle();
			});
		});
	}
}
