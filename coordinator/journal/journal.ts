import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import type { ReadyTask } from '../scheduler/ready-task.ts';
import { ChunkKeeper } from './chunk-keeper.ts';
import { forgetChunks, readNextEpoch } from './journal-store.ts';
import { JournaledScheduler, type LineWatch } from './journaled-scheduler.ts';
import { Recorder } from './recorder.ts';

export interface JournalOptions {
	ledger: Ledger;
	logger: Logger;
	/** Chunks older than this go, and the oldest ones that are more than so many bytes together. */
	keptMs: number;
	keptBytes: number;
	/** What may wait for the ledger. Bytes. */
	mostWaiting?: number;
}

/** The journal of a running coordinator: its epoch is this run. */
export class Journal {
	readonly #ledger: Ledger;
	readonly #keeper: ChunkKeeper;
	readonly #recorder: Recorder;
	readonly #keptMs: number;
	readonly #keptBytes: number;

	private constructor(options: JournalOptions, epoch: number) {
		this.#ledger = options.ledger;
		this.#keptMs = options.keptMs;
		this.#keptBytes = options.keptBytes;
		const keeper = new ChunkKeeper(options);
		this.#keeper = keeper;
		this.#recorder = new Recorder({ epoch, onChunk: (facts, body) => keeper.add(facts, body) });
	}

	static async open(options: JournalOptions): Promise<Journal> {
		return new Journal(options, await options.ledger.read(readNextEpoch, null));
	}

	/** The scheduler whose commands and decisions are written down; there is one. */
	scheduler<T extends ReadyTask>(options: {
		inputsOf: (task: T) => readonly string[];
		clock?: () => number;
		watch?: LineWatch<T>;
	}): JournaledScheduler<T> {
		return new JournaledScheduler<T>(this.#recorder, options);
	}

	/** Brings all that has happened into the ledger, for somebody who reads it now. */
	async flush(): Promise<void> {
		this.#recorder.close();
		await this.#keeper.flush();
	}

	/** Deletes what is not kept any longer; answers how many chunks. */
	async forgetOld(now: number): Promise<number> {
		const wish = { before: now - this.#keptMs, mostBytes: this.#keptBytes };
		let forgotten = 0;
		for (;;) {
			const some = await this.#ledger.write(forgetChunks, wish, { patient: true });
			if (some === 0) return forgotten;
			forgotten += some;
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.flush();
	}
}
