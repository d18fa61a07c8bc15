import { type Command, Option } from 'commander';
import { type JobAct, readJob, startJob, steerJob } from '../../../shared/client/jobs.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { JobView } from '../../../shared/protocol/job.ts';
import { type Context, serverCommand } from '../context.ts';
import { bringArchive } from '../download/download-archive.ts';
import { progressOf, showJob } from '../recipes/show-job.ts';
import { waitForJob } from '../recipes/wait-for-job.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { tasksFailed } from '../tasks/wait-for-tasks.ts';

interface Options extends ServerChoice {
	wait?: boolean;
	pause?: boolean;
	resume?: boolean;
	cancel?: boolean;
	download?: string;
	force?: boolean;
	againFailed?: boolean;
	json?: boolean;
}

const actOf = ({ pause, resume, cancel }: Options): JobAct | null =>
	pause ? 'pause' : resume ? 'resume' : cancel ? 'cancel' : null;

/** Whoever waits for a job is told by the exit code whether it came out well. */
export const requireDone = ({ state, tasks }: JobView): void => {
	if (state === 'failed') throw tasksFailed(tasks.failed);
	if (state === 'cancelled') throw new CodedError('wrong-state', 'The job was cancelled.');
};

const show = async (context: Context, id: string, options: Options): Promise<void> => {
	const { out, signal } = context;
	const http = await context.connect(options);
	const act = actOf(options);
	// From here on it is about the new job.
	const { id: told } = options.againFailed ? await startJob(http, { over: { job: id, outcome: 'failed' } }) : { id };
	const said = act === null ? await readJob(http, told, { signal }) : await steerJob(http, told, act);
	const job = options.wait
		? await waitForJob(http, told, signal, (now) => options.json || out.note(`${progressOf(now)} tasks have ended`))
		: said;
	if (options.download !== undefined) {
		if (options.wait) requireDone(job);
		const { download: local, force = false, json = false } = options;
		return bringArchive(context, http, { query: { job: told }, name: job.title, local, force, json });
	}
	if (options.json) out.json(job);
	else showJob(out, job);
	if (options.wait && act !== 'cancel') requireDone(job);
};

/** `millrace job`: one job, its end. */
export const jobCommand = (context: Context): Command =>
	serverCommand('job')
		.description('show one job: how far it is, and what it left out')
		.argument('<id>', 'the job’s id')
		.option('--wait', 'wait until it is over')
		.addOption(
			new Option('--pause', 'make no more tasks, and hold those that do not run').conflicts([
				'resume',
				'cancel',
				'wait',
			]),
		)
		.addOption(new Option('--resume', 'go on with it').conflicts('cancel'))
		.addOption(new Option('--cancel', 'cancel it and its tasks for good').conflicts('againFailed'))
		.addOption(
			new Option(
				'--again-failed',
				'begin a job that does again what failed of it, on the files as they are now',
			).conflicts(['pause', 'resume']),
		)
		.addOption(
			new Option(
				'--download <LOCAL>',
				'what it has brought, as a zip: to a folder, a file name, or - for standard output',
			).conflicts(['pause', 'resume', 'cancel']),
		)
		.option('-f, --force', 'with --download: replace a file that is there')
		.option('--json', 'as JSON')
		.addHelpText(
			'after',
			'\nExamples:\n  millrace job job_… --wait --download results.zip\n  millrace job job_… --again-failed --wait',
		)
		.action((id: string, options: Options) => show(context, id, options));
