import { rename, rm } from 'node:fs/promises';
import { CodedError } from '../../shared/coded-error.ts';
import { type HistoryKind, type History as HistoryView, measuresOf } from '../../shared/protocol/history.ts';
import { LedgerThread } from '../database/threaded-ledger.ts';
import type { Logger } from '../report/logger.ts';
import { type HistoryQuery, rangeOf } from './history-range.ts';
import { type Batch, readHistory, recordHistory } from './history-store.ts';

/** After these the file is not a history that could be gone on with. */
const SPOILT = /^(SQLITE_(CORRUPT|NOTADB)|UNUSABLE_LEDGER)/;
/** A file that cannot be used is tried again so often. */
const AGAIN_MS = 60_000;
/** Batches that wait for the thread; when it cannot keep up, what is newer is left out. */
const MOST_WAITING = 16;

/**
 * What was measured, in a file of its own. States: `new` -> `open` -> `closed` (the file cannot be used; tried again each
 * minute) -> `open`. Whatever happens to it, nobody waits and nobody stops: what cannot be kept is counted and lost. A
 * damaged file is set aside and a new one is begun.
 */
export class History {
	readonly #file: string;
	readonly #entry: URL;
	readonly #mostBytes: number;
	readonly #logger: Logger;
	#thread: LedgerThread | null = null;
	#again: NodeJS.Timeout | null = null;
	#isDisposed = false;
	#underWay = 0;
	#isFailing = false;
	#starting: Promise<void> | null = null;
	/** Rows that could not be kept since the start, and bytes in use. */
	lost = 0;
	bytes = 0;

	constructor(options: { file: string; entry: URL; mostBytes: number; logger: Logger }) {
		this.#file = options.file;
		this.#entry = options.entry;
		this.#mostBytes = options.mostBytes;
		this.#logger = options.logger;
	}

	/**
	 * Resolves when it is open, or closed for the time being. Its thread starts when there is something to write or to
	 * read, some seconds after the coordinator, which is sooner ready without it.
	 */
	async settled(): Promise<void> {
		if (!this.#isDisposed) this.#starting ??= this.#start();
		await this.#starting;
	}

	/** False once it was found that nothing can be kept. */
	get isOpen(): boolean {
		return this.#thread !== null || this.#starting === null;
	}

	/** Keeps a batch, or counts it as lost; never throws. */
	async record(batch: Batch, now: number): Promise<void> {
		await this.settled();
		const thread = this.#thread;
		const rows = batch.rows.length / 2;
		if (!thread || this.#underWay >= MOST_WAITING) return this.lose(batch);
		const args = { batch, now: Math.floor(now / 1_000), mostBytes: this.#mostBytes };
		this.#underWay += 1;
		try {
			this.bytes = (await thread.call(recordHistory.name, args)) as number;
			this.#isFailing = false;
		} catch (error) {
			this.lost += rows;
			// Once, not every five seconds while a disk is full.
			if (!this.#isFailing) this.#logger.warn({ err: error, rows }, 'history could not be written');
			this.#isFailing = true;
		} finally {
			this.#underWay -= 1;
		}
	}

	/** Counts a batch that is not kept. */
	async lose(batch: Batch): Promise<void> {
		this.lost += batch.rows.length / 2;
	}

	/** Throws `invalid` for a time that makes no sense and `history-unavailable` while there is none. */
	async read(kind: HistoryKind, name: string, query: HistoryQuery, now = Date.now()): Promise<HistoryView> {
		const { resolution, from, to } = rangeOf(query, now);
		const measures = query.measures ?? measuresOf(kind);
		const unknown = measures.find((measure) => !measuresOf(kind).includes(measure));
		if (unknown !== undefined) {
			throw new CodedError(
				'invalid',
				`There is no measure ${unknown.slice(0, 50)} here, only: ${measuresOf(kind).join(', ')}.`,
			);
		}
		await this.settled();
		const thread = this.#thread;
		if (!thread) throw new CodedError('history-unavailable');
		const wish = { kind, name, resolution, measures, from: Math.floor(from / 1_000), to: Math.ceil(to / 1_000) };
		const found = (await thread.call(readHistory.name, wish)) as ReturnType<ReturnType<typeof readHistory.prepare>>;
		return {
			resolution,
			from: new Date(from).toISOString(),
			to: new Date(to).toISOString(),
			times: found.times.map((at) => new Date(at * 1_000).toISOString()),
			measures: found.measures,
		};
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#isDisposed = true;
		if (this.#again) clearTimeout(this.#again);
		await this.#starting;
		await this.#thread?.close();
		this.#thread = null;
	}

	async #start(): Promise<void> {
		for (const isFirst of [true, false]) {
			const thread = new LedgerThread(this.#entry, { role: 'history', file: this.#file }, (error) =>
				this.#fail(thread, error),
			);
			try {
				await thread.ready;
				this.#thread = thread;
				return;
			} catch (error) {
				if (isFirst && isSpoilt(error)) {
					await this.#setAside(error);
					continue;
				}
				this.#logger.error({ err: error, file: this.#file }, 'no history is kept: its file cannot be used');
				this.#startLater();
				return;
			}
		}
	}

	/** The thread or its disk failed while it was in use. */
	#fail(thread: LedgerThread, error: Error): void {
		if (this.#thread !== thread || this.#isDisposed) return;
		this.#thread = null;
		this.#logger.error({ err: error, file: this.#file }, 'the history failed');
		this.#starting = thread
			.close()
			.then(async () => {
				if (!isSpoilt(error)) return this.#startLater();
				await this.#setAside(error);
				if (!this.#isDisposed) await this.#start();
			})
			.catch((failure: unknown) => this.#logger.error({ err: failure }, 'the history could not be begun anew'));
	}

	#startLater(): void {
		if (this.#isDisposed) return;
		this.#again = setTimeout(() => {
			this.#starting = this.#start();
		}, AGAIN_MS).unref();
	}

	/** Keeps the file for whoever wants to look into it; one before it goes. */
	async #setAside(error: unknown): Promise<void> {
		const aside = `${this.#file}.unusable`;
		this.#logger.error(
			{ err: error, file: this.#file, aside },
			'the history is unusable: it is set aside and begun anew',
		);
		try {
			await rename(this.#file, aside);
		} catch (failure) {
			this.#logger.error({ err: failure }, 'the history could not be set aside');
			return;
		}
		for (const end of ['-wal', '-shm']) await rm(`${this.#file}${end}`, { force: true });
	}
}

const isSpoilt = (error: unknown): boolean => {
	const { code } = error as { code?: unknown };
	return typeof code === 'string' && SPOILT.test(code);
};
