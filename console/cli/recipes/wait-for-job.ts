import type { HttpClient } from '../../../shared/client/http-client.ts';
import { readJob } from '../../../shared/client/jobs.ts';
import { pause } from '../../../shared/client/retry.ts';
import type { JobView } from '../../../shared/protocol/job.ts';

const ASK_MS = 1_000;

/** Asks for a job until it is over; `onChange` is told whenever it is further. */
export const waitForJob = async (
	http: HttpClient,
	id: string,
	signal: AbortSignal,
	onChange: (job: JobView) => void,
): Promise<JobView> => {
	let told = '';
	for (;;) {
		const job = await readJob(http, id, { signal });
		const now = JSON.stringify([job.state, job.tasks]);
		if (now !== told) onChange(job);
		told = now;
		if (job.finishedAt !== null) return job;
		await pause(ASK_MS, signal);
	}
};
