import { CodedError } from '../../shared/coded-error.ts';
import type { UserView } from '../../shared/protocol/account.ts';
import { SYSTEM } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Defender } from './defender.ts';
import { digestOf, newSessionSecret } from './secrets.ts';
import { isSetupToken, saveSetupToken, spendSetupToken } from './setup-store.ts';
import { viewUser } from './user-record.ts';
import { hasUsers } from './user-store.ts';
import type { Users } from './users.ts';

const FIRST_ADMINISTRATOR = 'admin';

/** The way to the first administrator: a token from the coordinator's own console, good once; or a password from automation. */
export class Setup {
	readonly #ledger: Ledger;
	readonly #users: Users;
	readonly #defender: Defender;
	readonly #now: () => number;
	/** Users are never removed: once there is one, there always is. */
	#isDone = false;

	constructor(options: { ledger: Ledger; users: Users; defender: Defender; now: () => number }) {
		this.#ledger = options.ledger;
		this.#users = options.users;
		this.#defender = options.defender;
		this.#now = options.now;
	}

	/** Whether there is nobody yet. */
	async isNeeded(): Promise<boolean> {
		this.#isDone ||= await this.#ledger.read(hasUsers, null);
		return !this.#isDone;
	}

	/** A token for the set-up link, to be shown on the console; it voids those before it. Null when there is somebody. */
	async issueToken(): Promise<string | null> {
		const token = newSessionSecret();
		const isSaved = await this.#ledger.write(saveSetupToken, { digest: digestOf(token), now: this.#now() });
		return isSaved ? token : null;
	}

	/** Makes the first administrator; throws `setup-token-invalid` for a wrong or used token. */
	async complete(first: { token: string; username: string; password: string; address: string }): Promise<UserView> {
		const { username, password, address } = first;
		this.#defender.check(address);
		const digest = digestOf(first.token);
		if (!(await this.isNeeded()) || !(await this.#ledger.read(isSetupToken, digest))) {
			await this.#defender.count(address, 'wrong-secret');
			throw new CodedError('setup-token-invalid');
		}
		const user = await this.#users.prepare({ username, password, role: 'administrator' });
		return viewUser(await this.#ledger.write(spendSetupToken, { digest, user, address, now: this.#now() }));
	}

	/** Makes the administrator `admin` with this password if there is nobody; changes nothing when there is somebody. */
	async ensureFirstAdministrator(password: string): Promise<void> {
		if (!(await this.isNeeded())) return;
		await this.#users.createFirst({ username: FIRST_ADMINISTRATOR, password }, SYSTEM);
	}
}
