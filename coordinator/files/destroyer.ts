import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { destroyEntry } from './destroy-store.ts';
import type { FileChange } from './file-events.ts';
import { findOldTrash, type TrashedEntry } from './old-trash-store.ts';
import type { Target } from './target.ts';

const PAGE = 500;
const SYSTEM = { actor: 'system', address: '' };

/** Destroys files and folders for good, large ones in steps. */
export class Destroyer {
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly #announce: (changes: readonly FileChange[]) => void;

	constructor(options: { ledger: Ledger; logger: Logger; announce: (changes: readonly FileChange[]) => void }) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.#announce = options.announce;
	}

	/** Whether it is in the trash or not. */
	async destroy(request: Omit<Target, 'now'>): Promise<void> {
		await this.#destroy(request, null);
	}

	/** What was made and is not wanted after all; what cannot be destroyed is logged and stays. */
	async discardFolder(ownerSeq: number, id: string): Promise<void> {
		await this.#destroyOrLog({ kind: 'folder', id, ownerSeq }, null);
	}

	/**
	 * Destroys what has been in the trash since before the instant, but not what is restored meanwhile. What cannot be
	 * destroyed is logged and stays. Gives how much went.
	 */
	async emptyTrash(trashedBefore: number): Promise<number> {
		let count = 0;
		for (const kind of ['file', 'folder'] as const) {
			let page: TrashedEntry[] = [];
			do {
				const after = page.at(-1) ?? null;
				page = await this.#ledger.read(findOldTrash, { kind, before: trashedBefore, after, limit: PAGE });
				for (const entry of page) if (await this.#destroyOrLog(entry, trashedBefore)) count += 1;
			} while (page.length === PAGE);
		}
		return count;
	}

	async #destroyOrLog(entry: Pick<TrashedEntry, 'kind' | 'id' | 'ownerSeq'>, trashedBefore: number | null) {
		const { kind, id, ownerSeq } = entry;
		try {
			return await this.#destroy({ kind, id, ownerSeq, by: SYSTEM }, trashedBefore);
		} catch (error) {
			// The ledger's trouble is not this entry's, and what comes after would meet it, too.
			if (trashedBefore !== null && error instanceof CodedError && error.shouldRetry()) throw error;
			this.#logger.warn({ err: error, id }, 'what was to be destroyed could not be, and stays');
			return false;
		}
	}

	/** Gives whether it is gone. */
	async #destroy(request: Omit<Target, 'now'>, trashedBefore: number | null): Promise<boolean> {
		for (;;) {
			const step = await this.#ledger.write(destroyEntry, { ...request, now: Date.now(), trashedBefore });
			if (!step) return false;
			this.#announce([step.change]);
			if (step.done) return true;
		}
	}
}
