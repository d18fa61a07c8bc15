import { type QueryKey, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { readProvenance } from '../../../shared/client/provenance.ts';
import { listJobOutputs, listResults } from '../../../shared/client/results.ts';
import { useLivePatches } from '../../kit/live/live.tsx';
import { http } from '../../kit/remote/api.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { usePages } from '../../kit/remote/use-pages.ts';
import { keys, type ResultFilter } from '../remote/keys.ts';

const PAGE = 50;
const AT_MOST_EVERY_MS = 2_000;
/** A task puts out 16 things at most. */
const OF_A_TASK = 100;

/** What comes or changes among files may be a result: then the list is read again, at most every two seconds. */
const useRereadWithFiles = (queryKey: QueryKey): void => {
	const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
	useEffect(() => () => clearTimeout(timer.current), []);
	useLivePatches((patches) => {
		if (timer.current !== undefined || !patches.some(({ kind }) => kind === 'file')) return;
		timer.current = setTimeout(() => {
			timer.current = undefined;
			void queryClient.invalidateQueries({ queryKey });
		}, AT_MOST_EVERY_MS);
	});
};

/** Files that one’s tasks made, the newest first. */
export const useResults = (filter: ResultFilter) => {
	useRereadWithFiles(keys.resultList(filter));
	return usePages(keys.resultList(filter), PAGE, (page, signal) =>
		listResults(http, { ...filter, ...page }, { signal }),
	);
};

/** Files that a task made, with where they are now. */
export const useTaskResults = (task: string, isWanted: boolean) =>
	useQuery({
		queryKey: keys.taskResults(task),
		queryFn: ({ signal }) => listResults(http, { task, limit: OF_A_TASK }, { signal }),
		enabled: isWanted,
	});

/** What came out of a job’s tasks. */
export const useJobOutputs = (job: string) =>
	usePages(keys.jobOutputs(job), PAGE, (page, signal) => listJobOutputs(http, job, page, { signal }));

/** How a version of a file was made, and what was made of it. */
export const useProvenance = (file: string, version: number) =>
	useQuery({
		queryKey: keys.provenance(file, version),
		queryFn: ({ signal }) => readProvenance(http, file, version, { signal }),
	});
