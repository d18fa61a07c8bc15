import type { HttpClient } from '../../../shared/client/http-client.ts';
import type { UploadAnswer } from '../../../shared/protocol/file.ts';
import { findEntry } from '../remote/find-entry.ts';

/** What an upload to this path was answered, when the answer itself was lost; null unless that content is there. */
export const findUploaded = async (
	http: HttpClient,
	remote: string,
	sha256: string,
	signal: AbortSignal,
): Promise<UploadAnswer | null> => {
	const entry = await findEntry(http, remote, signal);
	if (entry?.kind !== 'file' || entry.sha256 !== sha256) return null;
	const { id, path, size, version } = entry;
	const tasks = entry.tasks.filter((task) => task.version === version);
	return {
		file: { id, path, size, sha256, version },
		tasks: tasks.map(({ id, type, state }) => ({ id, type, state })),
	};
};
