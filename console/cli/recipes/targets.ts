import type { HttpClient } from '../../../shared/client/http-client.ts';
import type { NewJobWish } from '../../../shared/protocol/job.ts';
import { usageError } from '../failure.ts';
import { isDatasetTarget, readDatasetTarget } from '../remote/dataset-target.ts';
import { requireEntry } from '../remote/find-entry.ts';
import { idKindOf, remotePath } from '../remote/remote-path.ts';

/** What targets name: files, or one folder or a part of one dataset, and of it only files of these types. */
export const overOf = async (
	http: HttpClient,
	targets: readonly string[],
	mediaTypes: readonly string[],
	signal: AbortSignal,
): Promise<NonNullable<NewJobWish['over']>> => {
	const files: string[] = [];
	const only = mediaTypes.length === 0 ? {} : { mediaTypes: [...mediaTypes] };
	const [first = ''] = targets;
	if (targets.length === 1 && isDatasetTarget(first)) {
		const { name, path, version } = readDatasetTarget(first);
		const part = path === '' ? {} : { under: path };
		return { dataset: name, ...part, ...(version === null ? {} : { version }), ...only };
	}
	for (const target of targets) {
		if (isDatasetTarget(target)) throw usageError(`${target}: give one dataset by itself, or files.`);
		const kind = idKindOf(target);
		if (kind === 'file') files.push(target);
		else if (kind !== null)
			throw usageError(`${target} is the id of a ${kind}; name files, or one folder by its path.`);
		else {
			const path = remotePath(target);
			const entry = path === '/' ? null : await requireEntry(http, path, signal);
			if (entry?.kind === 'file') files.push(entry.id);
			else if (targets.length > 1) throw usageError(`${target} is a folder: give one folder, or files.`);
			else return { folder: path, ...only };
		}
	}
	if (mediaTypes.length > 0)
		throw usageError('--type chooses among the files of a folder or a dataset; these are named files.');
	return { files };
};
