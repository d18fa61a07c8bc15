/** Browsers take a cookie of this name only with Secure and from the host itself: no neighbour can plant one. */
const GUARDED = '__Host-millrace';
/** Over plain HTTP from another machine browsers refuse Secure cookies. Never used, and never believed, with TLS. */
const UNGUARDED = 'millrace';

/** How a request came: whether by TLS (here or at a trusted proxy), and the host name that the browser knows us by. */
export interface CameBy {
	tls: boolean;
	host: string;
}

/** The session's secret in a Cookie header; null when there is none. */
export const sessionSecretOf = (header: string | undefined, tls: boolean): string | null => {
	const values = new Map<string, string>();
	for (const pair of (header ?? '').split(';')) {
		const [name = '', value = ''] = pair.split('=', 2);
		values.set(name.trim(), value.trim());
	}
	return values.get(GUARDED) ?? (tls ? undefined : values.get(UNGUARDED)) ?? null;
};

/** The Set-Cookie header that a sign-in answers with. */
export const sessionCookie = (secret: string, by: CameBy, maxAgeMs: number): string =>
	setCookie(secret, by, Math.floor(maxAgeMs / 1_000));

/** The Set-Cookie header that takes the session's cookie away. */
export const noSessionCookie = (by: CameBy): string => setCookie('', by, 0);

const setCookie = (value: string, { tls, host }: CameBy, maxAge: number): string => {
	const isGuarded = tls || isLoopbackName(host);
	const name = isGuarded ? GUARDED : UNGUARDED;
	return `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${isGuarded ? '; Secure' : ''}`;
};

/** Hosts for which browsers take Secure cookies over plain HTTP. */
const isLoopbackName = (host: string): boolean =>
	/^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host.replace(/:\d+$/, ''));
