import { fullJitterBackoff } from '../../../shared/backoff.ts';
import { UnreachableError } from '../../../shared/client/client-errors.ts';
import { isRetryable } from '../../../shared/client/retry.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { FileTask } from '../../../shared/protocol/file.ts';
import type { SendJob, SendOutcome } from './send-file.ts';
import { findUnfinished } from './unfinished.ts';
import { isMoving, newItem, type UploadItem } from './upload-item.ts';
import { EMPTY_QUEUE, reduceUploads, type UploadEvent, type UploadQueue } from './upload-queue.ts';
import { toStart } from './upload-totals.ts';

const AT_ONCE = 4;
const TRIES = 12;
const BACKOFF = { firstMs: 800, mostMs: 20_000 };
const NOTIFY_MS = 200;
const MOST_RECENT = 2_000;

export interface RunnerOptions {
	owner: string;
	send(job: SendJob): Promise<SendOutcome>;
	/** Forgets a half-sent upload, here and on the server. */
	abandon(item: UploadItem): void;
	errorText(error: unknown): string;
	/** For tests; milliseconds. */
	backoff?: (tries: number) => number;
}

/** A file and where it is to go. */
export interface FileToUpload {
	file: File;
	path: string;
}

/** Carries out what the queue says: starts what is its turn, stops what was paused or removed, tries again what was cut. */
export class UploadRunner implements Disposable {
	readonly #options: RunnerOptions;
	readonly #files = new Map<string, File>();
	readonly #running = new Map<string, AbortController>();
	readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
	readonly #listeners = new Set<() => void>();
	/** Task news can overtake the answer that names the task. */
	readonly #recent = new Map<string, FileTask>();
	#queue: UploadQueue = EMPTY_QUEUE;
	#ids = 0;
	#starting = false;
	#notifyTimer: ReturnType<typeof setTimeout> | undefined;

	constructor(options: RunnerOptions) {
		this.#options = options;
	}

	get queue(): UploadQueue {
		return this.#queue;
	}

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	newId(): string {
		this.#ids += 1;
		return String(this.#ids);
	}

	/** Takes files in; those that a reload had interrupted go on where they were. */
	add(files: readonly FileToUpload[]): void {
		const items: UploadItem[] = [];
		for (const { file, path } of files) {
			const facts = { path, size: file.size, lastModified: file.lastModified };
			const unfinished = findUnfinished(this.#queue.items, facts);
			const item = unfinished ?? newItem(this.newId(), facts);
			this.#files.set(item.id, file);
			if (unfinished) this.dispatch({ kind: 'found', id: item.id });
			else items.push(item);
		}
		if (items.length > 0) this.dispatch({ kind: 'added', items });
	}

	dispatch(event: UploadEvent): void {
		const before = this.#queue;
		this.#queue = reduceUploads(before, event);
		if (this.#queue === before) return;
		if (event.kind === 'remove' || event.kind === 'clear-over') this.#dropRemoved(before);
		this.#stopWhatMayNotRun();
		this.#startNext();
		this.#notify(event.kind === 'progressed');
	}

	/** News of tasks, of any file. */
	takeTasks(tasks: readonly { file: string | null; task: FileTask }[]): void {
		const changed = new Map(tasks.map(({ task }) => [task.id, task]));
		const byFile = new Map<string, FileTask[]>();
		for (const { file, task } of tasks) {
			this.#recent.delete(task.id);
			this.#recent.set(task.id, task);
			if (file !== null) byFile.set(file, [...(byFile.get(file) ?? []), task]);
		}
		for (const id of this.#recent.keys()) {
			if (this.#recent.size <= MOST_RECENT) break;
			this.#recent.delete(id);
		}
		this.dispatch({ kind: 'tasks', changed, byFile });
	}

	/** Tries at once what waits for another try, as when the network has come back. */
	hurry(): void {
		const waiting = this.#queue.items.filter(({ state }) => state === 'retrying').map(({ id }) => id);
		if (waiting.length > 0) this.dispatch({ kind: 'retry', ids: waiting });
	}

	[Symbol.dispose](): void {
		for (const run of this.#running.values()) run.abort(new DOMException('The page is left.', 'AbortError'));
		for (const timer of this.#timers.values()) clearTimeout(timer);
		clearTimeout(this.#notifyTimer);
		this.#running.clear();
		this.#timers.clear();
		this.#listeners.clear();
	}

	/** Starting changes the queue, which would start more: one loop does it in order. */
	#startNext(): void {
		if (this.#starting) return;
		this.#starting = true;
		for (let [next] = toStart(this.#queue.items, AT_ONCE); next; [next] = toStart(this.#queue.items, AT_ONCE)) {
			const file = this.#files.get(next.id);
			if (file) void this.#run(next, file);
			else this.dispatch({ kind: 'failed', id: next.id, problem: 'The file is not at hand any more. Add it again.' });
		}
		this.#starting = false;
	}

	async #run(item: UploadItem, file: File): Promise<void> {
		const { id } = item;
		const abort = new AbortController();
		this.#running.set(id, abort);
		this.dispatch({ kind: 'preparing', id });
		const ifCurrent = (event: UploadEvent) => {
			if (this.#running.get(id) === abort) this.dispatch(event);
		};
		let event: UploadEvent;
		try {
			const outcome = await this.#options.send({
				item,
				file,
				owner: this.#options.owner,
				signal: abort.signal,
				onSending: () => ifCurrent({ kind: 'sending', id }),
				onProgress: (sent) => ifCurrent({ kind: 'progressed', id, sent }),
			});
			event = outcome.kind === 'stored' ? { kind: 'stored', id, answer: outcome.answer } : { kind: outcome.kind, id };
		} catch (error) {
			event = this.#eventOf(id, error);
		}
		if (this.#running.get(id) !== abort) return;
		this.#running.delete(id);
		this.dispatch(event);
		if (event.kind === 'cut') this.#retryLater(id);
		if (event.kind === 'stored') {
			this.#files.delete(id);
			this.dispatch({ kind: 'tasks', changed: this.#recent, byFile: new Map() });
		}
	}

	#eventOf(id: string, error: unknown): UploadEvent {
		const problem = this.#options.errorText(error);
		const mayPass = isRetryable(error) && !(error instanceof CodedError && error.code === 'disk-full');
		// A server that is away comes back; one that keeps refusing is another matter.
		const patient = error instanceof UnreachableError || (this.#item(id)?.tries ?? 0) < TRIES;
		return { kind: mayPass && patient ? 'cut' : 'failed', id, problem };
	}

	#retryLater(id: string): void {
		const tries = this.#item(id)?.tries ?? 1;
		const wait = this.#options.backoff?.(tries) ?? fullJitterBackoff(BACKOFF, Math.min(tries, 8));
		clearTimeout(this.#timers.get(id));
		this.#timers.set(
			id,
			setTimeout(() => {
				this.#timers.delete(id);
				this.dispatch({ kind: 'retry-due', id });
			}, wait),
		);
	}

	#item(id: string): UploadItem | undefined {
		return this.#queue.items.find((item) => item.id === id);
	}

	#stopWhatMayNotRun(): void {
		for (const [id, run] of this.#running) {
			const item = this.#item(id);
			if (item !== undefined && isMoving(item)) continue;
			this.#running.delete(id);
			run.abort(new DOMException('Stopped.', 'AbortError'));
		}
	}

	#dropRemoved(before: UploadQueue): void {
		for (const item of before.items) {
			if (this.#queue.items.includes(item)) continue;
			this.#files.delete(item.id);
			clearTimeout(this.#timers.get(item.id));
			this.#timers.delete(item.id);
			if (item.fileId === null && !item.already) this.#options.abandon(item);
		}
	}

	/** Progress comes often and is shown at most five times a second; everything else at once. */
	#notify(lazily: boolean): void {
		const tell = () => {
			clearTimeout(this.#notifyTimer);
			this.#notifyTimer = undefined;
			for (const listener of this.#listeners) listener();
		};
		if (!lazily) tell();
		else this.#notifyTimer ??= setTimeout(tell, NOTIFY_MS);
	}
}
