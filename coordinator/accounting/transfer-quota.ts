import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import { monthOf } from './month.ts';
import { readTransferred, readTransferredInLine } from './transfer-store.ts';

/** What a person's class lets through in a calendar month (UTC), up and down together. */
export interface TransferLimit {
	serviceClass: string;
	bytes: number;
}

interface Transfer {
	bytes: number;
}

/** Of one person, in the order in which they began; those that have ended are metered. */
class UnderWay {
	readonly transfers = new Set<Transfer>();
	ended = 0;

	/** What those will come to that began before this one; all of them when it is none of them. */
	bytesBefore(transfer: Transfer): number {
		let bytes = 0;
		for (const other of this.transfers) {
			if (other === transfer) break;
			bytes += other.bytes;
		}
		return bytes;
	}
}

/**
 * Holds people to what they may transfer in a month, before bytes flow: what is under way is never cut, and counts as if
 * it had been transferred whole. What was transferred is counted where it is metered.
 */
export class TransferQuota {
	readonly #ledger: Ledger;
	readonly #now: () => number;
	/** Of people with a limit who transfer something now. */
	readonly #people = new Map<number, UnderWay>();

	constructor(options: { ledger: Ledger; now?: () => number }) {
		this.#ledger = options.ledger;
		this.#now = options.now ?? Date.now;
	}

	/** Throws `transfer-exceeded`. Call what it gives back when the transfer has been metered, or will not be. */
	async begin(ownerSeq: number, bytes: number, limit: TransferLimit): Promise<() => void> {
		const own = this.#people.get(ownerSeq) ?? new UnderWay();
		this.#people.set(ownerSeq, own);
		const transfer: Transfer = { bytes };
		// Counted before it is known whether it may: so of many that begin at once no two count on the same bytes.
		own.transfers.add(transfer);
		const end = (): void => {
			if (!own.transfers.delete(transfer)) return;
			own.ended += 1;
			if (own.transfers.size === 0) this.#people.delete(ownerSeq);
		};
		try {
			await this.#require(ownerSeq, transfer, limit, own);
		} catch (error) {
			end();
			throw error;
		}
		return end;
	}

	/** Throws `transfer-exceeded` when so many bytes more than what is under way are too many. */
	async check(ownerSeq: number, bytes: number, limit: TransferLimit): Promise<void> {
		await this.#require(ownerSeq, { bytes }, limit, this.#people.get(ownerSeq) ?? new UnderWay());
	}

	/** People of whom something is under way. */
	get size(): number {
		return this.#people.size;
	}

	/**
	 * What ends while the ledger is asked counts twice, as under way and as metered. So before something is refused it is
	 * looked again, until nothing has ended meanwhile.
	 */
	async #require(ownerSeq: number, transfer: Transfer, limit: TransferLimit, own: UnderWay): Promise<void> {
		const { start, next } = monthOf(this.#now());
		const args = { ownerSeq, month: start };
		let wanted = own.bytesBefore(transfer) + transfer.bytes;
		let used = await this.#ledger.read(readTransferred, args);
		for (let ended = -1; used + wanted > limit.bytes && ended !== own.ended; ) {
			ended = own.ended;
			wanted = own.bytesBefore(transfer) + transfer.bytes;
			used = await this.#ledger.write(readTransferredInLine, args);
			// Whoever was acknowledged before us has had its turn then to say that it has ended.
			await new Promise((resolve) => setImmediate(resolve));
		}
		if (used + wanted <= limit.bytes) return;
		const again = new Date(next).toISOString();
		throw new CodedError(
			'transfer-exceeded',
			`Your service class ${limit.serviceClass} lets ${limit.bytes} bytes through in a month, up and down together; ${used} have gone, and with what is under way this would be ${wanted} more. The count starts again at ${again}.`,
		);
	}
}
