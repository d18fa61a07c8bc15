import { Progress } from '@mantine/core';
import type { JobView } from '../../../shared/protocol/job.ts';
import { isOver, shareOf } from './job-words.ts';

/** The bar of a job that is not over; no bar while nobody knows of how many tasks. */
export const JobProgress = ({ job, size = 6 }: { job: JobView; size?: number }) => {
	const share = shareOf(job);
	if (isOver(job) || share === null) return null;
	return <Progress size={size} value={share * 100} aria-label={`Progress of ${job.title}`} />;
};
