import { isIP } from 'node:net';
import { CodedError } from '../coded-error.ts';
import { isPublicAddress } from './address-rules.ts';

const LONGEST_URL = 4096;
/** Names that mean something within a machine or a network only. */
const PRIVATE_NAME = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home\.arpa)$/;

/** What may be asked beside public addresses, by the operator's word: `host:port`, as `normalEgressAllow` writes it. */
export type EgressAllow = readonly string[];

export const refused = (what: string, why: string): CodedError =>
	new CodedError('address-refused', `${what} may not be asked: ${why}.`);

const withoutDot = (host: string): string => host.replace(/\.+$/, '');
/** A host as a URL has it, without the brackets of IPv6. */
const bare = (host: string): string => (host.startsWith('[') ? host.slice(1, -1) : host);

const portOf = ({ protocol, port }: URL): string => port || (protocol === 'https:' ? '443' : '80');

/** `host:port` of what the operator wrote, in the one spelling that is compared; null when it is not that. */
export const normalEgressAllow = (text: string): string | null => {
	const port = /:(\d{1,5})$/.exec(text)?.[1];
	if (port === undefined || Number(port) < 1 || Number(port) > 65_535 || /[/@?#\\\s]/.test(text)) return null;
	try {
		const { hostname } = new URL(`http://${text}`);
		return hostname === '' ? null : `${withoutDot(hostname)}:${Number(port)}`;
	} catch {
		return null;
	}
};

/** Whether the operator has allowed it, whatever its address, port and protocol. */
export const isAllowedUrl = (url: URL, allow: EgressAllow): boolean =>
	allow.includes(`${withoutDot(url.hostname)}:${portOf(url)}`);

/**
 * Reads a URL that somebody else wrote, and refuses what must not be asked: this is everything that can be said before
 * its name is looked up. `new URL` has turned every spelling of an IPv4 address into the plain one by then.
 */
export const checkUrl = (text: string, rules: { allow: EgressAllow; http: boolean; program?: 'coordinator' }): URL => {
	const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
	if (text.length > LONGEST_URL) throw refused(shown, `it is longer than ${LONGEST_URL} characters`);
	let url: URL;
	try {
		url = new URL(text);
	} catch {
		throw refused(shown, 'it is not a URL');
	}
	if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused(shown, 'only https:// is');
	if (url.username !== '' || url.password !== '') throw refused(url.host, 'a URL must not hold a name or a password');
	const host = withoutDot(url.hostname);
	if (host === '') throw refused(shown, 'it names no host');
	url.hostname = host;
	if (isAllowedUrl(url, rules.allow)) return url;
	const option = `--egress-allow ${host}:${portOf(url)}`;
	const how = rules.program
		? `Whoever runs the ${rules.program} can allow it by starting it anew: ${rules.program} start ${option}`
		: `Its operator can allow it: ${option}`;
	const allowable = (why: string) => refused(url.origin, `${why}. ${how}`);
	if (url.protocol === 'http:' && !rules.http) throw allowable('only https:// is');
	if (url.port !== '') throw allowable('only the usual port of its protocol is');
	if (isIP(bare(host)) !== 0 && !isPublicAddress(bare(host))) throw allowable('its address is not public');
	if (PRIVATE_NAME.test(host)) throw allowable('its name is not a public one');
	return url;
};
