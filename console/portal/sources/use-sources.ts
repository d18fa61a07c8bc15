import { useQuery } from '@tanstack/react-query';
import { listSourceItems, listSourceRuns, listSources, readSource } from '../../../shared/client/sources.ts';
import { idSchema } from '../../../shared/protocol/ids.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { http } from '../../kit/remote/api.ts';
import { usePages } from '../../kit/remote/use-pages.ts';
import { keys } from '../remote/keys.ts';
import { useTaskTypes } from '../remote/use-tasks.ts';

const PAGE = 50;
const ITEMS = 20;
const LAST_RUNS = 5;

export const useSources = () => usePages(keys.sources, PAGE, (page, signal) => listSources(http, page, { signal }));

export const isSourceId = (id: string): boolean => idSchema('source').safeParse(id).success;

export const useSource = (id: string) =>
	useQuery({
		queryKey: keys.source(id),
		queryFn: ({ signal }) => readSource(http, id, { signal }),
		enabled: isSourceId(id),
	});

/** What it has brought, the newest first. */
export const useSourceItems = (id: string) =>
	usePages(keys.sourceItems(id), ITEMS, (page, signal) => listSourceItems(http, id, page, { signal }));

export const useLastRuns = (id: string) =>
	useQuery({
		queryKey: keys.sourceRuns(id),
		queryFn: ({ signal }) => listSourceRuns(http, id, { limit: LAST_RUNS }, { signal }),
	});

/** Task types that gather a topic, by their titles. */
export const useSourceTypes = () => {
	const query = useTaskTypes();
	const types: Manifest[] | undefined = query.data?.items
		.filter(({ source }) => source)
		.sort((a, b) => a.title.localeCompare(b.title));
	return { ...query, types };
};
