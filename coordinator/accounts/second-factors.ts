import { CodedError } from '../../shared/coded-error.ts';
import type { Role, SecondFactorView } from '../../shared/protocol/account.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Announcer } from '../report/announcer.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { AccountEvents } from './account-events.ts';
import type { Actor } from './actor.ts';
import { doerOf } from './actor.ts';
import type { Authenticator } from './authenticator.ts';
import { readSecondFactorRule, setSecondFactorRule } from './second-factor-rule-store.ts';
import {
	beginSecondFactor,
	enableSecondFactor,
	readSecondFactor,
	removeSecondFactor,
	renewRecoveryCodes,
	resetSecondFactor,
	spendRecoveryCode,
	spendStep,
} from './second-factor-store.ts';
import { digestOf, newRecoveryCode, readRecoveryCode } from './secrets.ts';
import { newTotpSecret, readTotpCode, stepOfCode, totpUri } from './totp.ts';

/** Seals by the key that is not in the ledger. */
export type Sealing = Pick<Secrets, 'seal' | 'unseal'>;

/** What somebody was known by, besides the password. */
export type FactorShown = 'code' | 'recovery-code';

const RECOVERY_CODES = 10;
const identityOf = (userId: string) => ({ id: 'second-factor', owner: userId });
/** The person is part of it: equal codes of two people are not equal here. */
const digestFor = (userId: string, plain: string): string => digestOf(`${userId}\n${plain}`);

/** Codes of authenticator apps (RFC 6238), each step good once, and recovery codes for who has lost theirs. */
export class SecondFactors {
	readonly #ledger: Ledger;
	readonly #authenticator: Authenticator;
	readonly #announcer: Announcer<AccountEvents>;
	readonly #sealing: Sealing | null;
	readonly #issuer: string;
	readonly #now: () => number;

	constructor(options: {
		ledger: Ledger;
		authenticator: Authenticator;
		announcer: Announcer<AccountEvents>;
		sealing: Sealing | null;
		place: string | null;
		now: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#authenticator = options.authenticator;
		this.#announcer = options.announcer;
		this.#sealing = options.sealing;
		this.#issuer = options.place === null ? 'Millrace' : `Millrace ${options.place}`;
		this.#now = options.now;
	}

	async view({ userSeq, role }: Actor): Promise<SecondFactorView> {
		const row = await this.#ledger.read(readSecondFactor, userSeq);
		const since = row?.confirmedAt ?? null;
		return {
			enabled: since !== null,
			since: since === null ? null : new Date(since).toISOString(),
			recoveryCodesLeft: row?.codesLeft ?? 0,
			required: (await this.rule()).includes(role),
		};
	}

	/** A new secret for an authenticator app; it counts once `confirm` was shown a code. Throws `wrong-state` when there is one. */
	async begin({ userSeq, userId, username }: Actor): Promise<{ secret: string; uri: string }> {
		const secret = newTotpSecret();
		const sealed = this.#seal().seal(identityOf(userId), secret);
		await this.#ledger.write(beginSecondFactor, { userSeq, sealed, now: this.#now() });
		return { secret, uri: totpUri(secret, { issuer: this.#issuer, username }) };
	}

	/** The app works: from now on every sign-in needs a code, and the person's other sessions end. Answers the recovery codes, once. */
	async confirm(actor: Actor, typed: string): Promise<string[]> {
		const { userSeq, userId, via, credentialId } = actor;
		const row = await this.#ledger.read(readSecondFactor, userSeq);
		if (!row || row.confirmedAt !== null) throw new CodedError('wrong-state', 'Nothing was begun. Begin it first.');
		const now = this.#now();
		const step = this.#stepOf(userId, row, typed, now);
		if (step === null) {
			const advice =
				'Type the newest code; if that fails too, see that the clock of the device is right, and scan the picture again.';
			throw new CodedError('second-factor-wrong', `That is no code of this secret at this time. ${advice}`);
		}
		const { codes, digests } = newCodes(userId);
		const ended = await this.#ledger.write(enableSecondFactor, {
			...{ userSeq, nonce: row.nonce, step, digests, now },
			keepSession: via === 'session' ? credentialId : null,
			by: doerOf(actor),
		});
		this.#authenticator.forgetUser(userSeq);
		for (const session of ended) this.#announcer.announce('account:ended', { userSeq, credentialId: session });
		return codes;
	}

	/** New recovery codes; those that there were are void. */
	async renewCodes(actor: Actor): Promise<string[]> {
		const { codes, digests } = newCodes(actor.userId);
		const { userSeq } = actor;
		await this.#ledger.write(renewRecoveryCodes, { userSeq, digests, by: doerOf(actor), now: this.#now() });
		return codes;
	}

	async remove(actor: Actor): Promise<void> {
		const { userSeq } = actor;
		await this.#ledger.write(removeSecondFactor, { userSeq, by: doerOf(actor), now: this.#now() });
		// Where the role needs one, there is only one thing left to do.
		this.#lookAgain([userSeq]);
	}

	/** For somebody who has lost theirs; they are told, and signed out everywhere. */
	async reset(userId: string, by: Doer): Promise<void> {
		this.#lookAgain([await this.#ledger.write(resetSecondFactor, { id: userId, by, now: this.#now() })]);
	}

	/** Roles whose sessions need a second factor. */
	rule(): Promise<Role[]> {
		return this.#ledger.read(readSecondFactorRule, null);
	}

	/** Throws `wrong-state` when whoever asks would need one and has none. */
	async setRule(actor: Actor, roles: readonly Role[]): Promise<void> {
		const { userSeq } = actor;
		const args = { roles, userSeq, by: doerOf(actor), now: this.#now() };
		const affected = await this.#ledger.write(setSecondFactorRule, args);
		this.#authenticator.forgetSessions();
		this.#lookAgain(affected);
	}

	/** Uses a code or a recovery code up; null: it is wrong, or was used already. */
	async spend(user: { seq: number; id: string }, typed: string, address: string): Promise<FactorShown | null> {
		const { seq: userSeq, id } = user;
		const now = this.#now();
		const recovery = readRecoveryCode(typed);
		if (recovery !== null) {
			const digest = digestFor(id, recovery);
			const by = { actor: id, address };
			return (await this.#ledger.write(spendRecoveryCode, { userSeq, digest, by, now })) ? 'recovery-code' : null;
		}
		const row = await this.#ledger.read(readSecondFactor, userSeq);
		const step = row && this.#stepOf(id, row, typed, now);
		if (!row || step === null || step <= row.lastStep) return null;
		return (await this.#ledger.write(spendStep, { userSeq, nonce: row.nonce, step })) ? 'code' : null;
	}

	#stepOf(userId: string, row: { nonce: Uint8Array; sealed: Uint8Array }, typed: string, now: number): number | null {
		const code = readTotpCode(typed);
		return code === null ? null : stepOfCode(this.#seal().unseal(identityOf(userId), row), code, now);
	}

	#seal(): Sealing {
		if (this.#sealing === null) throw new Error('there is no key here for second factors');
		return this.#sealing;
	}

	/** Screens ask again whether they may still watch. */
	#lookAgain(people: readonly number[]): void {
		for (const userSeq of people) {
			this.#authenticator.forgetUser(userSeq);
			this.#announcer.announce('account:ended', { userSeq, credentialId: null });
		}
	}
}

const newCodes = (userId: string): { codes: string[]; digests: string[] } => {
	const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
	return { codes, digests: codes.map((code) => digestFor(userId, readRecoveryCode(code)!)) };
};
