import { Command, Option } from 'commander';
import { steerTasks } from '../../../../shared/client/task-steering.ts';
import type { TaskFilter, TaskVerb } from '../../../../shared/protocol/act.ts';
import { taskListStateSchema } from '../../../../shared/protocol/task.ts';
import { type Context, serverCommand } from '../../context.ts';
import { usageError } from '../../failure.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { confirm } from '../../terminal/confirm.ts';
import { counted } from '../../terminal/words.ts';
import { findUserId } from './find-user.ts';
import { tellSteered } from './tell-steered.ts';

interface Options extends ServerChoice {
	state?: TaskFilter['state'];
	type?: string;
	queue?: string;
	owner?: string;
	class?: string;
	error?: string;
	node?: string;
	file?: string;
	job?: string;
	budget?: string;
	before?: string;
	after?: string;
	reason?: string;
	to?: string;
	force?: boolean;
	dryRun?: boolean;
	yes?: boolean;
	json?: boolean;
}

const VERBS: Record<TaskVerb, { description: string; done: string }> = {
	hold: { description: 'keep tasks out of line until they are released', done: 'held' },
	release: { description: 'put held tasks back into line', done: 'released' },
	boost: { description: 'let tasks go before everything that is not boosted', done: 'boosted' },
	unboost: { description: 'let boosted tasks wait like any other', done: 'unboosted' },
	move: { description: 'give tasks that do not run another routing key', done: 'moved' },
	cancel: { description: 'cancel tasks for good', done: 'cancelled' },
	retry: { description: 'queue tasks again that ended without success', done: 'queued again' },
};

const instant = (text: string | undefined): string | undefined => {
	if (text === undefined) return undefined;
	const at = new Date(text);
	if (Number.isNaN(at.getTime())) throw usageError(`${text} is not a time such as 2026-03-01T08:00.`);
	return at.toISOString();
};

const filterOf = (options: Options): TaskFilter => {
	const { state, type, queue, owner, error, node, file, job, budget } = options;
	const all = { state, type, queue, owner, serviceClass: options.class, errorCode: error, node, file, job, budget };
	const times = { before: instant(options.before), after: instant(options.after) };
	return Object.fromEntries(Object.entries({ ...all, ...times }).filter(([, value]) => value !== undefined));
};

const run = async (context: Context, verb: TaskVerb, ids: string[], options: Options): Promise<void> => {
	const named = filterOf(options);
	const isFiltered = Object.keys(named).length > 0;
	if (ids.length > 0 === isFiltered) {
		throw usageError(
			`Name tasks by id, or say which by --state, --type, --queue, --owner, --class, --node, --file, --job, --budget or --error.`,
		);
	}
	const http = await context.connect(options);
	const { owner } = named;
	const filter = owner === undefined ? named : { ...named, owner: await findUserId(http, owner, context.signal) };
	const request = {
		verb,
		...(isFiltered ? { filter } : { ids }),
		...(options.reason === undefined ? {} : { reason: options.reason }),
		...(options.to === undefined ? {} : { routingKey: options.to }),
		...(options.force ? { force: true } : {}),
	};
	const json = options.json === true;
	const { done } = VERBS[verb];
	const words = { undoable: verb !== 'retry' };
	if (!isFiltered && !options.dryRun) return tellSteered(context, await steerTasks(http, request), done, json, words);
	const seen = await steerTasks(http, { ...request, dryRun: true });
	if (options.dryRun) {
		if (json) context.out.json(seen);
		else context.out.line(`${counted(seen.matched, 'task')} would be ${done}.`);
		return;
	}
	if (seen.matched === 0) return tellSteered(context, seen, done, json);
	await confirm(context, `${counted(seen.matched, 'task')} will be ${done}. Go on?`, options.yes === true);
	// Never more than was seen.
	tellSteered(context, await steerTasks(http, { ...request, expected: seen.matched }), done, json, words);
};

/** `millrace admin tasks`: one thing done to many tasks. */
export const adminTasksCommand = (context: Context): Command => {
	const command = new Command('tasks')
		.description('hold, release, boost, move, cancel or retry many tasks')
		.addHelpText(
			'after',
			`
Examples:
  millrace admin tasks hold --queue normal --type thumbnail --reason 'the disk of vm-2 is full'
  millrace admin tasks release --queue normal --yes
  millrace admin tasks boost tsk_01…
  millrace admin tasks hold --owner ada --dry-run
  millrace admin tasks move --queue hardware --to normal.convert --dry-run
  millrace admin tasks retry --state failed --error timeout --yes`,
		);
	for (const [verb, { description }] of Object.entries(VERBS) as [TaskVerb, (typeof VERBS)[TaskVerb]][]) {
		const made = serverCommand(verb)
			.description(description)
			.argument('[ids...]', 'which ones, by id')
			.addOption(new Option('--state <STATE>', 'those in this state').choices(taskListStateSchema.options))
			.option('--type <TYPE>', 'those of this type')
			.option('--queue <NAME>', 'those of this queue')
			.option('--owner <USER>', 'those of this person, by name or id')
			.option('--class <NAME>', 'those of this service class')
			.option('--error <CODE>', 'those that ended with this error')
			.option('--node <NAME>', 'those that run there, or ran there last')
			.option('--file <ID>', 'those of this file')
			.option('--job <ID>', 'those of this job')
			.option('--budget <ID>', 'those that wait for room in this budget')
			.option('--before <TIME>', 'those submitted before')
			.option('--after <TIME>', 'those submitted then or later')
			.option('--reason <TEXT>', 'why; kept with the act')
			.option('--dry-run', 'only count them')
			.option('--yes', 'do not ask')
			.option('--json', 'as JSON');
		if (verb === 'move') {
			made.requiredOption('--to <KEY>', 'the routing key').option('--force', 'even if it reaches no queue');
		}
		command.addCommand(made.action((ids: string[], options: Options) => run(context, verb, ids, options)));
	}
	return command;
};
