import type { z } from 'zod';
import { CodedError } from '../../shared/coded-error.ts';
import {
	type AppPasswordAccess,
	type CredentialView,
	TOKEN_SCOPES,
	type TokenScope,
	type tokenViewSchema,
} from '../../shared/protocol/account.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import type { Announcer } from '../report/announcer.ts';
import type { AccountEvents } from './account-events.ts';
import type { Actor } from './actor.ts';
import { doerOf } from './actor.ts';
import type { Authenticator } from './authenticator.ts';
import {
	addCredential,
	type CredentialKind,
	listCredentials,
	type NewCredential,
	revokeCredential,
} from './credential-store.ts';
import { covers } from './permissions.ts';
import { digestOf, newAppPassword, newTokenSecret, readAppPassword } from './secrets.ts';

export type TokenView = z.infer<typeof tokenViewSchema>;

/** What an app password is for: a drive of files. */
const APP_SCOPES: Record<AppPasswordAccess, readonly TokenScope[]> = {
	'read-write': ['files:read', 'files:write'],
	'read-only': ['files:read'],
};

/** What an app password of these scopes may do. */
export const accessOf = (scopes: readonly TokenScope[]): AppPasswordAccess =>
	scopes.includes('files:write') ? 'read-write' : 'read-only';

/** API tokens and app passwords of a person. Their text is given out once and stored nowhere. */
export class Credentials {
	readonly #ledger: Ledger;
	readonly #authenticator: Authenticator;
	readonly #announcer: Announcer<AccountEvents>;
	readonly #now: () => number;

	constructor(options: {
		ledger: Ledger;
		authenticator: Authenticator;
		announcer: Announcer<AccountEvents>;
		now: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#authenticator = options.authenticator;
		this.#announcer = options.announcer;
		this.#now = options.now;
	}

	/**
	 * Without scopes a token may do what its maker may do at this moment; never more than that. What a token makes ends with
	 * it, whether that expires or is taken back.
	 */
	async createToken(
		actor: Actor,
		token: { name: string; scopes?: readonly TokenScope[] | undefined; expiresAt?: number | undefined },
	): Promise<{ id: string; token: string; expiresAt: string | null }> {
		const now = this.#now();
		if (token.expiresAt !== undefined && token.expiresAt <= now) {
			throw new CodedError('invalid', undefined, { fields: [{ path: 'expiresAt', message: 'must be in the future' }] });
		}
		const scopes = token.scopes ? [...new Set(token.scopes)] : actor.scopes;
		this.#requireScopes(actor, scopes);
		const id = newId('token', now);
		const secret = newTokenSecret();
		const asked = token.expiresAt ?? null;
		const made = { id, kind: 'token' as const, name: token.name, digest: digestOf(secret), scopes, expiresAt: asked };
		const expiresAt = toInstant(await this.#add(actor, made, now));
		return { id, token: secret, expiresAt };
	}

	async createAppPassword(
		actor: Actor,
		{ name, access = 'read-write' }: { name: string; access?: AppPasswordAccess },
	): Promise<{ id: string; password: string; expiresAt: string | null }> {
		const scopes = APP_SCOPES[access];
		this.#requireScopes(actor, scopes);
		const now = this.#now();
		const id = newId('appPassword', now);
		const password = newAppPassword();
		const digest = digestOf(readAppPassword(password)!);
		const made = { id, kind: 'app-password' as const, name, digest, scopes, expiresAt: null };
		const expiresAt = toInstant(await this.#add(actor, made, now));
		return { id, password, expiresAt };
	}

	list(actor: Actor, kind: CredentialKind): Promise<TokenView[]> {
		return this.#list(actor.userSeq, kind);
	}

	/** All of anybody's, tokens first. */
	async listOf(userSeq: number): Promise<CredentialView[]> {
		const [tokens, appPasswords] = await Promise.all([
			this.#list(userSeq, 'token'),
			this.#list(userSeq, 'app-password'),
		]);
		return [
			...tokens.map((token) => ({ ...token, kind: 'token' as const })),
			...appPasswords.map((password) => ({ ...password, kind: 'app-password' as const })),
		];
	}

	async #list(userSeq: number, kind: CredentialKind): Promise<TokenView[]> {
		const rows = await this.#ledger.read(listCredentials, { userSeq, kind });
		return rows.map((row) => ({
			id: row.id,
			name: row.name,
			scopes: row.scopes ?? [...TOKEN_SCOPES],
			createdAt: new Date(row.createdAt).toISOString(),
			expiresAt: toInstant(row.expiresAt),
			lastUsedAt: toInstant(row.lastUsedAt),
		}));
	}

	/** Takes one of the person's own back, at once and for good, and what was made by it; throws `not-found`. */
	revoke(actor: Actor, kind: CredentialKind, id: string): Promise<void> {
		return this.revokeOf(actor.userSeq, kind, id, doerOf(actor));
	}

	/** Takes anybody's back, at once and for good; throws `not-found`. */
	async revokeOf(userSeq: number, kind: CredentialKind, id: string, by: Doer): Promise<void> {
		const ended = await this.#ledger.write(revokeCredential, { id, kind, userSeq, by, now: this.#now() });
		for (const credentialId of ended) {
			this.#authenticator.forgetCredential(credentialId);
			this.#announcer.announce('account:ended', { userSeq, credentialId });
		}
	}

	#add(actor: Actor, credential: Omit<NewCredential, 'userSeq' | 'maker'>, now: number): Promise<number | null> {
		const maker = actor.via === 'session' ? null : actor.credentialId;
		return this.#ledger.write(addCredential, {
			credential: { ...credential, userSeq: actor.userSeq, maker },
			by: doerOf(actor),
			now,
		});
	}

	#requireScopes(actor: Actor, scopes: readonly TokenScope[] | null): void {
		const lacking = (scopes ?? TOKEN_SCOPES).find((scope) => !covers(actor.scopes, scope));
		if (lacking) throw new CodedError('insufficient-scope', `Your own token does not have the scope ${lacking}.`);
	}
}

const toInstant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
