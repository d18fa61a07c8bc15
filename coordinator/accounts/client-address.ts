import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';

/** The peer's address without IPv6 clothes around an IPv4 address. */
const plain = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);

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
