import type { Ledger } from '../database/ledger.ts';
import type { Announcer } from '../report/announcer.ts';
import type { AccountEvents } from './account-events.ts';
import type { Authenticator } from './authenticator.ts';
import { readChangedUsers } from './user-store.ts';

/**
 * Notices what another process on the same ledger did to users, such as `coordinator user disable` beside a running
 * coordinator. One look costs one index look-up. Our own changes are seen once more, and that is harmless.
 */
export class OutsideChanges {
	readonly #ledger: Ledger;
	#revision: number;

	private constructor(ledger: Ledger, revision: number) {
		this.#ledger = ledger;
		this.#revision = revision;
	}

	static async open(ledger: Ledger): Promise<OutsideChanges> {
		return new OutsideChanges(ledger, (await ledger.read(readChangedUsers, null)).revision);
	}

	async look(authenticator: Authenticator, announcer: Announcer<AccountEvents>): Promise<void> {
		const { revision, users } = await this.#ledger.read(readChangedUsers, this.#revision);
		this.#revision = revision;
		for (const { seq, disabled } of users) {
			authenticator.forgetUser(seq);
			if (disabled) announcer.announce('account:ended', { userSeq: seq, credentialId: null });
		}
	}
}
