import type { CallOptions, HttpClient } from './http-client.ts';

type Signal = Pick<CallOptions, 'signal'>;

/** Where one's own export is, for links. */
export const OWN_EXPORT = '/api/v1/me/export';

const userPath = (id: string): string => `/api/v1/admin/users/${encodeURIComponent(id)}`;

/** Where somebody's export is, for links of administrators. */
export const exportTarget = (id: string): string => `${userPath(id)}/export`;

/** All that is kept about somebody as a zip: the body is it. `id` null: about oneself. */
export const exportPerson = (http: HttpClient, id: string | null, options: Signal = {}) =>
	http.send('GET', id === null ? OWN_EXPORT : exportTarget(id), { timeoutMs: 0, ...options });

/** Resolves when nothing is left; `confirm` is the name. */
export const deleteUser = (http: HttpClient, id: string, confirm: string, options: Signal = {}) =>
	http.call('DELETE', userPath(id), { query: { confirm }, timeoutMs: 0, ...options });
