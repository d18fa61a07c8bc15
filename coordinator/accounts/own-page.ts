import type { IncomingHttpHeaders } from 'node:http';
import { CodedError } from '../../shared/coded-error.ts';

/** Whether a page of this origin is ours: the host that was asked is the page's own, or it is one of those configured. */
export const isOwnOrigin = (origin: string, host: string | undefined, allowed: readonly string[] = []): boolean => {
	const url = URL.canParse(origin) ? new URL(origin) : null;
	return url !== null && ((host !== undefined && url.host === hostIn(url, host)) || allowed.includes(url.origin));
};

/** The host as the URL would write it: without the scheme's own port, in lower case. */
const hostIn = (url: URL, host: string): string | null => {
	const same = `${url.protocol}//${host}`;
	return URL.canParse(same) ? new URL(same).host : null;
};

/** Throws `cross-site` when a browser says that another site's page made the request. */
export const refuseCrossSite = (headers: IncomingHttpHeaders, allowed: readonly string[] = []): void => {
	const site = headers['sec-fetch-site'];
	if (site === 'same-origin' || site === 'none') return;
	const { origin } = headers;
	if (origin !== undefined && isOwnOrigin(origin, headers.host, allowed)) return;
	if (site !== undefined || origin !== undefined) throw new CodedError('cross-site');
};

/**
 * Throws `cross-site` unless a write that came with a cookie was made by our own page: a browser adds cookies by itself,
 * but neither this header (no form and no simple request can carry it) nor a same-origin mark to another site's request.
 */
export const requireOwnPage = (headers: IncomingHttpHeaders, allowed: readonly string[] = []): void => {
	refuseCrossSite(headers, allowed);
	if (headers['sec-fetch-site'] === 'same-origin' || headers['x-millrace-request'] !== undefined) return;
	throw new CodedError('cross-site', 'Writes by cookie need the header X-Millrace-Request.');
};
