import { TransferQuota } from '../accounting/transfer-quota.ts';
import type { Ledger } from '../database/ledger.ts';
import type { PolicyBook } from '../qos/policy.ts';

const NOTHING = (): void => {};

/** Asks for each transfer whether the month's quota of the person's class has room for it; without a quota nothing is asked. */
export class Transfers {
	readonly #policies: PolicyBook;
	readonly #quota: TransferQuota;

	constructor(options: { ledger: Ledger; policies: PolicyBook }) {
		this.#policies = options.policies;
		this.#quota = new TransferQuota(options);
	}

	/** Throws `transfer-exceeded`. Call what it gives back when the transfer has been metered, or will not be. */
	async begin(userSeq: number, bytes: number): Promise<() => void> {
		const limit = this.#limitOf(userSeq);
		return limit ? this.#quota.begin(userSeq, bytes, limit) : NOTHING;
	}

	/** Throws `transfer-exceeded` when so many bytes, which will come at some time, are too many already. */
	async check(userSeq: number, bytes: number): Promise<void> {
		const limit = this.#limitOf(userSeq);
		if (limit) await this.#quota.check(userSeq, bytes, limit);
	}

	#limitOf(userSeq: number) {
		const { serviceClass, settings } = this.#policies.of(userSeq);
		const bytes = settings.quotas.transferBytesPerMonth;
		return bytes === null ? null : { serviceClass, bytes };
	}
}
