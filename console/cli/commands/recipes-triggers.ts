import { type Command, Option } from 'commander';
import { answeredJson } from '../../../shared/client/http-client.ts';
import { readJob } from '../../../shared/client/jobs.ts';
import {
	applyTrigger,
	createTrigger,
	deleteTrigger,
	dryApplyTrigger,
	listFirings,
	listTriggers,
} from '../../../shared/client/triggers.ts';
import { FIRING_EVENTS, type FiringEvent, type NewTrigger } from '../../../shared/protocol/trigger.ts';
import type { Context } from '../context.ts';
import { usageError } from '../failure.ts';
import { findRecipe, readRecipes } from '../recipes/find-recipe.ts';
import type { RecipeOptions } from '../recipes/recipe-options.ts';
import { showDryRun, showJob } from '../recipes/show-job.ts';
import { remotePath } from '../remote/remote-path.ts';
import { printTable } from '../terminal/table.ts';
import { counted, localTime } from '../terminal/words.ts';
import { routingKey } from './run.ts';

interface Options extends RecipeOptions {
	folder: string;
	type: string[];
	on?: string;
	flat?: boolean;
	results?: boolean;
	class?: string;
	queueKey?: string;
}

const eventsOf = (text: string): FiringEvent[] => {
	const events = text.split(',');
	const wrong = events.find((event) => !(FIRING_EVENTS as readonly string[]).includes(event));
	if (wrong !== undefined) throw usageError(`--on takes ${FIRING_EVENTS.join(', ')}, joined by commas; not ${wrong}.`);
	return events as FiringEvent[];
};

const attach = async (context: Context, named: string, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const { id, name } = await findRecipe(http, named, context.signal);
	const { folder, type, on, flat, results, class: serviceClass, queueKey } = options;
	const draft: NewTrigger = {
		...{ recipe: id, folder: remotePath(folder), recursive: flat !== true, includeResults: results === true },
		...(type.length === 0 ? {} : { mediaTypes: type }),
		...(on === undefined ? {} : { events: eventsOf(on) }),
		...(serviceClass === undefined ? {} : { serviceClass }),
		...(queueKey === undefined ? {} : { routingKey: queueKey }),
	};
	const made = await createTrigger(http, draft);
	if (options.json) context.out.json(made);
	else context.out.line(`${name} starts by ${made.events.join(' and ')} in ${made.folder} (${made.id}).`);
};

interface ApplyOptions extends RecipeOptions {
	again?: boolean;
	dryRun?: boolean;
}

const apply = async (context: Context, id: string, { again = false, ...options }: ApplyOptions): Promise<void> => {
	const { out, signal } = context;
	const http = await context.connect(options);
	if (options.dryRun) {
		const dry = await dryApplyTrigger(http, id, again, { signal });
		if (options.json) out.json(dry);
		else showDryRun(out, dry);
		return;
	}
	const job = await readJob(http, (await applyTrigger(http, id, again)).id, { signal });
	if (options.json) out.json(job);
	else showJob(out, job);
};

const COLUMNS = [
	{ title: 'ID' },
	{ title: 'RECIPE' },
	{ title: 'FOLDER' },
	{ title: 'TYPES' },
	{ title: 'ON' },
	{ title: 'LAST FIRED' },
];

const list = async (context: Context, options: RecipeOptions): Promise<void> => {
	const { signal, out } = context;
	const http = await context.connect(options);
	const { items } = await listTriggers(http, { limit: 1000 }, { signal });
	if (options.json) {
		out.json({ items: items.map((trigger) => answeredJson(trigger)) });
		return;
	}
	if (items.length === 0) out.note('Nothing starts by itself: millrace recipes attach --help');
	const names = new Map((await readRecipes(http, signal)).map(({ id, name }) => [id, name]));
	const rows = items.map((one) => [
		one.id,
		names.get(one.recipe) ?? one.recipe,
		`${one.folder}${one.recursive ? '' : ' (not below)'}`,
		one.mediaTypes.join(' '),
		`${one.events.join(', ')}${one.includeResults ? ', results' : ''}${one.enabled ? '' : ' (off)'}`,
		one.lastFiredAt === null ? 'never' : localTime(one.lastFiredAt),
	]);
	printTable(out, COLUMNS, rows);
};

const firings = async (context: Context, id: string, options: RecipeOptions): Promise<void> => {
	const { items } = await listFirings(await context.connect(options), id, {}, { signal: context.signal });
	if (options.json) {
		context.out.json({ items: items.map((one) => answeredJson(one)) });
		return;
	}
	if (items.length === 0) context.out.note('It has done nothing yet.');
	const columns = [{ title: 'AT' }, { title: 'FILE' }, { title: 'ON' }, { title: 'STATE' }, { title: 'REASON' }];
	const rows = items.map((one) => [
		localTime(one.at),
		`${one.name} (version ${one.version})`,
		one.event,
		one.state === 'fired' ? `fired, ${counted(one.tasks, 'task')}` : one.state.replaceAll('-', ' '),
		one.reason ?? '',
	]);
	printTable(context.out, columns, rows);
};

const collect = (item: string, items: string[]): string[] => [...items, item];

export const addRecipeTriggers = (context: Context, add: (name: string, description: string) => Command): void => {
	add('attach', 'let a recipe start by itself')
		.argument('<recipe>', 'name or id')
		.option('--folder <PATH>', 'for files in this folder', '/')
		.option('--flat', 'not for files in folders below it')
		.addOption(
			new Option('--type <TYPE>', 'only for such files, for example image/*; repeatable')
				.argParser(collect)
				.default([] as string[], 'all'),
		)
		.option('--on <EVENTS>', 'upload, update, or access alone (default: upload,update)')
		.option('--results', 'also for what tasks put out')
		.option('--class <CLASS>', 'the service class that its tasks go by')
		.option('--queue-key <KEY>', 'the routing key (default: that of each step)', routingKey)
		.addHelpText(
			'after',
			'\nExamples:\n  millrace recipes attach Small --folder /photos --type "image/*" --on upload,update',
		)
		.action((named: string, options: Options) => attach(context, named, options));
	add('triggers', 'list what starts by itself').action((options: RecipeOptions) => list(context, options));
	add('firings', 'list what a trigger has started, waits for, or left out')
		.argument('<trigger>', 'its id; see: millrace recipes triggers')
		.action((id: string, options: RecipeOptions) => firings(context, id, options));
	add('apply', 'let a trigger fire for what is there already, when nodes have nothing else to do')
		.argument('<trigger>', 'its id; see: millrace recipes triggers')
		.option('--again', 'also for what it has fired for before')
		.option('--dry-run', 'only count')
		.action((id: string, options: ApplyOptions) => apply(context, id, options));
	add('detach', 'delete a trigger; what it has started goes on')
		.argument('<trigger>', 'its id; see: millrace recipes triggers')
		.action(async (id: string, options: RecipeOptions) => {
			await deleteTrigger(await context.connect(options), id);
			if (options.json) context.out.json({ id, deleted: true });
			else context.out.line(`${id} is gone.`);
		});
};
