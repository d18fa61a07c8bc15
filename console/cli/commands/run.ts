import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { estimateTasks } from '../../../shared/client/budgets.ts';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { submitAll } from '../../../shared/client/submit-all.ts';
import { listTaskTypes } from '../../../shared/client/task-types.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { MOST_ESTIMATED } from '../../../shared/protocol/budget.ts';
import type { Json } from '../../../shared/protocol/json.ts';
import { routingKeySchema, type TaskInput } from '../../../shared/protocol/task.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { type Context, serverCommand } from '../context.ts';
import { usageError } from '../failure.ts';
import { wholeNumber } from '../number-option.ts';
import { entriesOf, isDatasetTarget, readDatasetTarget } from '../remote/dataset-target.ts';
import { requireEntry } from '../remote/find-entry.ts';
import { idKindOf, remotePath } from '../remote/remote-path.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { flagsHelp, type ManifestFlag, manifestFlags, readFlags } from '../tasks/manifest-flags.ts';
import { namedSecrets } from '../tasks/named-secrets.ts';
import { openFollower } from '../tasks/open-follower.ts';
import {
	type GivenParameter,
	readPair,
	readParameters,
	readParametersJson,
	requireFitting,
} from '../tasks/parameters.ts';
import { filingOf, type ResultsOptions, withResults } from '../tasks/results-option.ts';
import { showTask } from '../tasks/show-task.ts';
import { reportTasks, tasksFailed } from '../tasks/wait-for-tasks.ts';
import { estimateLines } from './budget-words.ts';

interface Options extends ServerChoice, ResultsOptions {
	param: string[];
	params?: string;
	queueKey?: string;
	priority?: number;
	class?: string;
	secret: string[];
	each?: boolean;
	estimate?: boolean;
	wait?: boolean;
	json?: boolean;
	help?: boolean;
}

export const routingKey = (text: string): string => {
	if (routingKeySchema.safeParse(text).success) return text;
	throw new InvalidArgumentError(
		'It must be words of letters, digits, _ or - joined by dots, such as priority.thumbnail.',
	);
};

export const typeNamed = async (http: HttpClient, name: string, signal: AbortSignal): Promise<Manifest> => {
	const { items } = await listTaskTypes(http, { signal });
	const type = items.find((one) => one.name === name);
	if (type !== undefined) return type;
	const known = items.map((one) => one.name).join(', ');
	throw new CodedError('unknown-task-type', `There is no task type ${name}. There are: ${known}.`);
};

/** What a target names: a file, or all that lies there in a dataset. */
export const inputsOf = async (http: HttpClient, target: string, signal: AbortSignal): Promise<TaskInput[]> => {
	if (isDatasetTarget(target)) {
		const inputs: TaskInput[] = [];
		for await (const { dataset, path, version } of entriesOf(http, readDatasetTarget(target), signal)) {
			inputs.push({ dataset, path, version });
		}
		return inputs;
	}
	const kind = idKindOf(target);
	if (kind === 'file') return [{ file: target }];
	if (kind !== null) throw usageError(`${target} is the id of a ${kind}; a task takes files.`);
	const entry = await requireEntry(http, remotePath(target), signal);
	if (entry.kind === 'folder') throw usageError(`${target} is a folder; name the files in it.`);
	return [{ file: entry.id }];
};

/** One task for all files, or one for each when the type takes a single file. */
export const spread = (
	inputs: readonly TaskInput[],
	type: Pick<Manifest, 'name' | 'inputs'>,
	each: boolean,
): TaskInput[][] => {
	if (inputs.length > 0 && (each || (type.inputs.max === 1 && inputs.length > 1)))
		return inputs.map((input) => [input]);
	const { min, max } = type.inputs;
	if (inputs.length >= min && inputs.length <= max) return [[...inputs]];
	const wanted = min === max ? String(min) : `${min} to ${max}`;
	throw usageError(
		`The task type ${type.name} takes ${wanted} files, not ${inputs.length}; --each makes one task for each file.`,
	);
};

const parametersOf = async (
	{ param, params }: Options,
	given: readonly GivenParameter[],
	type: Manifest,
): Promise<Record<string, Json>> => {
	if (params === undefined) return readParameters([...param.map(readPair), ...given], type.parameters);
	if (given.length > 0) throw usageError('Give the parameters either by --params or one by one, not both.');
	return readParametersJson(params.startsWith('@') ? await readFile(params.slice(1), 'utf8') : params);
};

/** The help of `run`, with the flags of the task type where one is named and can be asked for. */
const help = async (context: Context, command: Command, name: string | undefined, options: Options): Promise<void> => {
	command.outputHelp();
	if (name === undefined) return;
	const http = await context.connect(options);
	const type = await typeNamed(http, name, context.signal);
	context.out.line('');
	for (const line of flagsHelp(name, flagsOf(type, command)).split('\n')) context.out.line(line);
};

/** Options of the program, too, are taken: it finds them wherever they stand. */
export const flagsOf = (type: Manifest, command: Command): ManifestFlag[] => {
	const own = [...command.options, ...(command.parent?.options ?? [])];
	return manifestFlags(type.parameters, new Set(own.flatMap(({ long }) => (long ? [long] : []))));
};

const run = async (
	context: Context,
	{ name, tokens, command }: { name: string; tokens: readonly string[]; command: Command },
	options: Options,
): Promise<void> => {
	const http = await context.connect(options);
	const { signal, out } = context;
	const type = await typeNamed(http, name, signal);
	const { files: targets, given } = readFlags(tokens, flagsOf(type, command));
	const parameters = await parametersOf(options, given, type);
	requireFitting(parameters, type.parameters);
	const inputs: TaskInput[] = [];
	for (const target of targets) {
		// Not spread: a dataset may have a million files.
		for (const input of await inputsOf(http, target, signal)) inputs.push(input);
	}
	const secrets = await namedSecrets(http, options.secret, signal);
	const { queueKey, priority, class: serviceClass } = options;
	const results = filingOf(options);
	const tasks = spread(inputs, type, options.each === true).map((some) => ({
		type: name,
		inputs: some,
		parameters,
		...(queueKey === undefined ? {} : { routingKey: queueKey }),
		...(priority === undefined ? {} : { priority }),
		...(serviceClass === undefined ? {} : { serviceClass }),
		...(secrets === null ? {} : { secrets }),
		...(results === null ? {} : { results }),
	}));
	if (options.estimate) {
		if (tasks.length > MOST_ESTIMATED) throw usageError(`--estimate takes ${MOST_ESTIMATED} tasks at most.`);
		const estimate = await estimateTasks(http, { tasks }, { signal });
		if (options.json) out.json(estimate);
		else for (const line of estimateLines(estimate)) out.line(line);
		return;
	}
	using follower = options.wait ? await openFollower({ http, signal }) : null;
	const ids = await submitAll(http, tasks, { signal });
	if (follower === null) {
		if (options.json) out.json({ ids });
		else for (const id of ids) out.line(id);
		return;
	}
	follower.follow(ids);
	const done = await reportTasks(context, http, follower, 'collect');
	if (options.json) out.json({ items: done });
	else for (const task of done) showTask(out, task);
	const bad = done.filter(({ state }) => state !== 'succeeded').length;
	if (bad > 0) throw tasksFailed(bad);
};

const collect = (item: string, items: string[]): string[] => [...items, item];

/** `millrace run`: processes files that are on the server. */
export const runCommand = (context: Context): Command =>
	withResults(serverCommand('run'))
		.description('submit a task')
		.usage('[options] <type> [files...] [--PARAMETER VALUE...]')
		.argument('[type]', 'the task type, such as thumbnail; see: millrace task-types')
		.argument('[files...]', 'paths or ids of files on the server, or dataset:NAME[/path][@version]')
		// The task type's parameters are options too: which ones only the server knows.
		.allowUnknownOption()
		.helpOption(false)
		.option('-h, --help', 'this help; after a task type its parameters too')
		.addOption(
			new Option('--param <NAME=VALUE>', 'a parameter; repeatable').argParser(collect).default([] as string[], 'none'),
		)
		.addOption(new Option('--params <JSON>', 'all parameters as a JSON object, or @FILE').conflicts('param'))
		.option('--queue-key <KEY>', 'the routing key, such as priority.thumbnail (default: the task type’s)', routingKey)
		.option('--priority <N>', '0 (last) to 9 (first) among your own tasks (default: 4)', wholeNumber(0, 9))
		.option(
			'--class <NAME>',
			'a service class, such as background: only when there is capacity to spare (default: yours)',
		)
		.addOption(
			new Option('--secret <SLOT=NAME>', 'a secret of yours that the task is given; repeatable; see: millrace secrets')
				.argParser(collect)
				.default([] as string[], 'none'),
		)
		.option('--each', 'one task for each file')
		.addOption(
			new Option('--estimate', 'only tell what it would cost, and whether budgets have room for it').conflicts('wait'),
		)
		.option('--wait', 'wait until the tasks have ended, and show them')
		.option('--json', 'as JSON: {"ids": […]}, with --wait {"items": […]}, with --estimate what the API answers')
		.addHelpText(
			'after',
			`
Examples:
  millrace run thumbnail /photo.jpg --width 200 --height 200 --wait
  millrace run thumbnail --help
  millrace run resize /a.jpg --width 200 --results beside
  millrace run md5 /a.bin /b.bin --queue-key priority.md5
  millrace run md5 /a.bin --class background
  millrace run thumbnail /photo.jpg --width 200 --estimate
  millrace run thumbnail dataset:sample-images/shapes --each
  millrace run x-topic --topic mills --secret bearerToken=x-token
  millrace run noop --params '{"sleepMs": 100}'`,
		)
		.action(async (name: string | undefined, tokens: string[], options: Options, command: Command) => {
			const isNamed = name !== undefined && !name.startsWith('-');
			if (options.help) await help(context, command, isNamed ? name : undefined, options);
			else if (isNamed) await run(context, { name, tokens, command }, options);
			else
				throw usageError(
					'Name the task type first: millrace run TYPE FILES…; see which there are: millrace task-types',
				);
		});
