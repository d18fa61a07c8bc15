import { guardedTell } from '../../shared/egress/guarded-fetch.ts';
import type { CommitEndings } from '../queue/settlements.ts';
import type { Logger } from '../report/logger.ts';
import { Exporter, type SendSpans } from './exporter.ts';
import { endingSpans, type StoredUpload, uploadSpan } from './task-spans.ts';

const ANSWER_WITHIN_MS = 10_000;

/** Where traces go by OTLP over HTTP: the address of the administrator's choice, which may be a private one; null: nowhere. */
export const sendTo = (address: string | undefined): SendSpans | null => {
	if (address === undefined) return null;
	const url = new URL(address);
	if (url.pathname === '/') url.pathname = '/v1/traces';
	const port = url.port || (url.protocol === 'https:' ? '443' : '80');
	const allow = [`${url.hostname.replace(/\.+$/, '')}:${port}`];
	const headers = { 'content-type': 'application/json' };
	return (body, signal) =>
		guardedTell(url.href, { allow, method: 'POST', headers, body, signal, redirects: 0, totalMs: ANSWER_WITHIN_MS });
};

/** Makes traces of what uploads and tasks do, for whoever has asked for them; otherwise it does nothing. */
export class Tracer implements AsyncDisposable {
	readonly exporter: Exporter | null;

	constructor(options: { send: SendSpans | null; logger: Logger; version: string; withinMs?: number }) {
		const { send, ...rest } = options;
		this.exporter = send && new Exporter({ send, ...rest });
	}

	uploaded(upload: StoredUpload): void {
		this.exporter?.add(uploadSpan(upload));
	}

	/** Commits endings as before, and tells of those that were committed. */
	traced(commit: CommitEndings): CommitEndings {
		const { exporter } = this;
		if (!exporter) return commit;
		return async (endings) => {
			const outcomes = await commit(endings);
			const now = Date.now();
			for (const [i, outcome] of outcomes.entries()) {
				if (outcome.status !== 'fulfilled' || outcome.value === null) continue;
				exporter.add(...endingSpans(endings[i]!, outcome.value.state, now));
			}
			return outcomes;
		};
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.exporter?.[Symbol.asyncDispose]();
	}
}
