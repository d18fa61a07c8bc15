import { type Command, Option } from 'commander';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { fileOutputs } from '../../../shared/client/provenance.ts';
import { pause } from '../../../shared/client/retry.ts';
import { cancelTask, readPlacement, readTask, readTaskLog, retryTask } from '../../../shared/client/tasks.ts';
import { isFinalTaskState, type TaskDetail } from '../../../shared/protocol/task.ts';
import { type Context, serverCommand } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError, usageError } from '../failure.ts';
import { idKindOf } from '../remote/remote-path.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { headline } from '../tasks/headline.ts';
import { openFollower } from '../tasks/open-follower.ts';
import { filingNow } from '../tasks/results-option.ts';
import { showPlacement } from '../tasks/show-placement.ts';
import { showFilings, showLogLine, showTask } from '../tasks/show-task.ts';
import { stateCell } from '../tasks/state-words.ts';
import { tasksFailed } from '../tasks/wait-for-tasks.ts';
import { counted } from '../terminal/words.ts';

interface Options extends ServerChoice {
	watch?: boolean;
	log?: boolean;
	cancel?: boolean;
	retry?: boolean;
	why?: boolean;
	file?: string;
	json?: boolean;
}

const LOG_MS = 1_000;

/** Prints the log; when watching, goes on until the task has ended. */
const printLog = async (
	context: Context,
	http: HttpClient,
	id: string,
	options: Options,
): Promise<TaskDetail | null> => {
	const { signal, out } = context;
	let after: number | undefined;
	let isEmpty = true;
	for (;;) {
		// The state is read before the log: so nothing of the log is missed at the end.
		const task = options.watch ? await readTask(http, id, { signal }) : null;
		for (let more = true; more; ) {
			const page = await readTaskLog(http, id, after, { signal });
			for (const line of page.items) {
				if (options.json) out.jsonLine(line);
				else showLogLine(out, line);
			}
			isEmpty &&= page.items.length === 0;
			more = page.items.length > 0;
			after = page.nextSeq;
		}
		if (task === null || isFinalTaskState(task.state)) {
			if (isEmpty) out.note('There is no log: the task has written nothing.');
			return task;
		}
		await pause(LOG_MS, signal);
	}
};

/** Tells every change of the task until it has ended. */
const watch = async (context: Context, http: HttpClient, id: string, options: Options): Promise<TaskDetail> => {
	const { signal, out } = context;
	let told = '';
	const tell = (task: TaskDetail) => {
		const words = headline(task);
		if (options.json) {
			if (told !== `${task.version} ${words}`) out.jsonLine(task);
			told = `${task.version} ${words}`;
		} else if (words !== told) {
			out.parts({ text: words, style: stateCell(task.state).style });
			told = words;
		}
	};
	let telling = Promise.resolve();
	const refresh = () => {
		telling = telling.then(async () => tell(await readTask(http, id, { signal }))).catch(() => {});
	};
	using follower = await openFollower({ http, signal, onChange: refresh });
	tell(await readTask(http, id, { signal }));
	follower.follow([id]);
	await follower.allEnded();
	await telling;
	const task = await readTask(http, id, { signal });
	tell(task);
	return task;
};

const act = async (context: Context, http: HttpClient, id: string, options: Options): Promise<string> => {
	const { out } = context;
	const quiet = options.watch === true || options.log === true;
	if (options.cancel) {
		await cancelTask(http, id);
		if (!quiet && options.json) out.json({ id, asked: 'cancel' });
		else if (!quiet) out.line(`${id}: asked to end.`);
		return id;
	}
	const { id: again } = await retryTask(http, id);
	if (!quiet && options.json) out.json({ id: again, asked: 'retry' });
	else if (!quiet) out.line(`${again}: queued again.`);
	return again;
};

/** Whoever wants files is told by the exit code whether there are any. */
const file = async (context: Context, http: HttpClient, id: string, place: string, asJson: boolean): Promise<void> => {
	const { out } = context;
	const answer = await fileOutputs(http, id, filingNow(place));
	if (asJson) out.json(answer);
	else if (answer.filings.length === 0) out.note('The task has brought nothing that could be a file.');
	else showFilings(out, answer.filings);
	const left = answer.filings.filter(({ state }) => state === 'unfiled').length;
	if (left > 0) throw new CliError(EXIT.failed, `${counted(left, 'output stays', 'outputs stay')} with the task.`);
};

const show = async (context: Context, target: string, options: Options): Promise<void> => {
	if (idKindOf(target) !== 'task')
		throw usageError(`${target} is not the id of a task, such as tsk_…; see: millrace tasks`);
	const http = await context.connect(options);
	let id = target;
	if (options.file !== undefined) return file(context, http, id, options.file, options.json === true);
	if (options.cancel || options.retry) {
		id = await act(context, http, target, options);
		if (!options.watch && !options.log) return;
	}
	if (options.why) {
		const placement = await readPlacement(http, id, { signal: context.signal });
		if (options.json) context.out.json(placement);
		else showPlacement(context.out, placement);
		return;
	}
	if (!options.watch && !options.log) {
		const task = await readTask(http, id, { signal: context.signal });
		if (options.json) context.out.json(task);
		else showTask(context.out, task);
		return;
	}
	const task = options.log ? await printLog(context, http, id, options) : await watch(context, http, id, options);
	if (task !== null && task.state !== 'succeeded' && !options.cancel) throw tasksFailed(1);
};

/** `millrace task`: one task, its log, its end. */
export const taskCommand = (context: Context): Command =>
	serverCommand('task')
		.description('show one task: how it is, its attempts, its result')
		.argument('<id>', 'the task’s id')
		.option('--watch', 'go on and tell every change until it has ended')
		.option('--log', 'show its log; with --watch as it grows')
		.addOption(
			new Option('--why', 'say why it waits: node by node what is missing').conflicts([
				'watch',
				'log',
				'cancel',
				'retry',
			]),
		)
		.option('--cancel', 'ask for its end')
		.addOption(new Option('--retry', 'queue it again after it failed, was cancelled or set aside').conflicts('cancel'))
		.addOption(
			new Option(
				'--file <PLACE>',
				'make files of what stays with it: beside (the file worked on), or a folder such as /results',
			).conflicts(['watch', 'log', 'why', 'cancel', 'retry']),
		)
		.option('--json', 'as JSON; with --watch or --log as lines of JSON')
		.action((id: string, options: Options) => show(context, id, options));
