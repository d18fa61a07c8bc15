import { type Command, Option } from 'commander';
import { answeredJson } from '../../../shared/client/http-client.ts';
import { listJobs } from '../../../shared/client/jobs.ts';
import { JOB_STATES, type JobListQuery } from '../../../shared/protocol/job.ts';
import { type Context, serverCommand } from '../context.ts';
import { wholeNumber } from '../number-option.ts';
import { JOB_STYLES, progressOf } from '../recipes/show-job.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { printTable } from '../terminal/table.ts';
import { localTime } from '../terminal/words.ts';

interface Options extends ServerChoice {
	state?: NonNullable<JobListQuery['state']>;
	limit: number;
	json?: boolean;
}

const COLUMNS = [{ title: 'ID' }, { title: 'STATE' }, { title: 'TASKS' }, { title: 'ASKED' }, { title: 'WHAT' }];

const list = async (context: Context, options: Options): Promise<void> => {
	const { state, limit } = options;
	const http = await context.connect(options);
	const query = { limit, ...(state === undefined ? {} : { state }) };
	const { items, nextCursor } = await listJobs(http, query, { signal: context.signal });
	if (options.json) {
		context.out.json({ items: items.map((job) => answeredJson(job)), nextCursor });
		return;
	}
	if (items.length === 0) context.out.note('There are none. Run a recipe over files: millrace recipes run --help');
	const rows = items.map((job) => [
		job.id,
		{ text: job.state, style: JOB_STYLES[job.state] },
		progressOf(job),
		localTime(job.createdAt),
		job.title,
	]);
	printTable(context.out, COLUMNS, rows);
	if (nextCursor !== null) context.out.note(`There are more: --limit ${2 * limit}`);
};

/** `millrace jobs`: what was asked for in one go. */
export const jobsCommand = (context: Context): Command =>
	serverCommand('jobs')
		.description('list your jobs, the newest first')
		.addOption(new Option('--state <STATE>', 'only those').choices(['open', ...JOB_STATES]))
		.option('--limit <N>', 'so many at most', wholeNumber(1, 1000), 25)
		.option('--json', 'as JSON: {"items": […], "nextCursor": …}')
		.addHelpText('after', '\nExamples:\n  millrace jobs --state open\n  millrace job job_… --wait')
		.action((options: Options) => list(context, options));
