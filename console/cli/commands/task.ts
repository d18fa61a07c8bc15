import { type Command, Option } from 'commander';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { pause } from '../../../shared/client/retry.ts';
import { cancelTask, readPlacement, readTask, readTaskLog, retryTask } from '../../../shared/client/tasks.ts';
import { isFinalTaskState, type TaskDetail } from '../../../shared/protocol/task.ts';
import { type Context, serverCommand } from '../context.ts';
import { usageError } from '../failure.ts';
import { idKindOf } from '../remote/remote-path.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { headline } from '../tasks/headline.ts';
import { openFollower } from '../tasks/open-follower.ts';
import { showPlacement } from '../tasks/show-placement.ts';
import { showLogLine, showTask } from '../tasks/show-task.ts';
import { stateCell } from '../tasks/state-words.ts';
import { tasksFailed } from '../tasks/wait-for-tasks.ts';

interface Options extends ServerChoice {
	watch?: boolean;
	log?: boolean;
	cancel?: boolean;
	retry?: boolean;
	why?: boolean;
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

const show = async (context: Context, target: string, options: Options): Promise<void> => {
	if (idKindOf(target) !== 'task')
		throw usageError(`${target} is not the id of a task, such as tsk_…; see: millrace tasks`);
	const http = await context.connect(options);
	let id = target;
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
		.option('--json', 'as JSON; with --watch or --log as lines of JSON')
		.action((id: string, options: Options) => show(context, id, options));
