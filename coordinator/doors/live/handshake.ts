import { BlockList, isIP } from 'node:net';
import type { Socket } from 'socket.io';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Actor } from '../../accounts/actor.ts';

const COOKIE = /(?:^|;\s*)(?:__Host-)?millrace=([A-Za-z0-9_-]{1,200})(?:;|$)/;

/** Where a socket comes from: the peer, or what a trusted proxy says about it. */
const addressOf = (socket: Socket, trustedProxies: readonly string[]): string => {
	const peer = socket.handshake.address.replace(/^::ffff:/, '');
	const forwarded = socket.handshake.headers['x-forwarded-for'];
	if (typeof forwarded !== 'string' || !isTrusted(peer, trustedProxies)) return peer;
	return forwarded.split(',').at(-1)?.trim() || peer;
};

const isTrusted = (address: string, trusted: readonly string[]): boolean => {
	const version = isIP(address);
	if (version === 0) return false;
	const list = new BlockList();
	for (const entry of trusted) {
		const [network = '', bits] = entry.split('/');
		const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
		if (isIP(network) === 0) continue;
		if (bits === undefined) list.addAddress(network, family);
		else list.addSubnet(network, Number(bits), family);
	}
	return list.check(address, version === 6 ? 'ipv6' : 'ipv4');
};

/** A browser names the page that opens a socket: it must be one of ours. Programs name none. */
const requireOwnOrigin = (socket: Socket, origins: readonly string[]): void => {
	const { origin, host } = socket.handshake.headers;
	if (origin === undefined || origins.includes(origin)) return;
	let from: string | null = null;
	try {
		from = new URL(origin).host;
	} catch {
		// Not an origin at all, such as `null` of a sandboxed page.
	}
	if (from !== host) throw new CodedError('cross-site');
};

/** Who opens this socket, and how to ask again later. Throws the code that the client is told. */
export const handshakeActor = async (
	socket: Socket,
	options: { accounts: Accounts; trustedProxies: readonly string[]; origins: readonly string[] },
): Promise<{ actor: Actor; reAsk: () => Promise<Actor | null> }> => {
	const { accounts, trustedProxies, origins } = options;
	requireOwnOrigin(socket, origins);
	const address = addressOf(socket, trustedProxies);
	accounts.defender.check(address);
	const { token } = socket.handshake.auth as { token?: unknown };
	const cookie = COOKIE.exec(socket.handshake.headers.cookie ?? '')?.[1];
	const reAsk = async (): Promise<Actor | null> => {
		if (typeof token === 'string') return accounts.authenticator.token(token, address);
		return cookie === undefined ? null : accounts.authenticator.session(cookie, address);
	};
	const actor = await reAsk();
	if (!actor) throw new CodedError('unauthenticated');
	return { actor, reAsk };
};
