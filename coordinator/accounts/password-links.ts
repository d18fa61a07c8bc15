import { CodedError } from '../../shared/coded-error.ts';
import type { MadePasswordLink, PasswordLinkPurpose, Role } from '../../shared/protocol/account.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Announcer } from '../report/announcer.ts';
import type { AccountEvents } from './account-events.ts';
import type { Authenticator } from './authenticator.ts';
import type { Defender } from './defender.ts';
import type { PasswordHasher } from './password-hasher.ts';
import {
	addInvited,
	findPasswordLink,
	type PasswordLink,
	putPasswordLink,
	spendPasswordLink,
} from './password-link-store.ts';
import { checkNewPassword } from './password-rules.ts';
import { digestOf, newSessionSecret } from './secrets.ts';
import type { Users } from './users.ts';

const HOUR_MS = 3_600_000;
/** How long a link is good: somebody new may be on holiday, who has forgotten a password waits for it. */
const LASTS_MS: Record<PasswordLinkPurpose, number> = { invite: 7 * 24 * HOUR_MS, reset: 24 * HOUR_MS };
/** The token stands behind the `#`, so that no server and no proxy on the way logs it. */
const PAGE = '/welcome#';

/**
 * Links by which people choose a password that nobody else ever knows: whoever is invited, and who has forgotten theirs.
 * One a person, good once and for a while. Until a link is used the old password stays good: who is to be shut out is
 * disabled.
 */
export class PasswordLinks {
	readonly #ledger: Ledger;
	readonly #users: Users;
	readonly #hasher: PasswordHasher;
	readonly #authenticator: Authenticator;
	readonly #announcer: Announcer<AccountEvents>;
	readonly #defender: Defender;
	readonly #onClassGiven: () => Promise<void>;
	readonly #now: () => number;

	constructor(options: {
		ledger: Ledger;
		users: Users;
		hasher: PasswordHasher;
		authenticator: Authenticator;
		announcer: Announcer<AccountEvents>;
		defender: Defender;
		onClassGiven: () => Promise<void>;
		now: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#users = options.users;
		this.#hasher = options.hasher;
		this.#authenticator = options.authenticator;
		this.#announcer = options.announcer;
		this.#defender = options.defender;
		this.#onClassGiven = options.onClassGiven;
		this.#now = options.now;
	}

	/** Makes somebody who has no password yet; throws `name-taken` or `unknown-service-class`. */
	async invite(
		person: { username: string; role: Role; serviceClass?: string | null | undefined },
		by: Doer,
	): Promise<MadePasswordLink> {
		const now = this.#now();
		// Nobody knows it, so that the account cannot be entered before its person has chosen another one.
		const user = await this.#users.prepare({ ...person, password: newSessionSecret() });
		const token = newSessionSecret();
		const expiresAt = now + LASTS_MS.invite;
		const link = { digest: digestOf(token), purpose: 'invite' as const, expiresAt };
		await this.#ledger.write(addInvited, { user, link, by, now });
		if (user.serviceClass !== null) await this.#onClassGiven();
		return made({ userId: user.id, username: user.username, purpose: 'invite', expiresAt }, token);
	}

	/** A link for somebody who is there, in place of the one before; throws `not-found`, or `conflict` while disabled. */
	async make(userId: string, by: Doer): Promise<MadePasswordLink> {
		const now = this.#now();
		const token = newSessionSecret();
		const expiresAt = { invite: now + LASTS_MS.invite, reset: now + LASTS_MS.reset };
		const link = await this.#ledger.write(putPasswordLink, { userId, digest: digestOf(token), expiresAt, by, now });
		return made(link, token);
	}

	/** Whose link it is; throws `password-link-invalid` or `banned`. */
	async read(token: string, address: string): Promise<PasswordLink> {
		this.#defender.check(address);
		const link = await this.#ledger.read(findPasswordLink, { digest: digestOf(token), now: this.#now() });
		if (link) return link;
		await this.#defender.count(address, 'wrong-secret');
		throw new CodedError('password-link-invalid');
	}

	/** Chooses the password, and ends the person's sessions; throws what `read` throws, or `password-refused`. */
	async use(token: string, password: string, address: string): Promise<PasswordLink> {
		const link = await this.read(token, address);
		checkNewPassword(password, link.username);
		const args = { digest: digestOf(token), passwordHash: await this.#hasher.hash(password), address };
		const { userSeq, ended } = await this.#ledger.write(spendPasswordLink, { ...args, now: this.#now() });
		this.#authenticator.forgetUser(userSeq);
		for (const credentialId of ended) this.#announcer.announce('account:ended', { userSeq, credentialId });
		return link;
	}
}

const made = ({ userId, username, purpose, expiresAt }: PasswordLink, token: string): MadePasswordLink => ({
	id: userId,
	username,
	purpose,
	path: `${PAGE}${token}`,
	expiresAt: new Date(expiresAt).toISOString(),
});
