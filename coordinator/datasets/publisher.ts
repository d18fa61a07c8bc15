import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Quota } from '../files/quota-store.ts';
import type { Logger } from '../report/logger.ts';
import { addEntries, type ComingEntry } from './coming-store.ts';
import { forgetLinkedHashes } from './linked-store.ts';
import {
	cleanPublication,
	endPublication,
	markForRemoval,
	type Publication,
	readPublications,
} from './publication-store.ts';

/** Some files of a source, and what is to be called once the ledger refers to their content, or never will. */
export interface Batch {
	entries: ComingEntry[];
	release(): void;
}

export type ReadSource = (publication: Publication, signal: AbortSignal) => AsyncIterable<Batch>;

/**
 * Makes the versions of datasets, one after the other, file by file in small transactions; the last one publishes. Killed
 * in between, it takes back what was prepared and begins anew: nobody ever sees a part.
 */
export class Publisher implements AsyncDisposable {
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly #read: ReadSource;
	readonly #quotaOf: (ownerSeq: number) => Quota | null;
	readonly #closing = new AbortController();
	#running: Promise<void> | null = null;
	#isAsked = false;

	constructor(options: {
		ledger: Ledger;
		logger: Logger;
		read: ReadSource;
		quotaOf: (ownerSeq: number) => Quota | null;
	}) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.#read = options.read;
		this.#quotaOf = options.quotaOf;
	}

	/** There may be something to publish. */
	kick(): void {
		this.#isAsked = true;
		if (this.#closing.signal.aborted) return;
		this.#running ??= this.#all().finally(() => {
			this.#running = null;
		});
	}

	/** Until nothing is left to publish. For tests. */
	async settled(): Promise<void> {
		while (this.#running) await this.#running;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#closing.abort();
		await this.#running;
	}

	async #all(): Promise<void> {
		try {
			while (this.#isAsked) {
				this.#isAsked = false;
				for (const publication of await this.#ledger.read(readPublications, null)) await this.#one(publication);
			}
		} catch (error) {
			if (this.#closing.signal.aborted) return;
			// The chore asks again.
			this.#logger.error({ err: error }, 'datasets could not be published; it is tried again');
		}
	}

	async #one(publication: Publication): Promise<void> {
		const { signal } = this.#closing;
		let failure: string | null = null;
		try {
			await this.#prepare(publication);
		} catch (error) {
			if (signal.aborted) throw error;
			// What passes by itself is tried again; what was asked for and cannot be is told.
			if (error instanceof CodedError && error.shouldRetry()) throw error;
			failure = error instanceof CodedError ? error.message : 'The coordinator failed; its log says why.';
			this.#logger.warn({ err: error, dataset: publication.dataset }, 'a dataset could not be published');
			await this.#until(cleanPublication, publication);
		}
		await this.#ledger.write(endPublication, { publication, failure, now: Date.now() });
		if (failure === null && 'link' in publication.source) await this.#until(forgetLinkedHashes, publication);
	}

	async #prepare(publication: Publication): Promise<void> {
		await this.#until(cleanPublication, publication);
		await this.#until(markForRemoval, publication);
		const quota = publication.ownerSeq === null ? null : this.#quotaOf(publication.ownerSeq);
		for await (const { entries, release } of this.#read(publication, this.#closing.signal)) {
			try {
				if ((await this.#ledger.write(addEntries, { publication, entries, quota })) === 'gone') return;
			} finally {
				release();
			}
		}
	}

	async #until(
		step: typeof cleanPublication | typeof forgetLinkedHashes,
		{ datasetSeq, number }: Publication,
	): Promise<void> {
		do this.#closing.signal.throwIfAborted();
		while (!(await this.#ledger.write(step, { datasetSeq, number })));
	}
}
