import type { IncomingMessage } from 'node:http';
import { CodedError } from '../../../shared/coded-error.ts';
import type { ClientAddresses } from '../../accounts/client-address.ts';
import { isArea, type Place } from '../../drive/place.ts';
import { decodePath } from '../../files/safe-path.ts';

/** Where the drive is. */
export const DAV_PREFIX = '/dav';

/**
 * The place that a raw address means. It is decoded here, once and only once; one slash at the end is as good as none.
 * Throws `bad-path`, and `not-found` for what is outside of the drive's areas.
 */
export const readAddress = (address: string): Place => {
	// A name that was not encoded would be cut at them, and something else be meant.
	if (/[?#]/.test(address)) throw new CodedError('bad-path', 'Write ? in a name as %3F, and # as %23.');
	const below = address.slice(DAV_PREFIX.length);
	const [area, ...names] = decodePath(/[^/]\/$/.test(below) ? below.slice(0, -1) : below || '/');
	if (area === undefined) return { area: 'top' };
	if (isArea(area)) return { area, names };
	throw new CodedError('not-found', `There are only ${DAV_PREFIX}/files and ${DAV_PREFIX}/datasets.`);
};

/** The address of a place, path-absolute: it is right behind every proxy. Folders end in a slash. */
export const addressOf = (place: Place, isFolder: boolean): string => {
	if (place.area === 'top') return `${DAV_PREFIX}/`;
	const path = [place.area, ...place.names].map(encodeURIComponent).join('/');
	return `${DAV_PREFIX}/${path}${isFolder ? '/' : ''}`;
};

// Read by hand because URL would resolve dots and decode what must be decoded once.
const REFERENCE = /^(?:(https?):\/\/([^/?#@\\]+))?(\/[^\s\\]*)$/i;

/** Knows by which names this machine is asked, to tell whether an address in a header is one of ours. */
export class OwnHosts {
	readonly #addresses: Pick<ClientAddresses, 'isTrusted'>;
	readonly #configured: readonly string[];

	/** `origins`: of our own pages beside the host that is asked, such as the public address. */
	constructor(options: { addresses: Pick<ClientAddresses, 'isTrusted'>; origins: readonly string[] }) {
		this.#addresses = options.addresses;
		this.#configured = options.origins.map((origin) => new URL(origin).host);
	}

	/**
	 * The place that an address in a header means; null when it is on another machine, or not below the drive's address.
	 * Throws what `readAddress` throws.
	 */
	place(request: IncomingMessage, reference: string): Place | null {
		const match = REFERENCE.exec(reference.trim());
		if (!match) throw new CodedError('bad-request', 'An address in a header is neither a path nor a whole URL.');
		const [, scheme, host, path = ''] = match;
		if (host !== undefined && !this.#isOwn(request, scheme ?? 'http', host)) return null;
		const next = path[DAV_PREFIX.length];
		const isHere = path.startsWith(DAV_PREFIX) && (next === undefined || next === '/' || next === '?');
		return isHere ? readAddress(path) : null;
	}

	/** The scheme is not compared: who ends TLS before us may write either. */
	#isOwn(request: IncomingMessage, scheme: string, host: string): boolean {
		const { headers, socket } = request;
		const plain = (one: string): string | null => {
			const url = `${scheme.toLowerCase()}://${one.trim()}`;
			return URL.canParse(url) ? new URL(url).host : null;
		};
		const asked = plain(host);
		if (asked === null) return false;
		const known = [headers.host ?? '', ...this.#configured];
		if (this.#addresses.isTrusted(socket.remoteAddress ?? '')) {
			known.push(...String(headers['x-forwarded-host'] ?? '').split(','));
		}
		return known.some((one) => one !== '' && plain(one) === asked);
	}
}
