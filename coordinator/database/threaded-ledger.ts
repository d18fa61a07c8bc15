import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { CodedError } from '../../shared/coded-error.ts';
import { type Call, fromPlainError, isFatal, type PlainError, type Reply } from './execute.ts';
import type { Ledger } from './ledger.ts';
import type { ThreadData, ThreadRole } from './ledger-thread-server.ts';
import type { ReadOperation, WriteOperation } from './operation.ts';
import { WAL_SOFT_LIMIT, walOf } from './wal.ts';

/** Calls that may wait in one thread before new ones are refused as `overloaded`. */
const MOST_WAITING = 50_000;

/** While the thread is busy, patient calls wait so long for company: one commit for many costs little more than for one. */
const PATIENCE_MS = 4;

/** One database thread and the calls that wait for its answers. Calls of one event-loop turn travel as one message. */
export class LedgerThread {
	readonly #worker: Worker;
	readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
	readonly #onFatal: (error: Error) => void;
	readonly ready: Promise<void>;
	#outgoing: Call[] = [];
	#lastId = 0;
	#flushedAt = Number.NEGATIVE_INFINITY;
	#flush: { by: 'turn' } | { by: 'timer'; timer: NodeJS.Timeout } | null = null;
	#closed = false;
	/** Called when answers have come: once, and always. */
	#onAnswered: (() => void)[] = [];
	onAnswers: (answers: number) => void = () => {};
	/** Messages under way: the last call in each, and when it went out. */
	readonly #sent: { last: number; at: number }[] = [];
	/** Called with how long the thread took to answer a message, waiting included. */
	onTaken: (ms: number) => void = () => {};

	constructor(entry: URL, data: ThreadData, onFatal: (error: Error) => void) {
		this.#onFatal = onFatal;
		this.#worker = new Worker(entry, { workerData: data });
		this.ready = new Promise((resolve, reject) => {
			this.#worker.once('message', (first: { ready?: true; failed?: PlainError }) => {
				if (first.failed) {
					// It ends by itself, and whoever opens hears why.
					this.#closed = true;
					return reject(fromPlainError(first.failed));
				}
				this.#worker.on('message', (replies: Reply[]) => this.#settle(replies));
				resolve();
			});
			this.#worker.once('error', reject);
		});
		this.#worker.on('error', (error) => this.#die(error));
		this.#worker.on('exit', () => {
			if (!this.#closed) this.#die(new Error(`the ${data.role} thread of the ledger ended`));
		});
	}

	get waiting(): number {
		return this.#waiting.size;
	}

	/** How long it has been at the oldest message that it has not answered. */
	get busyMs(): number {
		const [oldest] = this.#sent;
		return oldest ? performance.now() - oldest.at : 0;
	}

	call(operation: string, args: unknown, patient = false): Promise<unknown> {
		if (this.#closed) return Promise.reject(new CodedError('shutting-down'));
		if (this.#waiting.size >= MOST_WAITING)
			return Promise.reject(new CodedError('overloaded', undefined, { retryAfter: 1 }));
		return new Promise((resolve, reject) => {
			const id = ++this.#lastId;
			this.#waiting.set(id, { resolve, reject });
			this.#outgoing.push([id, operation, args]);
			this.#scheduleFlush(patient);
		});
	}

	async close(): Promise<void> {
		while (this.#waiting.size > 0) await new Promise<void>((resolve) => this.#onAnswered.push(resolve));
		this.#closed = true;
		await this.#worker.terminate();
	}

	#scheduleFlush(patient: boolean): void {
		if (this.#flush?.by === 'turn') return;
		const wait = patient ? this.#flushedAt + PATIENCE_MS - performance.now() : 0;
		if (wait > 0) {
			this.#flush ??= { by: 'timer', timer: setTimeout(() => this.#send(), wait) };
			return;
		}
		if (this.#flush) clearTimeout(this.#flush.timer);
		this.#flush = { by: 'turn' };
		setImmediate(() => this.#send());
	}

	#send(): void {
		const calls = this.#outgoing;
		this.#outgoing = [];
		this.#flush = null;
		this.#flushedAt = performance.now();
		this.#sent.push({ last: this.#lastId, at: this.#flushedAt });
		this.#worker.postMessage(calls);
	}

	#settle(replies: Reply[]): void {
		// Answers come in the order of the calls, those of one message always together.
		const lastAnswered = replies.at(-1)?.[0] ?? 0;
		const now = performance.now();
		while (this.#sent[0] && this.#sent[0].last <= lastAnswered) this.onTaken(now - this.#sent.shift()!.at);
		for (const [id, plain, value] of replies) {
			const waiting = this.#waiting.get(id);
			this.#waiting.delete(id);
			if (!plain) {
				waiting?.resolve(value);
				continue;
			}
			const error = fromPlainError(plain);
			waiting?.reject(error);
			if (isFatal(plain)) this.#onFatal(error);
		}
		for (const resolve of this.#onAnswered.splice(0)) resolve();
		this.onAnswers(replies.length);
	}

	#die(error: Error): void {
		this.#closed = true;
		for (const { reject } of this.#waiting.values()) reject(error);
		this.#waiting.clear();
		for (const resolve of this.#onAnswered.splice(0)) resolve();
		this.#onFatal(error);
	}
}

/** When every reader has been at something for so long, one more is worth its start. */
const BUSY_MS = 100;
const MOST_READERS = 2;
/** While it is written to, the length of the log is looked at so often. */
const LOOK_EVERY_MS = 250;
/** A thread that could not be started, on a full disk perhaps, is tried again after so long. */
const AGAIN_MS = 1_000;

interface Options {
	file: string;
	entry: URL;
	onFatal: (error: Error) => void;
}

/**
 * The ledger of the running coordinator: one writer thread with group commit, readers and a checkpointer beside it.
 * The second reader and the checkpointer start when there is something for them to do: each costs a fifth of the
 * coordinator's start, and memory, and where little is done neither is missed.
 */
export class ThreadedLedger implements Ledger {
	readonly #options: Options;
	readonly #writer: LedgerThread;
	readonly #readers: LedgerThread[];
	#nextReader: Promise<LedgerThread | null> | null = null;
	#checkpointer: Promise<LedgerThread | null> | null = null;
	#lookedAt = Number.NEGATIVE_INFINITY;
	#failedAt = Number.NEGATIVE_INFINITY;
	#isClosing = false;

	private constructor(options: Options, writer: LedgerThread, reader: LedgerThread) {
		this.#options = options;
		this.#writer = writer;
		this.#readers = [reader];
	}

	/** `onFatal` is called when the disk or a thread failed: nothing more can be promised, so the process must end. */
	static async open(options: Options): Promise<ThreadedLedger> {
		const writer = await startThread(options, 'writer'); // first: it migrates
		return new ThreadedLedger(options, writer, await startThread(options, 'reader'));
	}

	async read<A, R>(operation: ReadOperation<A, R>, args: A): Promise<R> {
		const least = this.#readers.reduce((a, b) => (b.waiting < a.waiting ? b : a));
		if (least.busyMs > BUSY_MS && this.#readers.length < MOST_READERS && this.#mayStart) {
			this.#nextReader ??= this.#addReader();
		}
		return (await least.call(operation.name, args)) as R;
	}

	async write<A, R>(operation: WriteOperation<A, R>, args: A, options: { patient?: boolean } = {}): Promise<R> {
		const answer = await this.#writer.call(operation.name, args, options.patient);
		if (this.#checkpointer === null && this.#mayStart) void this.#lookAtLog();
		return answer as R;
	}

	/** Calls back whenever writes were answered, with how many. */
	whenWritten(listener: (answers: number) => void): void {
		this.#writer.onAnswers = listener;
	}

	/** Calls back with how long each message of writes took until it was committed, in milliseconds. */
	whenCommitted(listener: (ms: number) => void): void {
		this.#writer.onTaken = listener;
	}

	/** Calls not yet answered, for metrics. */
	get waiting(): { writes: number; reads: number } {
		return { writes: this.#writer.waiting, reads: this.#readers.reduce((sum, r) => sum + r.waiting, 0) };
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#isClosing = true;
		await this.#writer.close();
		await this.#nextReader;
		const checkpointer = await this.#checkpointer;
		await Promise.all([...this.#readers, ...(checkpointer ? [checkpointer] : [])].map((thread) => thread.close()));
	}

	get #mayStart(): boolean {
		return !this.#isClosing && performance.now() - this.#failedAt >= AGAIN_MS;
	}

	async #addReader(): Promise<LedgerThread | null> {
		const reader = await this.#startLate('reader');
		if (reader) this.#readers.push(reader);
		else this.#nextReader = null;
		return reader;
	}

	async #addCheckpointer(): Promise<LedgerThread | null> {
		const checkpointer = await this.#startLate('checkpointer');
		if (!checkpointer) this.#checkpointer = null;
		return checkpointer;
	}

	async #lookAtLog(): Promise<void> {
		const now = performance.now();
		if (now - this.#lookedAt < LOOK_EVERY_MS) return;
		this.#lookedAt = now;
		// The writer keeps the file open, so it is there; where it cannot be looked at, the next write looks again.
		const { size } = await stat(walOf(this.#options.file)).catch(() => ({ size: 0 }));
		if (size >= WAL_SOFT_LIMIT && this.#mayStart) this.#checkpointer ??= this.#addCheckpointer();
	}

	/** Null when it cannot be started: without it all goes on, only slower, as long as the writer does. */
	async #startLate(role: ThreadRole): Promise<LedgerThread | null> {
		let isThere = false;
		const onFatal = (error: Error): void => {
			if (isThere) this.#options.onFatal(error);
		};
		try {
			const thread = await startThread({ ...this.#options, onFatal }, role);
			isThere = true;
			return thread;
		} catch {
			this.#failedAt = performance.now();
			return null;
		}
	}
}

const startThread = async ({ entry, file, onFatal }: Options, role: ThreadRole): Promise<LedgerThread> => {
	const thread = new LedgerThread(entry, { role, file }, onFatal);
	await thread.ready;
	return thread;
};
