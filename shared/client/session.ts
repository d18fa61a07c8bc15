import { z } from 'zod';
import { type Me, meSchema, passwordLinkViewSchema, sessionViewSchema } from '../protocol/account.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

/** Whether the first administrator is still to be made with the set-up link. */
export const isSetupNeeded = async (http: HttpClient, options: Signal = {}): Promise<boolean> =>
	(await http.json('GET', '/api/v1/setup', z.object({ needed: z.boolean() }), options)).needed;

/** Makes the first administrator; the token is the one in the set-up link. */
export const setUp = (http: HttpClient, first: { token: string; username: string; password: string }): Promise<void> =>
	http.call('POST', '/api/v1/setup', { body: first });

/** Whose link for choosing a password this is; throws `password-link-invalid`. */
export const readPasswordLink = (http: HttpClient, token: string, options: Signal = {}) =>
	http.json('POST', '/api/v1/password-links:read', passwordLinkViewSchema, { body: { token }, ...options });

/** Chooses a password by a link, which is then used up; answers whose it is. */
export const choosePassword = (http: HttpClient, choice: { token: string; password: string }) =>
	http.json('POST', '/api/v1/password-links:use', z.object({ username: z.string() }), { body: choice });
/** What is shown to sign in; the code once `second-factor-required` was answered. */
export interface SignIn {
	username: string;
	password: string;
	code?: string | undefined;
}

/** Signs in; a browser keeps the cookie. Throws `bad-credentials`, or `banned` with `retryAfter` after wrong tries. */
export const signIn = (http: HttpClient, who: SignIn): Promise<Me> =>
	http.json('POST', '/api/v1/session', meSchema, { body: who });

/** Signs in outside of a browser: answers with the cookie to send from now on. */
export const signInForCookie = async (http: HttpClient, who: SignIn): Promise<string> => {
	const response = await http.send('POST', '/api/v1/session', { body: who });
	await response.body?.cancel();
	return response.headers
		.getSetCookie()
		.map((cookie) => cookie.split(';')[0])
		.join('; ');
};

/** Ends what the client shows: the session of its cookie, or its token. */
export const signOut = (http: HttpClient, options: Pick<CallOptions, 'timeoutMs'> = {}): Promise<void> =>
	http.call('DELETE', '/api/v1/session', options);

/** Shows the password again, as `reauth-required` asks for. */
export const confirmSession = (http: HttpClient, shown: { password: string; code?: string | undefined }) =>
	http.call('POST', '/api/v1/session:confirm', { body: shown });

export const readMe = (http: HttpClient, options: Signal = {}): Promise<Me> =>
	http.json('GET', '/api/v1/me', meSchema, options);

/** Ends all other sessions of this person too. */
export const changePassword = (http: HttpClient, passwords: { current: string; new: string }): Promise<void> =>
	http.call('PUT', '/api/v1/me/password', { body: passwords, once: true });

/** Where this person is signed in. */
export const listSessions = (http: HttpClient, options: Signal = {}) =>
	http.json('GET', '/api/v1/sessions', listOf(sessionViewSchema), options);

export const endSession = (http: HttpClient, id: string): Promise<void> =>
	http.call('DELETE', `/api/v1/sessions/${encodeURIComponent(id)}`);

/** All but the one that asks. */
export const endOtherSessions = (http: HttpClient): Promise<void> => http.call('POST', '/api/v1/sessions:end-others');
