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
	#isLooking = false;

	private constructor(ledger: Ledger, revision: number) {
		this.#ledger = ledger;
		this.#revision = revision;
	}

	static async open(ledger: Ledger): Promise<OutsideChanges> {
		return new OutsideChanges(ledger, (await ledger.read(readChangedUsers, null)).revision);
	}

	/** What is being read already is not read a second time, however long the ledger takes. */
	async look(authenticator: Authenticator, announcer: Announcer<AccountEvents>): Promise<void> {
		if (this.#isLooking) return;
		this.#isLooking = true;
		try {
			await this.#read(authenticator, announcer);
		} finally {
			this.#isLooking = false;
		}
	}

	async #read(authenticator: Authenticator, announcer: Announcer<AccountEvents>): Promise<void> {
		const { revision, users } = await this.#ledger.read(readChangedUsers, this.#revision);
		this.#revision = revision;
		for (const userSeq of users) {
			authenticator.forgetUser(userSeq);
			announcer.announce('account:ended', { userSeq, credentialId: null });
		}
	}
}
