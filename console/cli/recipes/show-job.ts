import type { DryRun, JobState, JobView } from '../../../shared/protocol/job.ts';
import type { Output, Style } from '../terminal/output.ts';
import { localTime } from '../terminal/words.ts';

export const JOB_STYLES: Record<JobState, Style | undefined> = {
	feeding: 'blue',
	running: 'blue',
	paused: 'yellow',
	done: 'green',
	failed: 'red',
	cancelled: 'dim',
};

/** How far a job is, in a few words. */
export const progressOf = ({ tasks, isWhole }: JobView): string => {
	const ended = tasks.succeeded + tasks.failed + tasks.cancelled;
	const failed = tasks.failed > 0 ? `, ${tasks.failed} failed` : '';
	return `${ended} of ${tasks.total}${isWhole ? '' : '+'}${failed}`;
};

export const showJob = (out: Output, job: JobView): void => {
	out.parts(`${job.title}  `, { text: job.state, style: JOB_STYLES[job.state] }, `  ${job.id}`);
	out.line(`  tasks     ${progressOf(job)}${job.isWhole ? '' : '; more are being made'}`);
	if (job.waiting) out.line(`  waiting   ${job.waiting}`);
	out.line(`  asked     ${localTime(job.createdAt)}`);
	if (job.finishedAt !== null) out.line(`  over      ${localTime(job.finishedAt)}`);
	for (const { reason, count } of job.skipped) out.line(`  left out  ${count}: ${reason}`);
	out.note(`Its tasks: millrace tasks --job ${job.id}`);
};

export const showDryRun = (out: Output, dry: DryRun): void => {
	const { files, tasks, isWhole, cost, queues, waits, skipped, serviceClass } = dry;
	const least = isWhole ? '' : 'at least ';
	out.line(`${least}${tasks} tasks of ${least}${files} files, as ${serviceClass}`);
	const unknown = cost.tasksOfUnknownType;
	const guess = unknown === 0 ? '' : `; of ${unknown} it is not known how long they take`;
	out.line(`  about ${Math.ceil(cost.wallMs / 1_000)} s of work on nodes${guess}`);
	for (const { queue, tasks: count } of queues) {
		const range = waits.find((wait) => wait.queue === queue)?.range;
		const seconds = (ms: number) => Math.round(ms / 1_000);
		const start = range ? `; the first starts in ${seconds(range.fromMs)} to ${seconds(range.toMs)} s` : '';
		out.line(`  ${count} in ${queue ?? 'no queue: none takes them now'}${start}`);
	}
	for (const { count, reason, example } of skipped) {
		out.line(`  left out  ${count}: ${reason}${example === '' ? '' : ` Such as ${example}`}`);
	}
};
