import { type FolderView, folderSchema } from '../protocol/file.ts';
import type { HttpClient } from './http-client.ts';

const pathOf = (id: string) => `/api/v1/folders/${encodeURIComponent(id)}`;

/** Makes a folder, and those above it that are missing. */
export const createFolder = (http: HttpClient, path: string): Promise<FolderView> =>
	http.json('POST', '/api/v1/folders', folderSchema, { body: { path } });

/** Puts the folder with all that is in it into the trash. */
export const trashFolder = (http: HttpClient, id: string): Promise<void> => http.call('DELETE', pathOf(id));

/** Destroys the folder with all that is in it for good. */
export const destroyFolder = (http: HttpClient, id: string): Promise<void> =>
	http.call('DELETE', pathOf(id), { query: { forever: true } });

export const restoreFolder = (http: HttpClient, id: string): Promise<void> =>
	http.call('POST', `${pathOf(id)}:restore`);

/** Moves or renames the folder to this whole path. */
export const moveFolder = (http: HttpClient, id: string, path: string): Promise<void> =>
	http.call('POST', `${pathOf(id)}:move`, { body: { path } });
