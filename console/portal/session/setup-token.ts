/** The token of a set-up link: `/setup#<token>`, `/setup#token=<token>` or `/setup?token=<token>`; null without one. */
export const setupTokenOf = (location: Pick<Location, 'hash' | 'search'>): string | null => {
	const hash = location.hash.slice(1);
	const named = new URLSearchParams(hash).get('token') ?? new URLSearchParams(location.search).get('token');
	if (named !== null && named !== '') return named;
	return hash === '' || hash.includes('=') ? null : decodeURIComponent(hash);
};
