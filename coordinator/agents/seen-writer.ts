import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import type { NodeRecord } from './node-record.ts';
import { saveSeen } from './node-store.ts';

/** When nodes were last heard of, written together and seldom: it is for people's eyes only. */
export class SeenWriter {
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly #fresh = new Set<NodeRecord>();
	readonly #timer: NodeJS.Timeout;

	constructor(options: { ledger: Ledger; logger: Logger; everyMs: number }) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.#timer = setInterval(() => void this.flush(), options.everyMs);
		this.#timer.unref();
	}

	note(record: NodeRecord): void {
		record.row.lastSeenAt = Date.now();
		this.#fresh.add(record);
	}

	async flush(): Promise<void> {
		if (this.#fresh.size === 0) return;
		const seen = Array.from(this.#fresh, ({ row }) => ({ id: row.id, at: row.lastSeenAt ?? 0 }));
		this.#fresh.clear();
		try {
			await this.#ledger.write(saveSeen, seen);
		} catch (error) {
			this.#logger.warn({ err: error, nodes: seen.length }, 'when nodes were last seen could not be written');
		}
	}

	async close(): Promise<void> {
		clearInterval(this.#timer);
		await this.flush();
	}
}
