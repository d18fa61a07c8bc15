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

const LINES = ['folders', 'directories'] as const;
type Line = (typeof LINES)[number];
const lineOf = ({ source }: Publication): Line => ('folder' in source ? 'folders' : 'directories');

/** Some files of a source, and what is to be called once the ledger refers to their content, or never will. */
export interface Batch {
	entries: ComingEntry[];
	release(): void;
}

export type ReadSource = (publication: Publication, signal: AbortSignal) => AsyncIterable<Batch>;

/**
 * Makes the versions of datasets file by file in small transactions; the last one publishes. Killed in between, it takes
 * back what was prepared and begins anew: nobody ever sees a part. Directories, which may take hours to read, are in a line
 * of their own: those who publish a folder do not stand behind them.
 */
export class Publisher implements AsyncDisposable {
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly #read: ReadSource;
	readonly #quotaOf: (ownerSeq: number) => Quota | null;
	readonly #closing = new AbortController();
	readonly #running = new Map<Line, Promise<void>>();
	readonly #asked = new Set<Line>();

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
		for (const line of LINES) {
			this.#asked.add(line);
			if (this.#closing.signal.aborted || this.#running.has(line)) continue;
			this.#running.set(
				line,
				this.#all(line).finally(() => this.#running.delete(line)),
			);
		}
	}

	/** Until nothing is left to publish. For tests. */
	async settled(): Promise<void> {
		while (this.#running.size > 0) await Promise.all(this.#running.values());
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#closing.abort();
		await Promise.all(this.#running.values());
	}

	async #all(line: Line): Promise<void> {
		try {
			while (this.#asked.delete(line)) {
				const publications = await this.#ledger.read(readPublications, null);
				for (const publication of publications) if (lineOf(publication) === line) await this.#orLater(publication);
			}
		} catch (error) {
			if (this.#closing.signal.aborted) return;
			this.#logger.error({ err: error }, 'what is to be published could not be read; it is tried again');
		}
	}

	/** What cannot be made now is made when the chore asks again; those behind it do not wait for that. */
	async #orLater(publication: Publication): Promise<void> {
		try {
			await this.#one(publication);
		} catch (error) {
			if (this.#closing.signal.aborted) throw error;
			this.#logger.error(
				{ err: error, dataset: publication.dataset },
				'a dataset is not published yet; it is tried again',
			);
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
