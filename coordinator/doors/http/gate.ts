import type { IncomingMessage } from 'node:http';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { ClientAddresses } from '../../accounts/client-address.ts';
import { refuseCrossSite, requireOwnPage } from '../../accounts/own-page.ts';
import { requireForSome } from '../../accounts/permissions.ts';
import { sessionSecretOf } from '../../accounts/session-cookie.ts';
import { requireEnrolled, requireFresh, requireSession } from '../../accounts/session-worth.ts';
import { readBasic } from './basic-credentials.ts';
import { NetworkRates, type Rate } from './network-rates.ts';
import type { Standing } from './open-bodies.ts';
import type { Access, AnyRoute, MountAccess } from './route.ts';

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

const NEEDED = 'Give your user name and an app password; make one in the portal under Files, Open as network drive.';
const WRONG =
	'The user name or the app password is wrong, or it was taken back. Your account’s own password does not work here; make an app password in the portal under Files, Open as network drive.';

/** `origins`: of our own pages; one that is encrypted is named. */
const insecure = (origins: readonly string[]): CodedError => {
	const known = origins.find((origin) => origin.startsWith('https:'));
	const way = known
		? `Use the address that begins with ${known}/ instead.`
		: 'Use the https:// address, or ask your administrator for one.';
	return new CodedError('insecure-transport', `The password would go over the network for everybody to read. ${way}`);
};

/** Who asks, and from where. */
export interface Caller {
	actor: Actor | null;
	address: string;
	/** What the authenticator knew by then. */
	epoch: number;
}

type Asked = Pick<AnyRoute, 'access' | 'whileEnrolling' | 'sessionOnly'>;

const requireAccess = (actor: Actor | null, { access, whileEnrolling, sessionOnly }: Asked): void => {
	if (typeof access === 'string') return;
	if (!actor) throw new CodedError('unauthenticated');
	if (!whileEnrolling) requireEnrolled(actor);
	requireForSome(actor, access.verb, access.kind);
	if (sessionOnly) requireSession(actor, access);
};

/** Decides who comes in: who is asking, by what proof, and whether that could ever be allowed what is asked. */
export class Gate {
	readonly #authenticator: Accounts['authenticator'];
	readonly #addresses: ClientAddresses;
	readonly #origins: readonly string[];
	readonly #allowPlainBasic: boolean;
	readonly #requests: NetworkRates;
	readonly #signIns: NetworkRates;
	readonly #now: () => number;

	constructor(options: {
		accounts: Pick<Accounts, 'authenticator'>;
		addresses: ClientAddresses;
		/** Origins of our own pages beside the host that is asked. */
		origins: readonly string[];
		rates: StrangerRates;
		/** Whether passwords are taken over plain HTTP from other machines too. */
		allowPlainBasic: boolean;
		now: () => number;
	}) {
		this.#authenticator = options.accounts.authenticator;
		this.#addresses = options.addresses;
		this.#origins = options.origins;
		this.#allowPlainBasic = options.allowPlainBasic;
		this.#requests = new NetworkRates(options.rates.requests);
		this.#signIns = new NetworkRates(options.rates.signIns);
		this.#now = options.now;
	}

	/** Throws the refusal. Nothing of the body has been read by then: who may never do this need not send it. */
	async admit(
		request: IncomingMessage,
		access: Access,
		route: Pick<AnyRoute, 'isSignIn' | 'whileEnrolling' | 'sessionOnly'> = {},
	): Promise<Caller> {
		const address = this.#addresses.of(request);
		const { epoch } = this.#authenticator;
		// Agents show the token of an attempt; the handler knows the attempts, and no person is asking.
		if (access === 'attempt') return { actor: null, address, epoch };
		const actor = await this.#identify(request, address);
		const { isSignIn } = route;
		if (isSignIn) this.#signIns.take(address);
		if (!actor) {
			if (!isSignIn) this.#requests.take(address);
		}
		requireAccess(actor, { ...route, access });
		return { actor, address, epoch };
	}

	/**
	 * Who it is once all that they say was read, for they may say it slowly: whoever was shut out or given another role
	 * meanwhile is what they are now. Costs nothing as long as nothing of anybody has changed.
	 */
	recheck(
		request: IncomingMessage,
		{ actor, address, epoch }: Caller,
		route: Asked,
	): Actor | null | Promise<Actor | null> {
		if (actor === null || epoch === this.#authenticator.epoch) return actor;
		return this.#identify(request, address, true).then((now) => {
			requireAccess(now, route);
			return now;
		});
	}

	/** What tells later whether whoever was admitted here may still go on; it throws the refusal if not. */
	standing(request: IncomingMessage, caller: Caller & { actor: Actor }, asked: Asked & { scheme?: 'basic' }): Standing {
		const { actor, address, epoch } = caller;
		const isCurrent = () => epoch === this.#authenticator.epoch;
		return {
			...{ actor, isCurrent },
			askAgain: async () => {
				const ask = asked.scheme === 'basic' ? this.#identifyBasic : this.#identify;
				requireAccess(await ask.call(this, request, address, true), asked);
			},
		};
	}

	/** Throws where what is asked for needs another right besides, or (`reauth-required`) a password that was shown lately. */
	checkAsked(route: Pick<AnyRoute, 'alsoNeeds' | 'fresh'>, actor: Actor | null, body: unknown): void {
		if (!actor) return;
		const { alsoNeeds, fresh } = route;
		const needed = alsoNeeds?.(body) ?? null;
		if (needed !== null) requireForSome(actor, needed.verb, needed.kind);
		if (fresh === true || fresh?.(body)) requireFresh(actor, this.#now());
	}

	/**
	 * The same for programs that show a name and an app password with each request; no session and no token counts here.
	 * A browser that keeps the password sends it with other sites' requests too: what changes something is refused then.
	 */
	async admitBasic(request: IncomingMessage, access: MountAccess): Promise<Caller & { actor: Actor }> {
		const address = this.#addresses.of(request);
		const { epoch } = this.#authenticator;
		// Before anything else: whoever is asked for a password would send it in the clear the next time.
		if (!this.#allowPlainBasic && !this.#addresses.isSecure(request) && !this.#addresses.isFromHere(request)) {
			this.#requests.take(address);
			throw insecure(this.#origins);
		}
		if (access.verb !== 'read') refuseCrossSite(request.headers, this.#origins);
		const actor = await this.#identifyBasic(request, address);
		if (!actor) {
			this.#requests.take(address);
			throw new CodedError('unauthenticated', readBasic(request.headers.authorization ?? '') ? WRONG : NEEDED);
		}
		requireForSome(actor, access.verb, access.kind);
		return { actor, address, epoch };
	}

	async #identifyBasic(request: IncomingMessage, address: string, again = false): Promise<Actor | null> {
		const shown = readBasic(request.headers.authorization ?? '');
		return shown && this.#authenticator.appPassword(shown.username, shown.password, address, again);
	}

	async #identify(request: IncomingMessage, address: string, again = false): Promise<Actor | null> {
		const { headers, method } = request;
		if (headers.authorization !== undefined) {
			const token = BEARER.exec(headers.authorization)?.[1];
			return token === undefined ? null : this.#authenticator.token(token, address, again);
		}
		// Everything below a browser may have been talked into by another site's page.
		const isWrite = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
		if (isWrite) refuseCrossSite(headers, this.#origins);
		if (headers.cookie === undefined) return null;
		const secret = sessionSecretOf(headers.cookie, this.#addresses.isSecure(request));
		if (secret === null) return null;
		const actor = await this.#authenticator.session(secret, address, again);
		if (actor && isWrite) requireOwnPage(headers, this.#origins);
		return actor;
	}
}
