export const LINK_SCHEME = 'millrace';

/** Where a link such as `millrace://node/nod_…` leads within the console. */
const PLACES: Readonly<Record<string, (id: string) => string>> = {
	node: (id) => `/nodes/${id}`,
	task: (id) => `/tasks/${id}`,
};

/** An id of the API's: nothing that could lead anywhere else. */
const ID = /^\/([A-Za-z0-9][A-Za-z0-9_-]{0,63})\/?$/;

/** The screen that a link from outside means; null for everything that is not such a link. It only ever shows. */
export const routeOfLink = (link: string): string | null => {
	if (link.length > 200 || !URL.canParse(link)) return null;
	const { protocol, hostname, pathname, username, password, port, search, hash } = new URL(link);
	if (protocol !== `${LINK_SCHEME}:` || username + password + port + search + hash !== '') return null;
	const id = ID.exec(pathname)?.[1];
	return id === undefined || !Object.hasOwn(PLACES, hostname) ? null : (PLACES[hostname]?.(id) ?? null);
};

/** The one that a command line brings, which is how links come on Linux and Windows. */
export const linkIn = (argv: readonly string[]): string | null =>
	argv.find((argument) => argument.startsWith(`${LINK_SCHEME}://`)) ?? null;
