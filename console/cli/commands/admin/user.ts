import { Command } from 'commander';
import { answeredJson } from '../../../../shared/client/http-client.ts';
import { eachItem } from '../../../../shared/client/page.ts';
import { deleteUser } from '../../../../shared/client/rights.ts';
import { changeUser, listUsers, resetSecondFactor } from '../../../../shared/client/users.ts';
import type { UserView } from '../../../../shared/protocol/account.ts';
import { type Context, serverCommand } from '../../context.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { type ExportOptions, saveExport } from '../me.ts';
import { findUserId } from './find-user.ts';
import { userAccessCommands } from './user-access.ts';

const giveClass = async (
	context: Context,
	named: string,
	serviceClass: string,
	options: ServerChoice & { json?: boolean },
): Promise<void> => {
	const http = await context.connect(options);
	const id = await findUserId(http, named, context.signal);
	const user = await changeUser(http, id, { serviceClass: serviceClass === 'none' ? null : serviceClass });
	if (options.json) context.out.json(user);
	else if (user.serviceClass !== null) context.out.line(`${user.username} is in the class ${user.serviceClass}.`);
	else context.out.line(`${user.username} has no class of their own: the groups decide, else it is standard.`);
};

const COLUMNS = [{ title: 'NAME' }, { title: 'ID' }, { title: 'ROLE' }, { title: 'CLASS' }, { title: 'STATE' }];

const rowOf = ({ username, id, role, serviceClass, disabled, invited }: UserView): string[] => [
	username,
	id,
	role,
	serviceClass ?? 'by group',
	disabled ? 'disabled' : invited ? 'invited' : 'active',
];

const list = async (context: Context, options: ServerChoice & { json?: boolean }): Promise<void> => {
	const http = await context.connect(options);
	const pages = (cursor?: string) =>
		listUsers(http, { limit: 1_000, ...(cursor === undefined ? {} : { cursor }) }, { signal: context.signal });
	const users: UserView[] = [];
	for await (const user of eachItem(pages)) users.push(user);
	if (options.json) context.out.json({ items: users.map((user) => answeredJson(user)) });
	else printTable(context.out, COLUMNS, users.map(rowOf));
};

/** `millrace admin user`: what is given to single people. */
export const userCommand = (context: Context): Command => {
	const command = new Command('user').description(
		'list and invite people, disable them, take back by what they are let in or a lost second factor, export, delete (administrators)',
	);
	command.addCommand(
		serverCommand('list')
			.description('list people with the class that was given to each')
			.option('--json', 'as JSON: {"items": […]}')
			.addHelpText(
				'after',
				`
“by group”: no class of their own, so the groups decide, else it is standard.
What counts for somebody now: millrace admin policy NAME`,
			)
			.action((options: ServerChoice) => list(context, options)),
	);
	command.addCommand(
		serverCommand('class')
			.description('give somebody a service class; none: the groups decide')
			.argument('<user>', 'name or id')
			.argument('<class>', 'name of the class, or none')
			.option('--json', 'as JSON')
			.addHelpText(
				'after',
				`
Examples:
  millrace admin user class ada priority
  millrace admin user class ada none`,
			)
			.action((user: string, serviceClass: string, options: ServerChoice) =>
				giveClass(context, user, serviceClass, options),
			),
	);
	command.addCommand(
		serverCommand('reset-second-factor')
			.description('take away the second factor of somebody who has lost it; they are told, and signed out everywhere')
			.argument('<user>', 'name or id')
			.option('--json', 'as JSON')
			.addHelpText(
				'after',
				`
Of the last administrator, on the coordinator’s machine: coordinator user reset-second-factor NAME

Example:
  millrace admin user reset-second-factor ada`,
			)
			.action(async (user: string, options: ServerChoice & { json?: boolean }) => {
				const http = await context.connect(options);
				const id = await findUserId(http, user, context.signal);
				await resetSecondFactor(http, id);
				if (options.json) context.out.json({ id, secondFactor: false });
				else context.out.line(`${user} signs in with the password alone, and is told so.`);
			}),
	);
	command.addCommand(
		serverCommand('export')
			.description('download all that is kept about somebody, as they may ask for; it is audited')
			.argument('<user>', 'name or id')
			.option('--to <FILE>', 'where to', 'millrace-export.zip')
			.option('--json', 'as JSON')
			.action((user: string, options: ExportOptions) =>
				saveExport(context, options, (http) => findUserId(http, user, context.signal)),
			),
	);
	command.addCommand(
		serverCommand('delete')
			.description('delete somebody whose account is disabled, with all that is theirs, for good')
			.argument('<user>', 'name or id')
			.option('--confirm <NAME>', 'the name once more')
			.option('--json', 'as JSON')
			.addHelpText(
				'after',
				`
What was used stays in the accounts, under a number; the audit log keeps ids and loses their words. Before it: the account
is disabled, no task of theirs is open, and they have no dataset.

Example:
  millrace admin user delete ada --confirm ada`,
			)
			.action(async (user: string, options: ServerChoice & { confirm?: string; json?: boolean }) => {
				const http = await context.connect(options);
				const id = await findUserId(http, user, context.signal);
				await deleteUser(http, id, options.confirm ?? '', { signal: context.signal });
				if (options.json) context.out.json({ id, deleted: true });
				else context.out.line(`${user} is deleted. In the accounts it is ${id} from now on.`);
			}),
	);
	for (const each of userAccessCommands(context)) command.addCommand(each);
	return command;
};
