import { Command } from 'commander';
import { listChores, runChore } from '../../../../shared/client/upkeep.ts';
import type { ChoreView } from '../../../../shared/protocol/chore.ts';
import { type Context, serverCommand } from '../../context.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import type { Cell } from '../../terminal/table.ts';
import { printTable } from '../../terminal/table.ts';
import { durationInWords, localTime } from '../../terminal/words.ts';
import { followChore } from './follow-chore.ts';

interface Options extends ServerChoice {
	json?: boolean;
	wait?: boolean;
}

const COLUMNS = [
	{ title: 'NAME' },
	{ title: 'EVERY' },
	{ title: 'LAST' },
	{ title: 'OUTCOME' },
	{ title: 'TOOK', side: 'right' as const },
	{ title: 'NEXT' },
	{ title: 'WHAT' },
];

const outcomeOf = ({ isRunning, last }: ChoreView): string | Cell => {
	if (isRunning) return { text: 'running', style: 'yellow' };
	if (last === null) return 'not yet';
	return { text: last.outcome, style: last.outcome === 'failed' ? 'red' : 'green' };
};

const rowOf = (chore: ChoreView): (string | Cell)[] => [
	chore.name,
	durationInWords(chore.everyMs),
	chore.startedAt === null ? '' : localTime(chore.startedAt),
	outcomeOf(chore),
	chore.last === null ? '' : durationInWords(chore.last.tookMs),
	chore.nextAt === null ? '' : localTime(chore.nextAt),
	chore.last?.words ? `${chore.what}: ${chore.last.words}` : chore.what,
];

/** `millrace admin chores`: what the coordinator does by itself, and how that goes. */
export const choresCommand = (context: Context): Command => {
	const command = new Command('chores')
		.description('what the coordinator does by itself again and again; begin one now (administrators)')
		.addHelpText(
			'after',
			`
Examples:
  millrace admin chores
  millrace admin chores run sweep-content`,
		);
	command.addCommand(
		serverCommand('list')
			.description('every chore with its last run, how that went, and its next')
			.option('--json', 'as JSON: {"items": […]}')
			.action(async (options: Options) => {
				const items = await listChores(await context.connect(options), { signal: context.signal });
				if (options.json) context.out.json({ items });
				else printTable(context.out, COLUMNS, items.map(rowOf));
			}),
		{ isDefault: true },
	);
	command.addCommand(
		serverCommand('run')
			.description('begin one now and wait for its end')
			.argument('<name>', 'which one')
			.option('--no-wait', 'do not wait for its end')
			.option('--json', 'as JSON')
			.action(async (name: string, options: Options) => {
				const http = await context.connect(options);
				const begun = await runChore(http, name);
				const chore = options.wait === false ? begun : await followChore(context, http, begun);
				if (options.json) context.out.json(chore);
				else if (options.wait === false) context.out.line(`${name} has begun.`);
				else context.out.line(`${name} is done${chore.last?.words ? `: ${chore.last.words}` : '.'}`);
			}),
	);
	return command;
};
