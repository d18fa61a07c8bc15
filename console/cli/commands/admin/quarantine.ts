import { Command, Option } from 'commander';
import type { HttpClient } from '../../../../shared/client/http-client.ts';
import { discardQuarantine, readQuarantine, replayQuarantine } from '../../../../shared/client/task-steering.ts';
import { CodedError } from '../../../../shared/coded-error.ts';
import type { QuarantineGroup } from '../../../../shared/protocol/quarantine.ts';
import { type Context, serverCommand } from '../../context.ts';
import { usageError } from '../../failure.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { confirm } from '../../terminal/confirm.ts';
import { printTable } from '../../terminal/table.ts';
import { counted, localTime } from '../../terminal/words.ts';
import { tellSteered } from './tell-steered.ts';

interface Options extends ServerChoice {
	json?: boolean;
	limit?: string;
	reason?: string;
	yes?: boolean;
}

const COLUMNS = [
	{ title: 'GROUP' },
	{ title: 'TASKS', side: 'right' as const },
	{ title: 'PEOPLE', side: 'right' as const },
	{ title: 'NODES', side: 'right' as const },
	{ title: 'TYPE' },
	{ title: 'ERROR' },
	{ title: 'LAST SEEN' },
	{ title: 'MESSAGE' },
];

const rowOf = (group: QuarantineGroup): string[] => [
	group.group,
	String(group.count),
	String(group.people),
	String(group.nodes),
	group.type,
	group.errorCode,
	localTime(group.lastSeenAt),
	group.message,
];

const limitOf = (text: string | undefined): 'one' | 'all' | number => {
	if (text === undefined || text === 'one' || text === 'all') return text ?? 'one';
	if (!/^[1-9]\d{0,6}$/.test(text)) throw usageError(`--limit ${text} is neither one, all nor a number.`);
	return Number(text);
};

const list = async (context: Context, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const answer = await readQuarantine(http, { signal: context.signal });
	if (options.json) return context.out.json(answer);
	if (answer.groups.length === 0) return context.out.note('Nothing has failed.');
	printTable(context.out, COLUMNS, answer.groups.map(rowOf));
	if (answer.truncated) context.out.note(`These are the causes of the newest ${answer.tasks} tasks; there are more.`);
};

const WHOLE_GROUP = /^[0-9a-f]{16}$/;

/** The group whose id begins so, as only one does. */
const findGroup = async (http: HttpClient, begun: string, signal: AbortSignal): Promise<string> => {
	if (WHOLE_GROUP.test(begun)) return begun;
	const { groups } = await readQuarantine(http, { signal });
	const prefix = begun.replace(/…$/, '').toLowerCase();
	const [found, another] = groups.filter(({ group }) => prefix !== '' && group.startsWith(prefix));
	const see = 'see: millrace admin quarantine list';
	if (found === undefined) throw new CodedError('not-found', `There is no cause ${begun}; ${see}`);
	if (another !== undefined) throw usageError(`More than one cause begins with ${begun}: write more of it; ${see}`);
	return found.group;
};

/** `millrace admin quarantine`: what failed for good, by cause. */
export const quarantineCommand = (context: Context): Command => {
	const command = new Command('quarantine')
		.description('what failed for good, grouped by cause; run it again, or discard it')
		.addHelpText(
			'after',
			`
Examples:
  millrace admin quarantine list
  millrace admin quarantine replay 1f0c… --limit one     tries one
  millrace admin quarantine replay 1f0c… --limit all
  millrace admin quarantine discard 1f0c…                takes it out of the list; the tasks stay with their owners`,
		);
	command.addCommand(
		serverCommand('list')
			.description('causes, the most frequent first')
			.option('--json', 'as JSON')
			.action((options: Options) => list(context, options)),
		{ isDefault: true },
	);
	command.addCommand(
		serverCommand('replay')
			.description('run again what failed for one cause')
			.argument('<group>', 'as in the list, or how it begins')
			.addOption(new Option('--limit <N>', 'one, all, or the newest so many').default('one'))
			.option('--reason <TEXT>', 'why; kept with the act')
			.option('--json', 'as JSON')
			.action(async (group: string, options: Options) => {
				const limit = limitOf(options.limit);
				const http = await context.connect(options);
				const reason = options.reason === undefined ? {} : { reason: options.reason };
				tellSteered(
					context,
					await replayQuarantine(http, { group: await findGroup(http, group, context.signal), limit, ...reason }),
					'queued again',
					options.json === true,
				);
			}),
	);
	command.addCommand(
		serverCommand('discard')
			.description('take what failed for one cause out of the list, for good; the tasks stay with their owners')
			.argument('<group>', 'as in the list, or how it begins')
			.option('--reason <TEXT>', 'why; kept with the act')
			.option('--yes', 'do not ask')
			.option('--json', 'as JSON')
			.action(async (begun: string, options: Options) => {
				const http = await context.connect(options);
				const { groups } = await readQuarantine(http, { signal: context.signal });
				const group = await findGroup(http, begun, context.signal);
				const expected = groups.find((one) => one.group === group)?.count;
				const asked = expected === undefined ? 'What failed for it' : counted(expected, 'task');
				await confirm(context, `${asked} will be taken out of the quarantine. Go on?`, options.yes === true);
				const reason = options.reason === undefined ? {} : { reason: options.reason };
				const request = { group, ...(expected === undefined ? {} : { expected }), ...reason };
				tellSteered(context, await discardQuarantine(http, request), 'discarded', options.json === true);
			}),
	);
	return command;
};
