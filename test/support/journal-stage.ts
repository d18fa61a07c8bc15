import { Journal, type JournalOptions } from '../../coordinator/journal/journal.ts';
import { type JournalPart, readJournal } from '../../coordinator/journal/journal-reader.ts';
import { JOURNAL_OPERATIONS } from '../../coordinator/journal/journal-store.ts';
import { type ReplayedEpoch, replayJournal } from '../../coordinator/journal/replay.ts';
import { createLogger } from '../../coordinator/report/logger.ts';
import { TempFolder } from './temp-folder.ts';
import { TestLedger } from './test-ledger.ts';
import { UnsteadyLedger } from './unsteady-ledger.ts';

const EVERYTHING = { fromEpoch: 0, toEpoch: Number.MAX_SAFE_INTEGER };

/** A journal on a ledger of its own, whose disk may be full. */
export class JournalStage implements AsyncDisposable {
	readonly #folder = new TempFolder();
	readonly #inner = new TestLedger({ file: this.#folder.join('ledger.db'), operations: JOURNAL_OPERATIONS });
	readonly ledger = new UnsteadyLedger(this.#inner);

	/** What a start of the coordinator opens. */
	open(options: Partial<JournalOptions> = {}): Promise<Journal> {
		const all = { keptMs: Number.MAX_SAFE_INTEGER, keptBytes: Number.MAX_SAFE_INTEGER };
		return Journal.open({ ...all, ledger: this.ledger, logger: createLogger('silent'), ...options });
	}

	/** All that is in the ledger. */
	async parts(): Promise<JournalPart[]> {
		const parts: JournalPart[] = [];
		for await (const part of readJournal(this.ledger, EVERYTHING)) parts.push(part);
		return parts;
	}

	async replay(fromEpoch = 0): Promise<ReplayedEpoch[]> {
		const epochs: ReplayedEpoch[] = [];
		const parts = readJournal(this.ledger, { ...EVERYTHING, fromEpoch });
		for await (const epoch of replayJournal(parts)) epochs.push(epoch);
		return epochs;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#inner[Symbol.asyncDispose]();
		await this.#folder[Symbol.asyncDispose]();
	}
}
