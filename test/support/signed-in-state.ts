import { sessionCookies } from './api.ts';
import type { RunningCoordinator } from './start-coordinator.ts';

/** What a browser keeps of somebody who has signed in: a fresh one each time, for tests end sessions. */
export const signedInState = async (
	{ url, administrator }: Pick<RunningCoordinator, 'url' | 'administrator'>,
	origin: string,
) => ({
	cookies: (await sessionCookies(url, administrator)).map(({ name, value }) => ({
		...{ name, value, domain: '127.0.0.1', path: '/', expires: -1 },
		...{ httpOnly: true, secure: true, sameSite: 'Lax' as const },
	})),
	origins: [{ origin, localStorage: [{ name: 'millrace-signed-in', value: '1' }] }],
});
