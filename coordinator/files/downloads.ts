import type { Transfer } from '../accounting/transfer-store.ts';
import type { Bandwidth, Pace } from './bandwidth.ts';
import type { Transfers } from './transfers.ts';

/** A download under way. */
export interface Download {
	pace: Pace;
	/** It has ended, whole or not, with what really went out; only the first call counts. */
	end(bytes: number): void;
}

/** Content on its way out to people: metered, within the month's quota, at the pace of the person's class. */
export class Downloads {
	readonly #transfers: Transfers;
	readonly #bandwidth: Bandwidth;
	readonly #meter: (transfer: Transfer) => Promise<void>;
	readonly #classOf: (userSeq: number) => string;

	constructor(options: {
		transfers: Transfers;
		bandwidth: Bandwidth;
		/** Never rejects. */
		meter: (transfer: Transfer) => Promise<void>;
		/** The person's service class now. */
		classOf: (userSeq: number) => string;
	}) {
		this.#transfers = options.transfers;
		this.#bandwidth = options.bandwidth;
		this.#meter = options.meter;
		this.#classOf = options.classOf;
	}

	/** Before the first byte. Throws `transfer-exceeded`. `bytes`: null when it is not known how many there are. */
	async begin(userSeq: number, bytes: number | null): Promise<Download> {
		const release = await this.#transfers.begin(userSeq, bytes ?? 1);
		const startedAt = performance.now();
		const pace = this.#bandwidth.paceOf(userSeq, 'download');
		let isOver = false;
		return {
			pace,
			end: (sent) => {
				if (isOver) return;
				isOver = true;
				pace.end();
				if (sent === 0) return release();
				const wallMs = performance.now() - startedAt;
				const serviceClass = this.#classOf(userSeq);
				const known = { at: Date.now(), ownerSeq: userSeq, serviceClass, kind: 'download' } as const;
				const transfer: Transfer = { ...known, bytes: sent, wallMs };
				// Until it is metered it counts as under way.
				void this.#meter(transfer).finally(release);
			},
		};
	}
}
