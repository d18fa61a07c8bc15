import { useQuery } from '@tanstack/react-query';
import { listJobs, readJob } from '../../../shared/client/jobs.ts';
import { idSchema } from '../../../shared/protocol/ids.ts';
import { http } from '../../kit/remote/api.ts';
import { usePages } from '../../kit/remote/use-pages.ts';
import { type JobFilter, keys } from '../remote/keys.ts';

const PAGE = 50;

/** One’s own jobs that fit, the newest first. */
export const useJobs = (filter: JobFilter) =>
	usePages(keys.jobList(filter), PAGE, (page, signal) => listJobs(http, { ...filter, ...page }, { signal }));

export const isJobId = (id: string): boolean => idSchema('job').safeParse(id).success;

export const useJob = (id: string) =>
	useQuery({
		queryKey: keys.job(id),
		queryFn: ({ signal }) => readJob(http, id, { signal }),
		enabled: isJobId(id),
	});
