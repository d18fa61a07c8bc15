import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { createSchedule } from '../../../shared/client/schedules.ts';
import { parseDuration } from '../../../shared/duration.ts';
import type { Json } from '../../../shared/protocol/json.ts';
import { MISFIRES, OVERLAPS } from '../../../shared/protocol/schedule.ts';
import type { TaskInput } from '../../../shared/protocol/task.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { inputsOf, routingKey, typeNamed } from '../commands/run.ts';
import { type Context, serverCommand } from '../context.ts';
import { usageError } from '../failure.ts';
import { wholeNumber } from '../number-option.ts';
import { findRecipe } from '../recipes/find-recipe.ts';
import { overOf } from '../recipes/targets.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { readPair, readParameters, readParametersJson, requireFitting } from '../tasks/parameters.ts';
import { filingOf, type ResultsOptions, withResults } from '../tasks/results-option.ts';
import { localTime } from '../terminal/words.ts';

export interface TimeOptions {
	cron?: string;
	every?: number;
	zone?: string;
}

interface Options extends ServerChoice, TimeOptions, ResultsOptions {
	recipe?: string;
	over: string[];
	type: string[];
	together?: boolean;
	lane?: 'fresh' | 'backfill';
	param: string[];
	params?: string;
	queueKey?: string;
	priority?: number;
	class?: string;
	misfire?: (typeof MISFIRES)[number];
	overlap?: (typeof OVERLAPS)[number];
	pauseAfter?: number;
	paused?: boolean;
	json?: boolean;
}

const interval = (text: string): number => {
	const ms = parseDuration(text);
	if (ms !== null && ms >= 10_000 && ms % 1_000 === 0) return ms;
	throw new InvalidArgumentError('It must be a duration of whole seconds such as 10m or 90s, and at least 10s.');
};

/** The zone of this machine, as that is what people mean by half past seven. */
const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What the options say of times. */
export const timesOf = ({ cron, every, zone }: TimeOptions) => {
	if ((cron === undefined) === (every === undefined)) {
		throw usageError('When? Give --cron "30 7 * * *" or --every 10m.');
	}
	return {
		...(cron === undefined ? {} : { cron }),
		...(every === undefined ? {} : { every }),
		timeZone: zone ?? ownZone(),
	};
};

export const withTimes = (command: Command): Command =>
	command
		.option('--cron <PATTERN>', 'minute, hour, day, month, day of the week, such as "30 7 * * 1-5"; or @daily')
		.option('--every <DURATION>', 'at intervals, such as 10m', interval)
		.option('--zone <ZONE>', 'in which the times are meant, such as Europe/London (default: this machine’s)');

const parametersOf = async ({ param, params }: Options, type: Manifest): Promise<Record<string, Json>> => {
	if (params === undefined) return readParameters(param.map(readPair), type.parameters);
	return readParametersJson(params.startsWith('@') ? await readFile(params.slice(1), 'utf8') : params);
};

/** A task of a type, each time. */
const taskWish = async (
	http: HttpClient,
	type: string,
	files: readonly string[],
	options: Options,
	signal: AbortSignal,
) => {
	const { recipe, over, type: types, together, lane } = options;
	if (over.length > 0 || types.length > 0 || together || lane) {
		throw usageError('--over, --type, --together and --lane go with --recipe NAME.');
	}
	if (recipe !== undefined) throw usageError(`Give a task type, or --recipe ${recipe}, not both.`);
	const manifest = await typeNamed(http, type, signal);
	const parameters = await parametersOf(options, manifest);
	requireFitting(parameters, manifest.parameters);
	const inputs: TaskInput[] = [];
	for (const file of files) inputs.push(...(await inputsOf(http, file, signal)));
	return { type, parameters, inputs, ...given({ priority: options.priority }) };
};

/** A recipe over files, each time. */
const recipeWish = async (http: HttpClient, named: string, options: Options, signal: AbortSignal) => {
	const { over, type, together, lane, param, params, priority } = options;
	if (param.length > 0 || params !== undefined || priority !== undefined) {
		throw usageError('The steps of a recipe say their parameters and priority: millrace recipes edit.');
	}
	const { id } = await findRecipe(http, named, signal);
	return {
		recipe: id,
		...given({ lane, spread: together ? ('together' as const) : undefined }),
		...(over.length === 0 ? {} : { over: await overOf(http, over, type, signal) }),
	};
};

const wishOf = (http: HttpClient, what: readonly string[], options: Options, signal: AbortSignal) => {
	const [type, ...files] = what;
	if (type !== undefined) return taskWish(http, type, files, options, signal);
	if (options.recipe !== undefined) return recipeWish(http, options.recipe, options, signal);
	throw usageError('What? Give a task type such as md5, or --recipe NAME.');
};

/** What is there of it. */
const given = <T extends object>(fields: T) =>
	Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
		[Name in keyof T]?: Exclude<T[Name], undefined>;
	};

const create = async (context: Context, name: string, what: readonly string[], options: Options) => {
	const times = timesOf(options);
	const results = filingOf(options) ?? undefined;
	const http = await context.connect(options);
	const wish = await wishOf(http, what, options, context.signal);
	const { queueKey, class: serviceClass, misfire, overlap, pauseAfter, paused } = options;
	const asked = given({ routingKey: queueKey, serviceClass, misfire, overlap, pauseAfter, paused, results });
	const made = await createSchedule(http, { name, ...times, ...wish, ...asked });
	if (options.json) return context.out.json(made);
	const next = made.nextRunAt === null ? 'It is paused.' : `It runs next at ${localTime(made.nextRunAt)}.`;
	context.out.line(`${made.name}: ${made.sentence}. ${next}`);
};

const collect = (item: string, items: string[]): string[] => [...items, item];

/** `millrace schedules create`. */
export const addScheduleCommand = (context: Context): Command =>
	withResults(withTimes(serverCommand('create').description('run a task, or a recipe, again and again')))
		.argument('<name>')
		.argument('[type]', 'the task type, such as md5; or give --recipe')
		.argument('[files...]', 'paths or ids of files on the server; each run takes them as they are then')
		.option('--recipe <NAME>', 'run a recipe, by its name or id, as it is then')
		.addOption(
			new Option(
				'--over <TARGET>',
				'what the recipe is run over: a folder, files (repeatable), or dataset:NAME[/path][@version]',
			)
				.argParser(collect)
				.default([] as string[], 'no files'),
		)
		.addOption(
			new Option('--type <TYPE>', 'of a folder or dataset only such files, for example image/*; repeatable')
				.argParser(collect)
				.default([] as string[], 'any'),
		)
		.option('--together', 'with --over and files: all of them in one task a step')
		.addOption(
			new Option('--lane <LANE>', 'with --recipe; backfill: after all fresh work').choices(['fresh', 'backfill']),
		)
		.addOption(
			new Option('--param <NAME=VALUE>', 'a parameter; repeatable').argParser(collect).default([] as string[], 'none'),
		)
		.addOption(new Option('--params <JSON>', 'all parameters as a JSON object, or @FILE').conflicts('param'))
		.option('--queue-key <KEY>', 'the routing key (default: the task type’s)', routingKey)
		.option('--priority <N>', '0 (last) to 9 (first) among your own tasks (default: 4)', wholeNumber(0, 9))
		.option('--class <NAME>', 'a service class, such as background: only when there is capacity to spare')
		.addOption(
			new Option('--misfire <WHAT>', 'times that passed while nothing could run (default: once)').choices(MISFIRES),
		)
		.addOption(new Option('--overlap <WHAT>', 'when the last run has not ended (default: skip)').choices(OVERLAPS))
		.option('--pause-after <N>', 'failures in a row; 0: never (default: 5)', wholeNumber(0, 1_000))
		.option('--paused', 'make it, and let it wait to be resumed')
		.addHelpText(
			'after',
			`
Examples:
  millrace schedules create morning md5 /report.pdf --cron "30 7 * * *" --zone Europe/London
  millrace schedules create tidy noop --every 10m --class background --overlap queue
  millrace schedules create small --recipe Small --over /photos --type 'image/*' --cron "0 2 * * *" --results /small`,
		)
		.action((name: string, type: string | undefined, files: string[], options: Options) =>
			create(context, name, type === undefined ? [] : [type, ...files], options),
		);
