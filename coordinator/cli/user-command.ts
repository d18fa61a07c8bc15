import { Command } from 'commander';
import { ROLES, type Role } from '../../shared/protocol/account.ts';
import { Accounts } from '../accounts/accounts.ts';
import { AuditLog } from '../audit/audit-log.ts';
import { SYSTEM } from '../audit/doer.ts';
import { BadSetting, coordinatorConfig } from '../config/coordinator-config.ts';
import { Announcer } from '../report/announcer.ts';
import { createLogger } from '../report/logger.ts';
import { explaining } from './explaining.ts';
import { openLedger } from './open-ledger.ts';

const DAY_MS = 86_400_000;

const withAccounts = async <T>(data: string | undefined, act: (accounts: Accounts) => Promise<T>): Promise<T> => {
	const config = coordinatorConfig(data === undefined ? {} : { data });
	return explaining(config.data, async () => {
		await using ledger = openLedger(config.data);
		const logger = createLogger('warn');
		await using accounts = await Accounts.open({
			ledger,
			audit: new AuditLog({ ledger }),
			announcer: new Announcer(() => {}),
			logger,
			sessionIdleMs: 7 * DAY_MS,
			sessionMaxMs: 30 * DAY_MS,
		});
		return await act(accounts);
	});
};

/** A password from standard input, its first line: never from the command line, which everybody on the machine can read. */
const passwordFromInput = async (): Promise<string> => {
	let text = '';
	for await (const chunk of process.stdin) text += chunk;
	const [line = ''] = text.split('\n');
	if (line === '')
		throw new BadSetting('Give the password on standard input, for example from a file: … < password.txt');
	return line;
};

const roleOf = (text: string): Role => {
	const role = ROLES.find((one) => one === text);
	if (!role) throw new BadSetting(`--role ${text}: must be one of ${ROLES.join(', ')}.`);
	return role;
};

interface Options {
	data?: string;
	role?: string;
	json?: boolean;
}

/** `coordinator user add|list|disable|enable|reset-second-factor`: works on the data folder; a running coordinator heeds it within seconds. */
export const userCommand = (): Command => {
	const command = new Command('user').description('people, from the coordinator’s own machine');
	const data = ['--data <DIR>', 'the coordinator’s data folder (default: data)'] as const;
	const json = ['--json', 'print JSON'] as const;
	command
		.command('add <NAME>')
		.description('make a person; the password is read from standard input')
		.option(...data)
		.option('--role <ROLE>', `one of ${ROLES.join(', ')}`, 'user')
		.option(...json)
		.action(async (username: string, options: Options) => {
			const role = roleOf(options.role ?? 'user');
			const password = await passwordFromInput();
			const user = await withAccounts(options.data, ({ users }) => users.create({ username, password, role }, SYSTEM));
			process.stdout.write(options.json ? `${JSON.stringify(user)}\n` : `${user.username} (${user.role}) was made.\n`);
		});
	command
		.command('list')
		.description('list people')
		.option(...data)
		.option(...json)
		.action(async (options: Options) => {
			const { items } = await withAccounts(options.data, ({ users }) => users.list({ limit: 1_000_000 }));
			if (options.json) process.stdout.write(`${JSON.stringify({ items })}\n`);
			else
				for (const user of items)
					process.stdout.write(`${user.username}\t${user.role}${user.disabled ? '\tdisabled' : ''}\n`);
		});
	for (const [name, description, disabled] of [
		['disable', 'shut a person out, everywhere and at once', true],
		['enable', 'let a person in again who was shut out', false],
	] as const) {
		command
			.command(`${name} <NAME>`)
			.description(description)
			.option(...data)
			.option(...json)
			.action(async (username: string, options: Options) => {
				const user = await withAccounts(options.data, async ({ users }) =>
					users.change((await users.find(username)).id, { disabled }, SYSTEM),
				);
				process.stdout.write(options.json ? `${JSON.stringify(user)}\n` : `${user.username} is ${name}d.\n`);
			});
	}
	command
		.command('reset-second-factor <NAME>')
		.description('take away the second factor of somebody who has lost it, such as the last administrator')
		.option(...data)
		.option(...json)
		.action(async (username: string, options: Options) => {
			const user = await withAccounts(options.data, async ({ users, secondFactors }) => {
				const { id } = await users.find(username);
				await secondFactors.reset(id, SYSTEM);
				return users.read(id);
			});
			const said = `${user.username} signs in with the password alone, and is told so.`;
			process.stdout.write(options.json ? `${JSON.stringify(user)}\n` : `${said}\n`);
		});
	return command;
};
