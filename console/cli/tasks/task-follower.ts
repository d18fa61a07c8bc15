import PQueue from 'p-queue';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { LiveClient } from '../../../shared/client/live-client.ts';
import { isRetryable } from '../../../shared/client/retry.ts';
import { readTask } from '../../../shared/client/tasks.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { isFinalTaskState, type TaskState, taskStateSchema } from '../../../shared/protocol/task.ts';

/** With live updates reading is only a safety net; without them (a proxy without WebSocket) it is the way. */
const READ_MS = { live: 15_000, alone: 2_000 };
const PATIENCE_MS = 120_000;
const REMEMBERED = 100_000;
const READS_AT_ONCE = 8;

export interface FollowerOptions {
	http: HttpClient;
	signal: AbortSignal;
	/** Something about a followed task is new. */
	onChange?: (id: string) => void;
}

/** Waits for the ends of tasks: hears of them live, and reads them again whenever something may have been missed. */
export class TaskFollower implements Disposable {
	readonly ends = new Map<string, TaskState>();
	readonly #http: HttpClient;
	readonly #onChange: (id: string) => void;
	readonly #open = new Set<string>();
	/** Ends heard of tasks that are not followed yet: an upload's tasks may end before its answer is here. */
	readonly #heard = new Map<string, TaskState>();
	readonly #reads = new PQueue({ concurrency: READS_AT_ONCE });
	readonly #stop = new AbortController();
	readonly #signal: AbortSignal;
	readonly #live: LiveClient;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#lastReadAt = performance.now();
	#failure: unknown;
	#wake: () => void = () => {};

	constructor({ http, signal, onChange = () => {} }: FollowerOptions) {
		this.#http = http;
		this.#onChange = onChange;
		this.#signal = AbortSignal.any([signal, this.#stop.signal]);
		this.#live = new LiveClient({
			baseUrl: http.baseUrl,
			auth: http.auth,
			topics: ['tasks'],
			onResync: () => this.#readAll(),
			onPatch: (patch) => {
				if (patch.kind !== 'task') return;
				const state = taskStateSchema.safeParse(patch.state).data;
				if (state !== undefined) this.#take(patch.id, state);
			},
			onState: (state) => {
				if (state === 'signed-out') this.#fail(new CodedError('unauthenticated', 'Your token was ended meanwhile.'));
			},
		});
		this.#signal.addEventListener('abort', () => this.#wake());
		this.#later();
	}

	get openCount(): number {
		return this.#open.size;
	}

	/** The first of those that have not ended, at most so many. */
	openIds(most: number): string[] {
		return [...this.#open].slice(0, most);
	}

	/** Follows these tasks too. */
	follow(ids: readonly string[]): void {
		for (const id of ids) {
			if (this.ends.has(id)) continue;
			const heard = this.#heard.get(id);
			this.#heard.delete(id);
			if (heard !== undefined) this.ends.set(id, heard);
			else {
				this.#open.add(id);
				// While live, an end that is yet to come will be told, and one that was told has been heard.
				if (this.#live.state !== 'live') this.#read(id);
			}
		}
	}

	/** Resolves when every followed task has ended; rejects when the server refuses, is away for long, or on interruption. */
	async allEnded(): Promise<void> {
		while (this.#open.size > 0) {
			this.#signal.throwIfAborted();
			if (this.#failure !== undefined) throw this.#failure;
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
	}

	[Symbol.dispose](): void {
		clearTimeout(this.#timer);
		this.#stop.abort();
		this.#reads.clear();
		this.#live[Symbol.dispose]();
	}

	#take(id: string, state: TaskState): void {
		const final = isFinalTaskState(state);
		if (!this.#open.has(id)) {
			if (!final || this.ends.has(id)) return;
			this.#heard.set(id, state);
			if (this.#heard.size > REMEMBERED) this.#heard.delete(this.#heard.keys().next().value as string);
			return;
		}
		if (final) {
			this.#open.delete(id);
			this.ends.set(id, state);
		}
		this.#onChange(id);
		if (this.#open.size === 0) this.#wake();
	}

	#later(): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#readAll(), this.#live.state === 'live' ? READ_MS.live : READ_MS.alone);
	}

	#readAll(): void {
		this.#later();
		if (this.#reads.size > 0) return;
		for (const id of this.#open) this.#read(id);
	}

	#read(id: string): void {
		this.#reads
			.add(async () => {
				if (!this.#open.has(id)) return;
				const { state } = await readTask(this.#http, id, { signal: this.#signal });
				this.#lastReadAt = performance.now();
				this.#take(id, state);
			})
			.catch((error) => {
				if (this.#signal.aborted) return;
				const gone = performance.now() - this.#lastReadAt > PATIENCE_MS;
				if (!isRetryable(error) || gone) this.#fail(error);
			});
	}

	#fail(error: unknown): void {
		this.#failure ??= error;
		this.#wake();
	}
}
