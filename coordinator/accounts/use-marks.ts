import type { Ledger } from '../database/ledger.ts';
import { markUsed } from './authenticate-store.ts';

/** When sessions and credentials were last used, gathered and written together. */
export class UseMarks {
	readonly #ledger: Ledger;
	#marks = new Map<string, { id: string; at: number; isSession: boolean }>();

	constructor(ledger: Ledger) {
		this.#ledger = ledger;
	}

	mark(id: string, at: number, isSession: boolean): void {
		this.#marks.set(id, { id, at, isSession });
	}

	async flush(): Promise<void> {
		if (this.#marks.size === 0) return;
		const marks = [...this.#marks.values()];
		this.#marks = new Map();
		await this.#ledger.write(markUsed, marks);
	}
}
