import type { Logger } from '../report/logger.ts';
import { exportRequestOf, type Span } from './span.ts';

/** Spans that wait; what comes beyond that is lost, and counted. */
const MOST_WAITING = 10_000;
const AT_ONCE = 512;
const WITHIN_MS = 2_000;
/** After a failure it waits twice as long as before, up to the longest. */
const WAIT = { firstMs: 5_000, mostMs: 120_000 };
const LAST_WORD_MS = 2_000;

/** Sends one request; rejects when nobody answers. */
export type SendSpans = (body: string, signal: AbortSignal) => Promise<{ status: number }>;

/**
 * Hands spans over in batches, one request at a time. States: `idle` -> `waiting` (for company, or after a failure) ->
 * `sending` -> `idle`. Nobody waits for it: when the receiver is away for long, the newest are lost.
 */
export class Exporter implements AsyncDisposable {
	readonly #send: SendSpans;
	readonly #logger: Logger;
	readonly #version: string;
	readonly #withinMs: number;
	readonly #stopped = new AbortController();
	#waiting: Span[] = [];
	#timer: NodeJS.Timeout | null = null;
	#sending: Promise<void> | null = null;
	#failures = 0;
	/** Spans that nobody took. */
	lost = 0;

	constructor(options: { send: SendSpans; logger: Logger; version: string; withinMs?: number }) {
		this.#send = options.send;
		this.#logger = options.logger;
		this.#version = options.version;
		this.#withinMs = options.withinMs ?? WITHIN_MS;
	}

	add(...spans: readonly Span[]): void {
		for (const span of spans) {
			if (this.#waiting.length >= MOST_WAITING) this.lost += 1;
			else this.#waiting.push(span);
		}
		this.#schedule();
	}

	/** Sends what waits, all of it; resolves when that is done or has failed. */
	async flush(): Promise<void> {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		while (this.#waiting.length > 0) {
			this.#sending ??= this.#sendSome().finally(() => {
				this.#sending = null;
			});
			await this.#sending;
			if (this.#failures > 0) break;
		}
		this.#schedule();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		const timer = setTimeout(() => this.#stopped.abort(), LAST_WORD_MS);
		await this.flush();
		clearTimeout(timer);
		this.#stopped.abort();
		if (this.#timer) clearTimeout(this.#timer);
	}

	#schedule(): void {
		if (this.#timer || this.#sending || this.#waiting.length === 0 || this.#stopped.signal.aborted) return;
		const wait =
			this.#failures === 0
				? this.#withinMs
				: Math.min(WAIT.mostMs, WAIT.firstMs * 2 ** Math.min(10, this.#failures - 1));
		const soon = this.#failures === 0 && this.#waiting.length >= AT_ONCE;
		this.#timer = setTimeout(() => void this.flush(), soon ? 0 : wait).unref();
	}

	async #sendSome(): Promise<void> {
		const spans = this.#waiting.splice(0, AT_ONCE);
		try {
			const body = JSON.stringify(exportRequestOf(spans, this.#version));
			const { status } = await this.#send(body, this.#stopped.signal);
			// What it calls malformed it calls so the next time too.
			if (status >= 300 && (status < 400 || status >= 500 || status === 429)) throw new Error(`it answers ${status}`);
			if (status >= 400) {
				this.lost += spans.length;
				this.#logger.warn({ status, spans: spans.length }, 'spans were refused by the receiver of traces');
			} else if (this.#failures > 0) {
				this.#logger.info({ lost: this.lost }, 'traces are taken again');
			}
			this.#failures = 0;
		} catch (error) {
			if (this.#failures === 0) this.#logger.warn({ err: error }, 'traces cannot be handed over; it is tried again');
			this.#failures += 1;
			this.#waiting = [...spans, ...this.#waiting];
			const over = this.#waiting.length - MOST_WAITING;
			if (over > 0) {
				this.#waiting.splice(MOST_WAITING);
				this.lost += over;
			}
		}
	}
}
