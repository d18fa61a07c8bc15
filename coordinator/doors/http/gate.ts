import type { IncomingMessage } from 'node:http';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { ClientAddresses } from '../../accounts/client-address.ts';
import { refuseCrossSite, requireOwnPage } from '../../accounts/own-page.ts';
import { requireForSome } from '../../accounts/permissions.ts';
import { sessionSecretOf } from '../../accounts/session-cookie.ts';
import { NetworkRates, type Rate } from './network-rates.ts';
import type { Access } from './route.ts';

const BEARER = /^Bearer +([\w.~+/=-]{1,512})$/i;

/** Requests without a sign-in, and tries to get one, that one network may make. */
export interface StrangerRates {
	requests: Rate;
	signIns: Rate;
}
export const STRANGER_RATES: StrangerRates = {
	requests: { perSecond: 50, burst: 1_000 },
	signIns: { perSecond: 1, burst: 60 },
};

/** Who asks, and from where. */
export interface Caller {
	actor: Actor | null;
	address: string;
}

/** Decides who comes in: who is asking, by what proof, and whether that could ever be allowed what is asked. */
export class Gate {
	readonly #authenticator: Accounts['authenticator'];
	readonly #addresses: ClientAddresses;
	readonly #origins: readonly string[];
	readonly #requests: NetworkRates;
	readonly #signIns: NetworkRates;

	constructor(options: {
		accounts: Pick<Accounts, 'authenticator'>;
		addresses: ClientAddresses;
		/** Origins of our own pages beside the host that is asked. */
		origins: readonly string[];
		rates: StrangerRates;
	}) {
		this.#authenticator = options.accounts.authenticator;
		this.#addresses = options.addresses;
		this.#origins = options.origins;
		this.#requests = new NetworkRates(options.rates.requests);
		this.#signIns = new NetworkRates(options.rates.signIns);
	}

	/** Throws the refusal. Nothing of the body has been read by then: who may never do this need not send it. */
	async admit(request: IncomingMessage, access: Access, isSignIn: boolean): Promise<Caller> {
		const address = this.#addresses.of(request);
		// Agents show the token of an attempt; the handler knows the attempts, and no person is asking.
		if (access === 'attempt') return { actor: null, address };
		const actor = await this.#identify(request, address);
		if (isSignIn) this.#signIns.take(address);
		if (!actor) {
			if (!isSignIn) this.#requests.take(address);
			if (access !== 'public') throw new CodedError('unauthenticated');
		} else if (typeof access === 'object') requireForSome(actor, access.verb, access.kind);
		return { actor, address };
	}

	async #identify(request: IncomingMessage, address: string): Promise<Actor | null> {
		const { headers, method } = request;
		if (headers.authorization !== undefined) {
			const token = BEARER.exec(headers.authorization)?.[1];
			return token === undefined ? null : this.#authenticator.token(token, address);
		}
		// Everything below a browser may have been talked into by another site's page.
		const isWrite = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
		if (isWrite) refuseCrossSite(headers, this.#origins);
		if (headers.cookie === undefined) return null;
		const secret = sessionSecretOf(headers.cookie, this.#addresses.isSecure(request));
		if (secret === null) return null;
		const actor = await this.#authenticator.session(secret, address);
		if (actor && isWrite) requireOwnPage(headers, this.#origins);
		return actor;
	}
}
