import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import { monthOf } from './month.ts';
import { readTransferred } from './usage-store.ts';

/** What a person's class lets through in a calendar month (UTC), up and down together. */
export interface TransferLimit {
	serviceClass: string;
	bytes: number;
}

/**
 * Holds people to what they may transfer in a month, before bytes flow: what is under way is never cut, and counts as if
 * it had been transferred whole. What was transferred is counted where it is metered.
 */
export class TransferQuota {
	readonly #ledger: Ledger;
	readonly #now: () => number;
	/** Bytes that may still flow, by person; nothing of those who have no limit. */
	readonly #underWay = new Map<number, number>();

	constructor(options: { ledger: Ledger; now?: () => number }) {
		this.#ledger = options.ledger;
		this.#now = options.now ?? Date.now;
	}

	/** Throws `transfer-exceeded`. Call what it gives back when the transfer has been metered, or will not be. */
	async begin(ownerSeq: number, bytes: number, limit: TransferLimit): Promise<() => void> {
		// Told before it is known whether it may: so of many that begin at once no two count on the same bytes.
		const before = this.#add(ownerSeq, bytes);
		try {
			await this.check(ownerSeq, before + bytes, limit);
		} catch (error) {
			this.#add(ownerSeq, -bytes);
			throw error;
		}
		return () => void this.#add(ownerSeq, -bytes);
	}

	/** Throws `transfer-exceeded` when so many bytes more are too many. */
	async check(ownerSeq: number, bytes: number, limit: TransferLimit): Promise<void> {
		const { start, next } = monthOf(this.#now());
		const used = await this.#ledger.read(readTransferred, { ownerSeq, month: start });
		if (used + bytes <= limit.bytes) return;
		const again = new Date(next).toISOString();
		throw new CodedError(
			'transfer-exceeded',
			`Your service class ${limit.serviceClass} lets ${limit.bytes} bytes through in a month, up and down together; ${used} have gone, and with this and what is under way ${bytes} more would. The count starts again at ${again}.`,
		);
	}

	/** People of whom something is under way. */
	get size(): number {
		return this.#underWay.size;
	}

	/** Gives what was there before. */
	#add(ownerSeq: number, bytes: number): number {
		const before = this.#underWay.get(ownerSeq) ?? 0;
		if (before + bytes > 0) this.#underWay.set(ownerSeq, before + bytes);
		else this.#underWay.delete(ownerSeq);
		return before;
	}
}
