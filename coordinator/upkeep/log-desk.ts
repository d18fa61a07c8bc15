import type { LogLevel, LogView } from '../../shared/protocol/about.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { auditOf, type Doer } from '../audit/doer.ts';
import type { Logger } from '../report/logger.ts';
import type { RecentLines } from '../report/recent-lines.ts';

/** The log as administrators see it: its newest lines, and how much is written. What is set counts until the next start. */
export class LogDesk {
	readonly #logger: Logger;
	readonly #recent: RecentLines;
	readonly #audit: Pick<AuditLog, 'record'>;
	readonly #startLevel: LogLevel;

	constructor(options: { logger: Logger; recentLog: RecentLines; audit: Pick<AuditLog, 'record'> }) {
		this.#logger = options.logger;
		this.#recent = options.recentLog;
		this.#audit = options.audit;
		this.#startLevel = options.logger.level as LogLevel;
	}

	view(lines: number): LogView {
		const level = this.#logger.level as LogLevel;
		// All of it is a megabyte at most.
		return { level, startLevel: this.#startLevel, lines: lines === 0 ? [] : this.#recent.lines.slice(-lines) };
	}

	/** It is on record before it counts: nobody turns the log off unseen. */
	async setLevel(level: LogLevel, by: Doer): Promise<void> {
		const before = this.#logger.level;
		await this.#audit.record(auditOf(by, 'log.set-level', 'log', { before: { level: before }, after: { level } }));
		this.#logger.level = level;
	}
}
