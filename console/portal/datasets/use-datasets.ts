import { useQuery } from '@tanstack/react-query';
import {
	datasetContentPath,
	listDatasetFolder,
	listDatasets,
	listDatasetVersions,
	readDataset,
	readDatasetGrants,
} from '../../../shared/client/datasets.ts';
import { listGroups } from '../../../shared/client/groups.ts';
import { http } from '../../kit/remote/api.ts';
import { usePages } from '../../kit/remote/use-pages.ts';
import { keys } from '../remote/keys.ts';

const PAGE = 50;
const FOLDER_PAGE = 200;
const GROUPS = 1_000;
/** Updates tell when a version is there; how far it is until then is asked for. */
const PUBLISHING_MS = 1_000;
/** Of a text, so much is shown. */
export const TEXT_BYTES = 65_536;

/** Those that one may read, by name. */
export const useDatasets = () => usePages(keys.datasets, PAGE, (page, signal) => listDatasets(http, page, { signal }));

export const useDataset = (name: string) =>
	useQuery({
		queryKey: keys.dataset(name),
		queryFn: ({ signal }) => readDataset(http, name, { signal }),
		refetchInterval: ({ state }) => (state.data?.state === 'importing' ? PUBLISHING_MS : false),
	});

/** `newest`: there are others when there is a newer one. */
export const useVersions = (id: string, newest: number) =>
	usePages(keys.datasetVersions(id, newest), PAGE, (page, signal) => listDatasetVersions(http, id, page, { signal }));

/** What lies in a folder of a version itself. Asked for by id: a name may be another dataset’s one day. */
export const useFolder = (id: string, version: number, folder: string) =>
	usePages(keys.datasetFolder(id, version, folder), FOLDER_PAGE, async (page, signal) => {
		const query = { ...page, version, ...(folder === '' ? {} : { folder }) };
		return listDatasetFolder(http, id, query, { signal });
	});

/** With whom it is shared; only those who may change it are told. */
export const useShares = (name: string, isWanted: boolean) =>
	useQuery({
		queryKey: keys.datasetShares(name),
		queryFn: ({ signal }) => readDatasetGrants(http, name, { signal }),
		enabled: isWanted,
	});

export const useGroups = (isWanted: boolean) =>
	useQuery({
		queryKey: keys.groups,
		queryFn: ({ signal }) => listGroups(http, { limit: GROUPS }, { signal }),
		enabled: isWanted,
		staleTime: 60_000,
	});

/** Where a dataset’s file is, to be downloaded or, when it is harmless, shown. */
export const contentUrl = (name: string, path: string, version: number, inline = false): string =>
	http.urlOf(datasetContentPath(name, path), { version, ...(inline ? { inline } : {}) });

/** The beginning of a text. */
export const useText = (id: string, path: string, version: number, size: number, isWanted: boolean) =>
	useQuery({
		queryKey: keys.datasetText(`${id} ${version} ${path}`),
		queryFn: async ({ signal }) => {
			if (size === 0) return '';
			const response = await http.send('GET', datasetContentPath(id, path), {
				query: { version },
				headers: { range: `bytes=0-${TEXT_BYTES - 1}` },
				signal,
			});
			return response.text();
		},
		enabled: isWanted,
		staleTime: Number.POSITIVE_INFINITY,
	});
