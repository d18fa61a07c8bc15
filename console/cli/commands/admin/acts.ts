import { Command } from 'commander';
import type { HttpClient } from '../../../../shared/client/http-client.ts';
import { listActs, undoAct } from '../../../../shared/client/task-steering.ts';
import type { ActView } from '../../../../shared/protocol/act.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { type Context, serverCommand } from '../../context.ts';
import { wholeNumber } from '../../number-option.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { localTime } from '../../terminal/words.ts';
import { readNodes } from '../nodes.ts';
import { tellSteered } from './tell-steered.ts';

interface Options extends ServerChoice {
	json?: boolean;
	limit: number;
}

const COLUMNS = [
	{ title: 'ID' },
	{ title: 'WHEN' },
	{ title: 'BY' },
	{ title: 'WHAT' },
	{ title: 'CHANGED', side: 'right' as const },
	{ title: 'STATE' },
	{ title: 'TO' },
	{ title: 'REASON' },
];

const rowOf = (act: ActView, names: ReadonlyMap<string, string>): string[] => [
	act.id,
	localTime(act.at),
	act.by,
	act.verb,
	`${act.changed}/${act.matched}`,
	act.undone === null ? act.state : `undone by ${act.undone.by}`,
	names.get(act.object) ?? act.object,
	typeof act.detail.reason === 'string' ? act.detail.reason : '',
];

/** Nodes are written down by their ids; the names of those that are still known, by id. */
const nodeNames = async (http: HttpClient, acts: readonly ActView[], signal: AbortSignal) => {
	if (!acts.some(({ object }) => idSchema('node').safeParse(object).success)) return new Map<string, string>();
	return new Map((await readNodes(http, signal)).map(({ id, name }) => [id, name]));
};

/** `millrace admin acts`: what was done to tasks, queues and nodes, and the way back. */
export const actsCommand = (context: Context): Command => {
	const command = new Command('acts').description('what was done to tasks, queues and nodes; undo it').addHelpText(
		'after',
		`
Examples:
  millrace admin acts list
  millrace admin acts undo act_01…`,
	);
	command.addCommand(
		serverCommand('list')
			.description('the newest acts of the last seven days')
			.option('--limit <N>', 'at most so many', wholeNumber(1, 1_000), 50)
			.option('--json', 'as JSON')
			.action(async (options: Options) => {
				const http = await context.connect(options);
				const page = await listActs(http, { limit: options.limit }, { signal: context.signal });
				if (options.json) context.out.json(page);
				else if (page.items.length === 0) context.out.note('Nothing was done in the last seven days.');
				else {
					const names = await nodeNames(http, page.items, context.signal);
					const rows = page.items.map((act) => rowOf(act, names));
					printTable(context.out, COLUMNS, rows);
				}
			}),
		{ isDefault: true },
	);
	command.addCommand(
		serverCommand('undo')
			.description('put back what an act changed, where nothing else has changed it since')
			.argument('<id>', 'the act')
			.option('--json', 'as JSON')
			.action(async (id: string, options: Options) => {
				const http = await context.connect(options);
				tellSteered(context, await undoAct(http, id), 'put back', options.json === true, {
					left: 'had started or changed since and stay as they are',
				});
			}),
	);
	return command;
};
