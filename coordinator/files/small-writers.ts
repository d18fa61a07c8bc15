import { Worker } from 'node:worker_threads';
import { type SmallBlob, SmallWriter } from './small-writer.ts';
import type { WriteCall, WriteReply, WriterData } from './small-writer-server.ts';

/** One syncs while the other writes; more threads made nothing faster on two cores. */
const THREADS = 2;
const CLOSED = 'the threads that write small blobs are closed';

/** Writes small blobs; resolves when the blob is durable in its place. */
export interface SmallWrites {
	write(blob: SmallBlob): Promise<void>;
	close(): Promise<void>;
}

/** One thread and the blobs that it has not answered for. Blobs of one event-loop turn travel as one message. */
class WriterThread {
	readonly #worker: Worker;
	readonly #waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
	#outgoing: WriteCall[] = [];
	#lastId = 0;
	#gone: Error | null = null;

	constructor(entry: URL, data: WriterData, onGone: (error: Error) => void) {
		this.#worker = new Worker(entry, { workerData: data });
		this.#worker.on('message', (replies: WriteReply[]) => this.#settle(replies));
		let failure = new Error(`the thread ${data.name} ended`);
		this.#worker.on('error', (error) => {
			failure = error;
		});
		this.#worker.on('exit', () => {
			const isExpected = this.#gone !== null;
			this.#gone ??= failure;
			for (const { reject } of this.#waiting.values()) reject(this.#gone);
			this.#waiting.clear();
			if (!isExpected) onGone(failure);
		});
	}

	get waiting(): number {
		return this.#waiting.size;
	}

	write(blob: SmallBlob): Promise<void> {
		if (this.#gone) return Promise.reject(this.#gone);
		return new Promise((resolve, reject) => {
			const id = ++this.#lastId;
			this.#waiting.set(id, { resolve, reject });
			if (this.#outgoing.length === 0) setImmediate(() => this.#send());
			this.#outgoing.push([id, blob]);
		});
	}

	async close(): Promise<void> {
		while (this.#waiting.size > 0) await new Promise((resolve) => setImmediate(resolve));
		this.#gone ??= new Error(CLOSED);
		await this.#worker.terminate();
	}

	#send(): void {
		this.#worker.postMessage(this.#outgoing);
		this.#outgoing = [];
	}

	#settle(replies: readonly WriteReply[]): void {
		for (const [id, error] of replies) {
			const waiting = this.#waiting.get(id);
			this.#waiting.delete(id);
			if (error) waiting?.reject(Object.assign(new Error(error.message), { code: error.code }));
			else waiting?.resolve();
		}
	}
}

/** Spreads small blobs over a few threads, each started when all before it are busy. */
export class ThreadedSmallWrites implements SmallWrites {
	readonly #threads: WriterThread[] = [];
	readonly #startThread: () => WriterThread;
	#isClosed = false;

	/** `entry` is a file that calls `serveSmallWriter`; `onGone` is called when a thread ended by itself. */
	constructor(options: { entry: URL; root: string; staging: string; onGone: (error: Error) => void }) {
		const { entry, root, staging, onGone } = options;
		this.#startThread = () => {
			const name = `small-${this.#threads.length}`;
			const thread = new WriterThread(entry, { root, staging, name }, onGone);
			this.#threads.push(thread);
			return thread;
		};
	}

	write(blob: SmallBlob): Promise<void> {
		if (this.#isClosed) return Promise.reject(new Error(CLOSED));
		let least = this.#threads[0] ?? this.#startThread();
		for (const thread of this.#threads) if (thread.waiting < least.waiting) least = thread;
		if (least.waiting > 0 && this.#threads.length < THREADS) least = this.#startThread();
		return least.write(blob);
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		await Promise.all(this.#threads.map((thread) => thread.close()));
	}
}

/** Writes where it is called, for tools and tests. */
export class InlineSmallWrites implements SmallWrites {
	readonly #writer: SmallWriter;

	constructor(options: { root: string; staging: string }) {
		this.#writer = new SmallWriter({ ...options, name: 'inline' });
	}

	async write(blob: SmallBlob): Promise<void> {
		const [error] = this.#writer.write([blob]);
		if (error) throw error;
	}

	async close(): Promise<void> {
		this.#writer.close();
	}
}
