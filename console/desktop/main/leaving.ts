import { isLoopbackName } from '../../../shared/loopback-name.ts';
import type { Profile } from '../../bridge.ts';
import { isOwnUrl, PAGE_PATH } from './address.ts';

/** deny: nothing happens · outside: the default browser opens it · save: it is downloaded, and shown nowhere */
export type Leaving = { kind: 'deny' } | { kind: 'outside'; url: string } | { kind: 'save'; url: string };

const DENY: Leaving = { kind: 'deny' };

/** The default browser is given addresses of the current coordinator only: encrypted, or of this very machine. */
export const mayOpenOutside = (url: string, current: Profile | null): boolean => {
	if (current === null || !URL.canParse(url)) return false;
	const { protocol, hostname, origin, username, password } = new URL(url);
	if (username + password !== '' || origin !== new URL(current.url).origin) return false;
	return protocol === 'https:' || (protocol === 'http:' && isLoopbackName(hostname));
};

/** What becomes of a link that leads out of the page. */
export const leave = (target: string, current: Profile | null): Leaving => {
	if (!isOwnUrl(target)) return mayOpenOutside(target, current) ? { kind: 'outside', url: target } : DENY;
	const { pathname, search, hash } = new URL(target);
	if (current === null || pathname.startsWith(PAGE_PATH)) return DENY;
	if (pathname.startsWith('/api/v1/')) return { kind: 'save', url: target };
	// The portal and the API's pages are the coordinator's own.
	const url = current.url + pathname + search + hash;
	return mayOpenOutside(url, current) ? { kind: 'outside', url } : DENY;
};
