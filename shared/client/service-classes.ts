import { classChoiceSchema, effectivePolicySchema } from '../protocol/policy.ts';
import {
	type ServiceClassInput,
	serviceClassVersionSchema,
	serviceClassViewSchema,
} from '../protocol/service-class.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

/** Which version must be there for a change, and why it is made. */
export interface ClassChangeOptions {
	/** 0: there must be none of that name yet. */
	ifVersion?: number;
	reason?: string;
}

const PATH = '/api/v1/admin/service-classes';
const pathOf = (name: string) => `${PATH}/${encodeURIComponent(name)}`;
const matching = (version: number | undefined): Pick<CallOptions, 'headers'> =>
	version === undefined ? {} : { headers: version === 0 ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` } };

export const listServiceClasses = (http: HttpClient, options: Signal = {}) =>
	http.json('GET', PATH, listOf(serviceClassViewSchema), options);

export const readServiceClass = (http: HttpClient, name: string, options: Signal = {}) =>
	http.json('GET', pathOf(name), serviceClassViewSchema, options);

/** Makes it or replaces all its settings; what is left out is plain. */
export const putServiceClass = (
	http: HttpClient,
	name: string,
	settings: ServiceClassInput,
	{ ifVersion, reason }: ClassChangeOptions = {},
) =>
	http.json('PUT', pathOf(name), serviceClassViewSchema, {
		body: settings,
		query: { reason },
		...matching(ifVersion),
	});

/** Newest first; also those of a class that was deleted. */
export const listServiceClassVersions = (http: HttpClient, name: string, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', `${pathOf(name)}/versions`, listOf(serviceClassVersionSchema), { query: { ...page }, ...options });

/** The settings of an earlier version become the newest one. */
export const rollBackServiceClass = (
	http: HttpClient,
	name: string,
	version: number,
	{ ifVersion, reason }: ClassChangeOptions = {},
) =>
	http.json('POST', `${pathOf(name)}:roll-back`, serviceClassViewSchema, {
		body: { version, ...(reason === undefined ? {} : { reason }) },
		...matching(ifVersion),
	});

export const deleteServiceClass = (
	http: HttpClient,
	name: string,
	{ ifVersion, reason }: ClassChangeOptions = {},
): Promise<void> => http.call('DELETE', pathOf(name), { query: { reason }, ...matching(ifVersion) });

/** What counts for a person now, by the person's id. */
export const readUserPolicy = (http: HttpClient, user: string, options: Signal = {}) =>
	http.json('GET', `/api/v1/admin/users/${encodeURIComponent(user)}/policy`, effectivePolicySchema, options);

/** What counts for whoever asks. */
export const readOwnPolicy = (http: HttpClient, options: Signal = {}) =>
	http.json('GET', '/api/v1/me/policy', effectivePolicySchema, options);

/** The classes that whoever asks may name for a task now, the own one first. */
export const listClassChoices = (http: HttpClient, options: Signal = {}) =>
	http.json('GET', '/api/v1/me/service-classes', listOf(classChoiceSchema), options);

export const readTaskPolicy = (http: HttpClient, task: string, options: Signal = {}) =>
	http.json('GET', `/api/v1/tasks/${encodeURIComponent(task)}/policy`, effectivePolicySchema, options);
