import { banViewSchema } from '../protocol/account.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf } from './page.ts';

const PATH = '/api/v1/admin/bans';

/** Addresses that may not try to sign in for a while. */
export const listBans = async (http: HttpClient, options: Pick<CallOptions, 'signal'> = {}) =>
	(await http.json('GET', PATH, listOf(banViewSchema), options)).items;

export const liftBan = (http: HttpClient, address: string): Promise<void> =>
	http.call('DELETE', `${PATH}/${encodeURIComponent(address)}`);
