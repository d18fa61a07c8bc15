import type { Socket } from 'socket.io';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { ClientAddresses } from '../../accounts/client-address.ts';
import { isOwnOrigin } from '../../accounts/own-page.ts';
import { sessionSecretOf } from '../../accounts/session-cookie.ts';

const LONGEST_TOKEN = 512;

/** Who opened a socket, and how to ask again later whether that still holds. */
export interface Opener {
	actor: Actor;
	/** Null when it is nobody any more. */
	askAgain(): Promise<Actor | null>;
}

/** Says who opens this socket, by an API token or by the session's cookie. Throws the code that the client is told. */
export const greet = async (
	socket: Socket,
	parts: {
		authenticator: Accounts['authenticator'];
		addresses: ClientAddresses;
		/** Origins of our own pages beside the host that is asked. */
		origins: readonly string[];
	},
): Promise<Opener> => {
	const { authenticator, addresses, origins } = parts;
	const { headers, auth } = socket.handshake;
	// A browser names the page that opens a socket, and any page may try: no same-origin policy holds it back.
	if (headers.origin !== undefined && !isOwnOrigin(headers.origin, headers.host, origins)) {
		throw new CodedError('cross-site');
	}
	const address = addresses.of(socket.request);
	const { token } = auth as { token?: unknown };
	const secret = token === undefined ? sessionSecretOf(headers.cookie, addresses.isSecure(socket.request)) : null;
	const ask = async (again: boolean): Promise<Actor | null> => {
		if (typeof token === 'string' && token.length <= LONGEST_TOKEN) return authenticator.token(token, address, again);
		const person = secret === null ? null : await authenticator.session(secret, address, again);
		// Somebody who must set up a second factor first sees nothing before.
		return person?.session?.mustEnrol ? null : person;
	};
	const actor = await ask(false);
	if (!actor) throw new CodedError('unauthenticated');
	return { actor, askAgain: () => ask(true) };
};
