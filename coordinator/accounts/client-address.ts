import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { isLoopbackName } from '../../shared/loopback-name.ts';

/** What proxies say of whom they speak for; nginx says nothing of it by itself, Apache does. */
const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/** The peer's address without IPv6 clothes around an IPv4 address. */
const plain = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);

const isLoopback = (address: string): boolean => address === '::1' || (isIPv4(address) && address.startsWith('127.'));

/**
 * Says from where a request came. What `X-Forwarded-*` says is believed only from the proxies that are listed, so nobody
 * can take on another address.
 */
export class ClientAddresses {
	readonly #trusted = new BlockList();
	readonly #isEmpty: boolean;

	/** Addresses or networks (`10.0.0.0/8`) of proxies. Throws RangeError for what is neither. */
	constructor(trustedProxies: readonly string[]) {
		this.#isEmpty = trustedProxies.length === 0;
		for (const entry of trustedProxies) {
			const [address = '', bits] = entry.split('/');
			const family = isIPv4(address) ? 'ipv4' : 'ipv6';
			const most = family === 'ipv4' ? 32 : 128;
			const prefix = bits === undefined ? most : Number(bits);
			if (isIP(address) === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > most) {
				throw new RangeError(`${entry} is neither an address nor a network of a proxy`);
			}
			this.#trusted.addSubnet(address, prefix, family);
		}
	}

	isTrusted(address: string): boolean {
		if (this.#isEmpty) return false;
		const peer = plain(address);
		return isIP(peer) !== 0 && this.#trusted.check(peer, isIPv4(peer) ? 'ipv4' : 'ipv6');
	}

	/** The nearest address that is not one of our proxies'. */
	of(request: IncomingMessage): string {
		const peer = plain(request.socket.remoteAddress ?? '');
		if (this.#isEmpty || !this.isTrusted(peer)) return peer;
		const hops = String(request.headers['x-forwarded-for'] ?? '').split(',');
		let nearest = peer;
		for (const hop of hops.reverse()) {
			const address = plain(hop.trim());
			if (isIP(address) === 0) break;
			nearest = address;
			if (!this.isTrusted(address)) break;
		}
		return nearest;
	}

	/** Whether a program of this very machine asks, and no proxy for somebody else: nothing of it is on a wire. */
	isFromHere(request: IncomingMessage): boolean {
		const peer = plain(request.socket.remoteAddress ?? '');
		if (!isLoopback(peer) || this.isTrusted(peer)) return false;
		if (FORWARDED.some((name) => request.headers[name] !== undefined)) return false;
		// A proxy that says nothing of itself mostly passes on the name that its client called.
		const asked = `http://${request.headers.host}`;
		return URL.canParse(asked) && isLoopbackName(new URL(asked).hostname);
	}

	/** Whether the person's browser speaks TLS, to us or to a proxy of ours. */
	isSecure(request: IncomingMessage): boolean {
		if ('encrypted' in request.socket && request.socket.encrypted === true) return true;
		if (!this.isTrusted(request.socket.remoteAddress ?? '')) return false;
		return (
			String(request.headers['x-forwarded-proto'] ?? '')
				.split(',')
				.at(-1)!
				.trim()
				.toLowerCase() === 'https'
		);
	}
}
