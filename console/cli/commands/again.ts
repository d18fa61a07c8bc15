import { type Command, Option } from 'commander';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { runAgain } from '../../../shared/client/provenance.ts';
import { listTaskTypes } from '../../../shared/client/task-types.ts';
import { readTask } from '../../../shared/client/tasks.ts';
import type { Json } from '../../../shared/protocol/json.ts';
import { type Context, serverCommand } from '../context.ts';
import { usageError } from '../failure.ts';
import { idKindOf } from '../remote/remote-path.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { openFollower } from '../tasks/open-follower.ts';
import { readPair, readParameters } from '../tasks/parameters.ts';
import { showTask } from '../tasks/show-task.ts';
import { reportTasks, tasksFailed } from '../tasks/wait-for-tasks.ts';

interface Options extends ServerChoice {
	param: string[];
	newest?: boolean;
	wait?: boolean;
	json?: boolean;
}

/** Those of before with the given ones over them; null when none are given. */
const changed = async (
	http: HttpClient,
	id: string,
	pairs: readonly string[],
	signal: AbortSignal,
): Promise<Record<string, Json> | null> => {
	if (pairs.length === 0) return null;
	const { type: name, parameters } = await readTask(http, id, { signal });
	const { items } = await listTaskTypes(http, { signal });
	const type = items.find((one) => one.name === name);
	if (!type) throw usageError(`The task type ${name} is not there any more, so its parameters cannot be changed.`);
	return { ...parameters, ...readParameters(pairs.map(readPair), type.parameters) };
};

const again = async (context: Context, target: string, options: Options): Promise<void> => {
	if (idKindOf(target) !== 'task') {
		throw usageError(`${target} is not the id of a task, such as tsk_…; see: millrace tasks`);
	}
	const http = await context.connect(options);
	const { signal, out } = context;
	const parameters = await changed(http, target, options.param, signal);
	using follower = options.wait ? await openFollower({ http, signal }) : null;
	const wish = {
		...(parameters ? { parameters } : {}),
		inputs: options.newest ? ('newest' as const) : ('same' as const),
	};
	const { id } = await runAgain(http, target, wish, { signal });
	if (follower === null) {
		if (options.json) out.json({ id });
		else out.line(id);
		return;
	}
	follower.follow([id]);
	const done = await reportTasks(context, http, follower, 'collect');
	for (const task of done) {
		if (options.json) out.json(task);
		else showTask(out, task);
	}
	if (done.some(({ state }) => state !== 'succeeded')) throw tasksFailed(1);
};

/** `millrace again`: does once more what a task did. */
export const againCommand = (context: Context): Command =>
	serverCommand('again')
		.description('do again what a task did, as it was or with other parameters; results go to the same place')
		.argument('<task>', 'the task’s id')
		.addOption(
			new Option('--param <NAME=VALUE>', 'another value for a parameter; repeatable')
				.argParser((item: string, items: string[]) => [...items, item])
				.default([] as string[], 'those of before'),
		)
		.option('--newest', 'with the newest versions of its files (default: those that it worked on)')
		.option('--wait', 'wait until it has ended, and show it')
		.option('--json', 'as JSON: {"id": …}, with --wait the whole task')
		.addHelpText(
			'after',
			`
Examples:
  millrace again tsk_01jabc… --wait
  millrace again tsk_01jabc… --param width=400 --newest`,
		)
		.action((target: string, options: Options) => again(context, target, options));
