import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
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
import type { ServerChoice } from '../settings/connection.ts';
import { readPair, readParameters, readParametersJson, requireFitting } from '../tasks/parameters.ts';
import { localTime } from '../terminal/words.ts';

export interface TimeOptions {
	cron?: string;
	every?: number;
	zone?: string;
}

interface Options extends ServerChoice, TimeOptions {
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

const create = async (context: Context, name: string, type: string, files: readonly string[], options: Options) => {
	const times = timesOf(options);
	const http = await context.connect(options);
	const { signal, out } = context;
	const manifest = await typeNamed(http, type, signal);
	const parameters = await parametersOf(options, manifest);
	requireFitting(parameters, manifest.parameters);
	const inputs: TaskInput[] = [];
	for (const file of files) inputs.push(...(await inputsOf(http, file, signal)));
	const { queueKey, priority, class: serviceClass, misfire, overlap, pauseAfter, paused } = options;
	const given = { routingKey: queueKey, priority, serviceClass, misfire, overlap, pauseAfter, paused };
	const asked = Object.entries(given).filter(([, value]) => value !== undefined);
	const made = await createSchedule(http, { name, type, ...times, parameters, inputs, ...Object.fromEntries(asked) });
	if (options.json) return out.json(made);
	const next = made.nextRunAt === null ? 'It is paused.' : `It runs next at ${localTime(made.nextRunAt)}.`;
	out.line(`${made.name}: ${made.sentence}. ${next}`);
};

const collect = (item: string, items: string[]): string[] => [...items, item];

/** `millrace schedules create`. */
export const addScheduleCommand = (context: Context): Command =>
	withTimes(serverCommand('create').description('run a task again and again'))
		.argument('<name>')
		.argument('<type>', 'the task type, such as md5')
		.argument('[files...]', 'paths or ids of files on the server; each run takes them as they are then')
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
  millrace schedules create tidy noop --every 10m --class background --overlap queue`,
		)
		.action((name: string, type: string, files: string[], options: Options) =>
			create(context, name, type, files, options),
		);
