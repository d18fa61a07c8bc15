import { Command } from 'commander';
import { answeredJson, type HttpClient } from '../../../shared/client/http-client.ts';
import { eachItem } from '../../../shared/client/page.ts';
import {
	deleteSource,
	listSourceItems,
	listSources,
	pauseSource,
	readSourceUse,
	resetSource,
	resumeSource,
	runSource,
} from '../../../shared/client/sources.ts';
import type { SourceView } from '../../../shared/protocol/source.ts';
import { type Context, serverCommand } from '../context.ts';
import { wholeNumber } from '../number-option.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { addSourceCommand, changeSourceCommand } from '../sources/add-source.ts';
import { findSource } from '../sources/find-source.ts';
import { ITEM_COLUMNS, itemRow, runWords, showSource, USE_COLUMNS, useRow } from '../sources/show-source.ts';
import { confirm } from '../terminal/confirm.ts';
import { printTable } from '../terminal/table.ts';
import { localTime } from '../terminal/words.ts';

interface Options extends ServerChoice {
	json?: boolean;
	yes?: boolean;
	owner?: string;
	reason?: string;
	limit?: number;
}

const COLUMNS = ['NAME', 'TYPE', 'STATE', 'DATASET', 'NEXT RUN', 'LAST RUN'].map((title) => ({ title }));

const list = async (context: Context, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const { signal, out } = context;
	const owner = options.owner === undefined ? {} : { owner: options.owner };
	const pages = (cursor?: string) => listSources(http, { ...owner, ...(cursor ? { cursor } : {}) }, { signal });
	const found: SourceView[] = [];
	for await (const source of eachItem(pages)) found.push(source);
	if (options.json) return out.json({ items: found.map((source) => answeredJson(source)) });
	if (found.length === 0) out.note('There are no sources yet: millrace sources create --help');
	const rows = found.map(({ name, type, state, dataset, schedules, lastRun }) => [
		...[name, type],
		{ text: state, style: state === 'stopped' ? ('yellow' as const) : undefined },
		dataset.name,
		schedules[0]?.nextRunAt ? localTime(schedules[0].nextRunAt) : '',
		lastRun === null ? 'never' : runWords(lastRun),
	]);
	printTable(out, COLUMNS, rows);
};

type Act = (http: HttpClient, source: SourceView, options: Options) => Promise<unknown>;

/** `millrace sources`: topics that are gathered into datasets. */
export const sourcesCommand = (context: Context): Command => {
	const command = new Command('sources').description('gather topics (feeds, posts, addresses) into datasets');
	const add = (made: Command): Command => {
		command.addCommand(made.option('--json', 'as JSON'));
		return made;
	};
	/** What is done, and the sentence that tells of it. */
	const act = (name: string, description: string, does: Act, tell: (answer: unknown) => string): Command =>
		add(serverCommand(name).description(description).argument('<source>', 'name or id')).action(
			async (named: string, options: Options) => {
				const http = await context.connect(options);
				const answer = await does(http, await findSource(http, named, context.signal), options);
				if (options.json) context.out.json(answer as object);
				else context.out.line(tell(answer));
			},
		);
	const stateOf = (answer: unknown): string => {
		const { name, state } = answer as SourceView;
		return `${name} is ${state}.`;
	};

	add(serverCommand('list').description('list your sources'))
		.option('--owner <ID>', 'another person’s, or all (operators)')
		.action((options: Options) => list(context, options));
	add(addSourceCommand(context));
	add(changeSourceCommand(context));
	add(serverCommand('show').description('what a source gathers, how it goes, and what is left of its month'))
		.argument('<source>', 'name or id')
		.action(async (named: string, options: Options) => {
			const source = await findSource(await context.connect(options), named, context.signal);
			if (options.json) context.out.json(answeredJson(source));
			else showSource(context.out, source);
		});
	add(serverCommand('items').description('what a source has brought, newest first'))
		.argument('<source>', 'name or id')
		.option('--limit <N>', 'so many (default: 20)', wholeNumber(1, 200), 20)
		.action(async (named: string, options: Options) => {
			const http = await context.connect(options);
			const { id } = await findSource(http, named, context.signal);
			const { items } = await listSourceItems(http, id, { limit: options.limit ?? 20 }, { signal: context.signal });
			if (options.json) return context.out.json({ items: items.map((item) => answeredJson(item)) });
			if (items.length === 0) context.out.note('It has brought nothing yet.');
			printTable(context.out, ITEM_COLUMNS, items.map(itemRow));
		});
	add(serverCommand('use').description('what a source has taken in the last months'))
		.argument('<source>', 'name or id')
		.action(async (named: string, options: Options) => {
			const http = await context.connect(options);
			const { id } = await findSource(http, named, context.signal);
			const { items } = await readSourceUse(http, id, { signal: context.signal });
			if (options.json) context.out.json({ items: items.map((month) => answeredJson(month)) });
			else printTable(context.out, USE_COLUMNS, items.map(useRow));
		});
	act(
		'run',
		'run it now',
		(http, { id }) => runSource(http, id),
		(answer) => {
			const { task, started } = answer as { task: string; started: boolean };
			return started ? task : `It runs already: ${task}`;
		},
	);
	act(
		'pause',
		'let it run no more until it is resumed',
		(http, { id }, { reason }) => pauseSource(http, id, reason),
		stateOf,
	).option('--reason <TEXT>', 'why, for whoever looks at it');
	act('resume', 'let it go on from where it was left', (http, { id }) => resumeSource(http, id), stateOf);
	act(
		'reset',
		'forget where it was left: the next run begins anew',
		async (http, { id, name }, { yes }) => {
			await confirm(context, `Let ${name} begin anew? What is in its dataset may come again.`, yes === true);
			return resetSource(http, id, name);
		},
		() => 'Its next run begins anew.',
	).option('--yes', 'do not ask');
	act(
		'delete',
		'delete it with its schedule; its dataset stays',
		async (http, { id, dataset }) => {
			await deleteSource(http, id);
			return { id, deleted: true, dataset: dataset.name };
		},
		(answer) => `It is deleted; the dataset ${(answer as { dataset: string }).dataset} stays.`,
	);
	return command.addHelpText(
		'after',
		`
Examples:
  millrace sources create feed-topic Mills --param url=https://example.org/feed.xml --include mill
  millrace sources run Mills
  millrace sources items Mills --limit 50
  millrace sources use Mills`,
	);
};
