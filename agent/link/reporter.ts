import type { AttemptRef, LogBatch, Progress } from '../../shared/protocol/agent-link.ts';

/** Log lines in one message; with 8 KiB a line it stays below what the coordinator takes at once. */
const MESSAGE_CHARACTERS = 48 * 1024;

type LogItem = LogBatch['items'][number];
type ProgressItem = Progress['items'][number];

/**
 * Tells how attempts are going. What one turn of the event loop brings goes out together; of progress only the latest
 * counts. None of it is acknowledged: it is lost when the link is.
 */
export class Reporter {
	readonly #emit: (event: 'task:started' | 'task:progress' | 'task:log', message: unknown) => void;
	#started: AttemptRef[] = [];
	#progress = new Map<string, ProgressItem>();
	#logs: LogItem[] = [];
	#isScheduled = false;

	constructor(emit: (event: 'task:started' | 'task:progress' | 'task:log', message: unknown) => void) {
		this.#emit = emit;
	}

	started(ref: AttemptRef): void {
		this.#started.push(ref);
		this.#schedule();
	}

	progress(item: ProgressItem): void {
		this.#progress.set(item.token, item);
		this.#schedule();
	}

	log(item: LogItem): void {
		this.#logs.push(item);
		this.#schedule();
	}

	/** Sends what waits, so that it arrives before what follows. */
	flush(): void {
		if (this.#started.length > 0) this.#emit('task:started', { attempts: this.#started });
		this.#started = [];
		if (this.#progress.size > 0) this.#emit('task:progress', { items: [...this.#progress.values()] });
		this.#progress.clear();
		for (const items of inMessages(this.#logs)) this.#emit('task:log', { items });
		this.#logs = [];
	}

	#schedule(): void {
		if (this.#isScheduled) return;
		this.#isScheduled = true;
		setImmediate(() => {
			this.#isScheduled = false;
			this.flush();
		});
	}
}

function* inMessages(items: readonly LogItem[]): Generator<LogItem[]> {
	let message: LogItem[] = [];
	let characters = 0;
	for (const item of items) {
		let lines: LogItem['lines'] = [];
		let firstSeq = item.firstSeq;
		for (const line of item.lines) {
			if (characters > 0 && characters + line.text.length > MESSAGE_CHARACTERS) {
				if (lines.length > 0) message.push({ ...item, firstSeq, lines });
				yield message;
				firstSeq += lines.length;
				message = [];
				lines = [];
				characters = 0;
			}
			lines.push(line);
			characters += line.text.length + 40;
		}
		if (lines.length > 0) message.push({ ...item, firstSeq, lines });
	}
	if (message.length > 0) yield message;
}
