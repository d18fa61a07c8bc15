import { useQuery } from '@tanstack/react-query';
import { listDatasetEntries, readDataset } from '../../../shared/client/datasets.ts';
import type { DatasetEntry, DatasetView } from '../../../shared/protocol/dataset.ts';
import { MAX_BATCH } from '../../../shared/protocol/task.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';
import { type ChosenFile, datasetFile } from './work.ts';

const PAGE = 1_000;
/** How often one looks whether there is something to work on. */
const UNPUBLISHED_MS = 2_000;

export const useWorkDataset = (name: string) =>
	useQuery({
		queryKey: keys.workDataset(name),
		queryFn: ({ signal }) => readDataset(http, name, { signal }),
		// No live update tells when its first version is there.
		refetchInterval: ({ state: { data } }) => (data?.version === 0 ? UNPUBLISHED_MS : false),
	});

interface Found {
	files: ChosenFile[];
	/** There are more than these. */
	hasMore: boolean;
}

/** What of a version lies in a folder of the dataset, or is that very file. */
const findFiles = async (dataset: DatasetView, path: string, signal: AbortSignal): Promise<Found> => {
	const { id, version } = dataset;
	const read = async (under: string, isWanted: (entry: DatasetEntry) => boolean): Promise<Found> => {
		const files: ChosenFile[] = [];
		let cursor: string | null = null;
		do {
			const query = {
				version,
				limit: PAGE,
				...(under === '' ? {} : { under }),
				...(cursor === null ? {} : { cursor }),
			};
			const page: Awaited<ReturnType<typeof listDatasetEntries>> = await listDatasetEntries(http, id, query, {
				signal,
			});
			for (const entry of page.items) if (isWanted(entry)) files.push(datasetFile(dataset, entry));
			cursor = page.nextCursor;
		} while (cursor !== null && files.length < MAX_BATCH);
		return { files: files.slice(0, MAX_BATCH), hasMore: cursor !== null };
	};
	const all = await read(path, () => true);
	if (path === '' || all.files.length > 0) return all;
	// It is no folder: perhaps a file.
	return read(path.slice(0, Math.max(0, path.lastIndexOf('/'))), (entry) => entry.path.replace(/^\//, '') === path);
};

export const useDatasetFiles = (dataset: DatasetView, path: string) =>
	useQuery({
		queryKey: keys.workFiles(dataset.name, dataset.version, path),
		queryFn: ({ signal }) => findFiles(dataset, path, signal),
		enabled: dataset.version > 0 && dataset.licence.accepted,
		staleTime: 60_000,
	});
