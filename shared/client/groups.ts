import {
	type GroupChange,
	groupDetailSchema,
	groupMemberSchema,
	groupViewSchema,
	type NewGroup,
} from '../protocol/group.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

const PATH = '/api/v1/admin/groups';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;
const memberOf = (id: string, user: string) => `${pathOf(id)}/members/${encodeURIComponent(user)}`;

export const listGroups = (http: HttpClient, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', PATH, listOf(groupViewSchema), { query: { ...page }, ...options });

export const readGroup = (http: HttpClient, id: string, options: Signal = {}) =>
	http.json('GET', pathOf(id), groupDetailSchema, options);

export const createGroup = (http: HttpClient, group: NewGroup) =>
	http.json('POST', PATH, groupViewSchema, { body: group });

/** What is left out stays; `ifVersion` must be there still. */
export const changeGroup = (http: HttpClient, id: string, change: GroupChange, ifVersion?: number) =>
	http.json('PATCH', pathOf(id), groupViewSchema, {
		body: change,
		...(ifVersion === undefined ? {} : { headers: { 'if-match': `"${ifVersion}"` } }),
	});

/** Its members leave it; no other group may lie in it. */
export const deleteGroup = (http: HttpClient, id: string): Promise<void> => http.call('DELETE', pathOf(id));

export const listGroupMembers = (http: HttpClient, id: string, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', `${pathOf(id)}/members`, listOf(groupMemberSchema), { query: { ...page }, ...options });

/** Those that somebody is in themselves. */
export const listGroupsOf = (http: HttpClient, user: string, options: Signal = {}) =>
	http.json('GET', `/api/v1/admin/users/${encodeURIComponent(user)}/groups`, listOf(groupViewSchema), options);

/** Whoever is in it already stays in it. */
export const addGroupMember = (http: HttpClient, id: string, user: string): Promise<void> =>
	http.call('PUT', memberOf(id, user));

export const removeGroupMember = (http: HttpClient, id: string, user: string): Promise<void> =>
	http.call('DELETE', memberOf(id, user));
