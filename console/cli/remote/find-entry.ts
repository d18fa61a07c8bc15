import { listFolder } from '../../../shared/client/files.ts';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { eachItem } from '../../../shared/client/page.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { FolderEntry } from '../../../shared/protocol/file.ts';
import { nameOf, parentOf } from './remote-path.ts';

const PAGE = 1_000;

/** Everything in a folder, page after page: folders first, then files, each by name. */
export const eachEntry = (http: HttpClient, folder: string, signal: AbortSignal): AsyncGenerator<FolderEntry> =>
	eachItem((cursor) =>
		listFolder(http, folder, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
	);

/** What is at a path other than `/`; null when nothing is. */
export const findEntry = async (http: HttpClient, path: string, signal: AbortSignal): Promise<FolderEntry | null> => {
	const name = nameOf(path);
	try {
		for await (const entry of eachEntry(http, parentOf(path), signal)) if (entry.name === name) return entry;
	} catch (error) {
		if (!isNothingThere(error)) throw error;
	}
	return null;
};

/** Whether an error means that nothing is at a path, or that a part of it is a file. */
export const isNothingThere = (error: unknown): boolean =>
	error instanceof CodedError && (error.code === 'not-found' || error.code === 'not-a-folder');

/** As `findEntry`, but throws `not-found` with the path in it. */
export const requireEntry = async (http: HttpClient, path: string, signal: AbortSignal): Promise<FolderEntry> => {
	const entry = await findEntry(http, path, signal);
	if (entry === null)
		throw new CodedError('not-found', `There is nothing at ${path}. See what is there with: millrace ls`);
	return entry;
};

/** Whether a path is a folder, empty ones and the root included. */
export const isFolder = async (http: HttpClient, path: string, signal: AbortSignal): Promise<boolean> => {
	if (path === '/') return true;
	try {
		await listFolder(http, path, { limit: 1 }, { signal });
		return true;
	} catch (error) {
		if (isNothingThere(error)) return false;
		throw error;
	}
};
