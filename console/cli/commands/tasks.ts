import { once } from 'node:events';
import { type Command, Option } from 'commander';
import { answeredJson, type HttpClient } from '../../../shared/client/http-client.ts';
import { listTasks } from '../../../shared/client/tasks.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { TASK_STATES, type TaskListQuery, type TaskSummary } from '../../../shared/protocol/task.ts';
import { type Context, serverCommand } from '../context.ts';
import { wholeNumber } from '../number-option.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { shortState } from '../tasks/state-words.ts';
import { type Cell, printTable } from '../terminal/table.ts';
import { durationInWords, localTime } from '../terminal/words.ts';
import { findUserId } from './admin/find-user.ts';

interface Options extends ServerChoice {
	state?: TaskListQuery['state'] | 'done';
	type?: string;
	queue?: string;
	owner?: string;
	job?: string;
	limit: number;
	watch?: boolean;
	json?: boolean;
}

const MOST = 1_000;
const READ_MS = 3_000;

const queryOf = ({ state, type, queue, owner, job }: Options): Partial<TaskListQuery> => ({
	...(state === undefined ? {} : { state: state === 'done' ? ('succeeded' as const) : state }),
	...(type === undefined ? {} : { type }),
	...(queue === undefined ? {} : { queue }),
	...(owner === undefined ? {} : { owner }),
	...(job === undefined ? {} : { job }),
});

/** The newest tasks, as many as were asked for, page after page. */
const read = async (http: HttpClient, options: Options, signal: AbortSignal): Promise<TaskSummary[]> => {
	const tasks: TaskSummary[] = [];
	let cursor: string | undefined;
	do {
		const limit = Math.min(MOST, options.limit - tasks.length);
		const page = await listTasks(
			http,
			{ ...queryOf(options), limit, ...(cursor === undefined ? {} : { cursor }) },
			{ signal },
		);
		tasks.push(...page.items);
		cursor = page.nextCursor ?? undefined;
	} while (cursor !== undefined && tasks.length < options.limit);
	return tasks;
};

const COLUMNS = [
	{ title: 'ID' },
	{ title: 'TYPE' },
	{ title: 'STATE' },
	{ title: 'QUEUE' },
	{ title: 'NODE' },
	{ title: 'CREATED' },
	{ title: 'TOOK', side: 'right' as const },
	{ title: 'FILE' },
];
/** Where tasks of several people are listed. */
const WHOSE = [{ title: 'OWNER' }, { title: 'CLASS' }];
/** After the node. */
const WHOSE_AT = 5;

const tookOf = ({ startedAt, finishedAt }: TaskSummary): string =>
	startedAt === null || finishedAt === null
		? ''
		: durationInWords(Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)));

const rowOf = (task: TaskSummary, whose: boolean): (string | Cell)[] => [
	task.id,
	task.type,
	shortState(task),
	task.queue ?? '',
	task.node ?? '',
	...(whose ? [task.ownerName ?? task.owner, task.serviceClass ?? ''] : []),
	localTime(task.createdAt),
	tookOf(task),
	task.inputs[0]?.path ?? task.inputs[0]?.file ?? '',
];

/** Tells of every task that fits the filters whenever it changes, until interrupted. */
const watch = async (context: Context, http: HttpClient, options: Options): Promise<void> => {
	const { signal, out } = context;
	const told = new Map<string, number>();
	const tell = (task: TaskSummary) => {
		if ((told.get(task.id) ?? -1) >= task.version) return;
		told.delete(task.id);
		told.set(task.id, task.version);
		if (told.size > 100_000) told.delete(told.keys().next().value as string);
		if (options.json) out.jsonLine(task);
		else
			out.parts(
				`${localTime(new Date().toISOString()).slice(11)}  ${task.id}  ${task.type}  `,
				shortState(task),
				`  ${task.inputs[0]?.path ?? ''}`,
			);
	};
	const end = new AbortController();
	let failure: unknown;
	const fail = (error: unknown) => {
		failure = error;
		end.abort();
	};
	let reading = false;
	let again = false;
	// One reading at a time; what changes meanwhile is in the next.
	const refresh = async () => {
		again = true;
		if (reading) return;
		reading = true;
		try {
			while (again && !signal.aborted) {
				again = false;
				for (const task of (await read(http, options, signal)).reverse()) tell(task);
			}
		} catch (error) {
			fail(error);
		} finally {
			reading = false;
		}
	};
	// Loaded only now: most command lines do without socket.io, and it is half of their start.
	const { LiveClient } = await import('../../../shared/client/live-client.ts');
	using live = new LiveClient({
		baseUrl: http.baseUrl,
		auth: http.auth,
		topics: [options.owner === undefined ? 'tasks' : 'all-tasks'],
		onPatch: (patch) => patch.kind === 'task' && void refresh(),
		onResync: () => void refresh(),
		onState: (state) => {
			if (state === 'signed-out') fail(new CodedError('unauthenticated', 'The server does not take your token.'));
		},
	});
	await refresh();
	// Without live updates (a proxy that knows no WebSocket) reading is the way.
	const timer = setInterval(() => live.state !== 'live' && void refresh(), READ_MS);
	const stopped = AbortSignal.any([signal, end.signal]);
	if (!stopped.aborted) await once(stopped, 'abort');
	clearInterval(timer);
	signal.throwIfAborted();
	throw failure;
};

const list = async (context: Context, asked: Options): Promise<void> => {
	const http = await context.connect(asked);
	const { owner } = asked;
	const isOne = owner !== undefined && owner !== 'all';
	const options = isOne ? { ...asked, owner: await findUserId(http, owner, context.signal) } : asked;
	if (options.watch) return watch(context, http, options);
	const tasks = await read(http, options, context.signal);
	if (options.json) context.out.json({ items: tasks.map((task) => answeredJson(task)) });
	else if (tasks.length === 0) context.out.note('There are no such tasks.');
	else {
		const whose = options.owner !== undefined;
		const columns = whose ? [...COLUMNS.slice(0, WHOSE_AT), ...WHOSE, ...COLUMNS.slice(WHOSE_AT)] : COLUMNS;
		const rows = tasks.map((task) => rowOf(task, whose));
		printTable(context.out, columns, rows);
	}
};

/** `millrace tasks`: the newest tasks, or what happens to them. */
export const tasksCommand = (context: Context): Command =>
	serverCommand('tasks')
		.description('list tasks, the newest first')
		.addOption(
			new Option(
				'--state <STATE>',
				'only those in this state; open, final and unsuccessful mean several, held those that somebody holds',
			).choices(['open', 'final', 'unsuccessful', 'held', 'done', ...TASK_STATES]),
		)
		.option('--type <TYPE>', 'only those of this type')
		.option('--queue <NAME>', 'only those of this queue')
		.option('--owner <USER>', 'another person’s, by name or id, or all (operators and administrators)')
		.option('--job <ID>', 'only those of this job')
		.option('--limit <N>', 'at most so many', wholeNumber(1, 100_000), 50)
		.option('--watch', 'go on and tell every change until interrupted')
		.option('--json', 'as JSON: {"items": […]}; with --watch a line for each change')
		.addHelpText(
			'after',
			`
Examples:
  millrace tasks --state open
  millrace tasks --state held --owner all      administrators see whose they are by name, with a token of login --admin
  millrace tasks --type thumbnail --watch`,
		)
		.action((options: Options) => list(context, options));
