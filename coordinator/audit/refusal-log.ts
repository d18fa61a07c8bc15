import type { Logger } from '../report/logger.ts';
import type { AuditLog } from './audit-log.ts';
import { auditOf, type Doer, SYSTEM } from './doer.ts';

/** Repeats of one refusal become one entry in so many milliseconds. */
const WINDOW_MS = 60_000;
/** So many different refusals are told apart in that time. */
const MOST_KINDS = 1_000;

interface Repeats {
	doer: Doer;
	action: string;
	object: string;
	times: number;
	detail: Record<string, string>;
}

/**
 * Audits what people asked for and may not. The first of a kind is an entry at once; whoever tries on, thousands of
 * times a second perhaps, gets one entry a minute with the count, so that the log cannot be flooded.
 */
export class RefusalLog implements AsyncDisposable {
	readonly #audit: Pick<AuditLog, 'record'>;
	readonly #logger: Logger;
	readonly #timer: NodeJS.Timeout;
	#window = new Map<string, Repeats>();
	#unlike = 0;

	constructor(options: { audit: Pick<AuditLog, 'record'>; logger: Logger; windowMs?: number }) {
		this.#audit = options.audit;
		this.#logger = options.logger;
		this.#timer = setInterval(() => void this.flush(), options.windowMs ?? WINDOW_MS).unref();
	}

	/** `object` is what was asked for, such as a path; `code` says why, where it is not that one may not. */
	note(doer: Doer, action: string, object: string, code?: string): void {
		const detail: Record<string, string> = code === undefined ? {} : { code };
		const key = `${doer.actor}\n${doer.address}\n${action}\n${code ?? ''}`;
		const known = this.#window.get(key);
		if (known) {
			known.times += 1;
			known.object = object;
		} else if (this.#window.size >= MOST_KINDS) this.#unlike += 1;
		else {
			this.#window.set(key, { doer, action, object, detail, times: 0 });
			void this.#record([auditOf(doer, action, object, detail, 'refused')]);
		}
	}

	/** Writes the counts of what was repeated, and begins to count anew. */
	async flush(): Promise<void> {
		const repeats = [...this.#window.values()].filter(({ times }) => times > 0);
		const entries = repeats.map(({ doer, action, object, detail, times }) =>
			auditOf(doer, action, object, { ...detail, timesMore: times }, 'refused'),
		);
		if (this.#unlike > 0) entries.push(auditOf(SYSTEM, 'many.refuse', '', { timesMore: this.#unlike }, 'refused'));
		this.#window = new Map();
		this.#unlike = 0;
		await this.#record(entries);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		clearInterval(this.#timer);
		await this.flush();
	}

	async #record(entries: Parameters<AuditLog['record']>): Promise<void> {
		try {
			await this.#audit.record(...entries);
		} catch (error) {
			this.#logger.warn({ err: error }, 'a refusal could not be audited');
		}
	}
}
