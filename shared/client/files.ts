import { type FileDetail, fileDetailSchema, fileVersionSchema, folderEntrySchema } from '../protocol/file.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;
const pathOf = (id: string) => `/api/v1/files/${encodeURIComponent(id)}`;

/** One page of a folder: folders first, then files, each by name. */
export const listFolder = (http: HttpClient, folder: string, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', '/api/v1/files', listOf(folderEntrySchema), { query: { folder, ...page }, ...options });

/** One page of what was put into the trash. */
export const listTrash = (http: HttpClient, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', '/api/v1/files', listOf(folderEntrySchema), { query: { trash: true, ...page }, ...options });

export const readFile = (http: HttpClient, id: string, options: Signal = {}): Promise<FileDetail> =>
	http.json('GET', pathOf(id), fileDetailSchema, options);

/** One page of a file’s versions, the newest first. */
export const listVersions = (http: HttpClient, id: string, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', `${pathOf(id)}/versions`, listOf(fileVersionSchema), { query: { ...page }, ...options });

/** Puts the file into the trash, from where it can be restored. */
export const trashFile = (http: HttpClient, id: string): Promise<void> => http.call('DELETE', pathOf(id));

/** Destroys the file for good, whether it is in the trash or not. */
export const destroyFile = (http: HttpClient, id: string): Promise<void> =>
	http.call('DELETE', pathOf(id), { query: { forever: true } });

export const restoreFile = (http: HttpClient, id: string): Promise<void> => http.call('POST', `${pathOf(id)}:restore`);

/** Moves or renames the file to this whole path. */
export const moveFile = (http: HttpClient, id: string, path: string): Promise<void> =>
	http.call('POST', `${pathOf(id)}:move`, { body: { path } });

/** Where the bytes of one version are; the newest unless told. */
export const fileContentUrl = (http: HttpClient, id: string, version?: number): string =>
	http.urlOf(`${pathOf(id)}/content`, { version });

export const thumbnailUrl = (http: HttpClient, id: string): string => http.urlOf(`${pathOf(id)}/thumbnail`);
