import type { z } from 'zod';
import {
	type DatasetChange,
	type DatasetGrants,
	datasetEntrySchema,
	datasetItemSchema,
	datasetSharesSchema,
	datasetVersionSchema,
	datasetViewSchema,
	type importDatasetSchema,
	type newDatasetSchema,
} from '../protocol/dataset.ts';
import { pageOf } from '../protocol/json.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import type { PageQuery } from './page.ts';

const PATH = '/api/v1/datasets';
const pathOf = (ref: string) => `${PATH}/${encodeURIComponent(ref)}`;
type Signal = Pick<CallOptions, 'signal'>;

export const listDatasets = (http: HttpClient, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', PATH, pageOf(datasetViewSchema), { query: { ...page }, ...options });

/** By name or id. */
export const readDataset = (http: HttpClient, ref: string, options: Signal = {}) =>
	http.json('GET', pathOf(ref), datasetViewSchema, options);

export const createDataset = (http: HttpClient, dataset: z.input<typeof newDatasetSchema>) =>
	http.json('POST', PATH, datasetViewSchema, { body: dataset });

/** From a directory of the coordinator's machine; administrators only. */
export const importDataset = (http: HttpClient, dataset: z.input<typeof importDatasetSchema>) =>
	http.json('POST', '/api/v1/admin/datasets', datasetViewSchema, { body: dataset });

export const publishDataset = (http: HttpClient, ref: string, from: { folder: string }, note = '') =>
	http.json('POST', `${pathOf(ref)}:publish`, datasetViewSchema, { body: { from, note } });

/** From a directory of the coordinator's machine; administrators only. */
export const importDatasetVersion = (http: HttpClient, ref: string, from: { directory: string }, note = '') =>
	http.json('POST', `/api/v1/admin/datasets/${encodeURIComponent(ref)}:publish`, datasetViewSchema, {
		body: { from, note },
	});

export const acceptDatasetLicence = (http: HttpClient, ref: string, licenceVersion: number) =>
	http.json('POST', `${pathOf(ref)}:accept`, datasetViewSchema, { body: { licenceVersion } });

export const listDatasetVersions = (http: HttpClient, ref: string, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', `${pathOf(ref)}/versions`, pageOf(datasetVersionSchema), { query: { ...page }, ...options });

export const listDatasetEntries = (
	http: HttpClient,
	ref: string,
	query: PageQuery & { version?: number; under?: string } = {},
	options: Signal = {},
) => http.json('GET', `${pathOf(ref)}/entries`, pageOf(datasetEntrySchema), { query: { ...query }, ...options });

/** What lies in a folder of a version itself, in the order of paths. */
export const listDatasetFolder = (
	http: HttpClient,
	ref: string,
	query: PageQuery & { version?: number; folder?: string } = {},
	options: Signal = {},
) => http.json('GET', `${pathOf(ref)}/folder`, pageOf(datasetItemSchema), { query: { ...query }, ...options });

/** The address of a dataset's file. */
export const datasetContentPath = (ref: string, path: string): string =>
	`${pathOf(ref)}/content/${path.split('/').map(encodeURIComponent).join('/')}`;

export const readDatasetGrants = (http: HttpClient, ref: string, options: Signal = {}) =>
	http.json('GET', `${pathOf(ref)}/grants`, datasetSharesSchema, options);

export const shareDataset = (http: HttpClient, ref: string, grants: DatasetGrants) =>
	http.json('PUT', `${pathOf(ref)}/grants`, datasetSharesSchema, { body: grants });

/** What is left out stays; another licence text must be accepted anew. */
export const changeDataset = (http: HttpClient, ref: string, change: DatasetChange, revision: number) =>
	http.json('PATCH', pathOf(ref), datasetViewSchema, { body: change, headers: { 'if-match': `"${revision}"` } });

/** `confirm`: its name once more. `force`: also while open tasks read it. */
export const deleteDataset = (
	http: HttpClient,
	ref: string,
	{ confirm, force = false }: { confirm: string; force?: boolean },
) => http.call('DELETE', pathOf(ref), { query: { confirm, force } });
