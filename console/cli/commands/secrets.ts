import { Command } from 'commander';
import { answeredJson } from '../../../shared/client/http-client.ts';
import { createSecret, deleteSecret, listSecrets, replaceSecret } from '../../../shared/client/secrets.ts';
import { type Context, serverCommand } from '../context.ts';
import { usageError } from '../failure.ts';
import { findSecret, requireSecret } from '../remote/find-secret.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { ask, readFirstLine } from '../terminal/ask.ts';
import { confirm } from '../terminal/confirm.ts';
import { printTable } from '../terminal/table.ts';
import { localTime } from '../terminal/words.ts';

interface Options extends ServerChoice {
	json?: boolean;
	stdin?: boolean;
	yes?: boolean;
}

const COLUMNS = [
	{ title: 'NAME' },
	{ title: 'ID' },
	{ title: 'VERSION', side: 'right' as const },
	{ title: 'LAST USED' },
	{ title: 'OPEN TASKS', side: 'right' as const },
];

const list = async (context: Context, options: Options): Promise<void> => {
	const { items } = await listSecrets(await context.connect(options), { signal: context.signal });
	if (options.json) {
		context.out.json({ items: items.map((secret) => answeredJson(secret)) });
		return;
	}
	if (items.length === 0) {
		context.out.note('There are no secrets yet: millrace secrets set NAME');
		return;
	}
	const rows = items.map(({ name, id, version, usedAt, openTasks }) => [
		name,
		id,
		String(version),
		usedAt === null ? 'never' : localTime(usedAt),
		String(openTasks),
	]);
	printTable(context.out, COLUMNS, rows);
};

/** Never from the command line, which others on the machine can read and the shell remembers. */
const readValue = async (context: Context, { stdin }: Options): Promise<string> => {
	if (stdin || context.stdin.isTTY !== true) return readFirstLine(context.stdin, 'secret');
	const value = await ask('Secret (not shown): ', context, true);
	if (value === '') throw usageError('Nothing was typed.');
	return value;
};

const set = async (context: Context, name: string, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const there = await findSecret(http, name, context.signal);
	const value = await readValue(context, options);
	const secret = there ? await replaceSecret(http, there.id, value) : await createSecret(http, { name, value });
	if (options.json) context.out.json(answeredJson(secret));
	else context.out.line(`${secret.name} is ${there ? 'replaced' : 'kept'}: ${secret.id}`);
};

const remove = async (context: Context, named: string, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const secret = await requireSecret(http, named, context.signal);
	await confirm(context, `Delete the secret ${secret.name} for good?`, options.yes === true);
	await deleteSecret(http, secret.id);
	if (options.json) context.out.json(answeredJson(secret));
	else context.out.line(`${secret.name} is gone.`);
};

/** `millrace secrets`: what one entrusts to tasks, such as the token of a service that they ask. */
export const secretsCommand = (context: Context): Command => {
	const command = new Command('secrets')
		.description('secrets that tasks are given, such as a service’s token: kept sealed, shown to nobody')
		.addHelpText(
			'after',
			`
Examples:
  millrace secrets list
  millrace secrets set x-token             asks for it, and shows nothing of what is typed
  pass show x | millrace secrets set x-token --stdin
  millrace secrets delete x-token

  millrace run x-topic --topic mills --secret bearerToken=x-token`,
		);
	const add = (name: string, description: string): Command => {
		const made = serverCommand(name).description(description).option('--json', 'as JSON');
		command.addCommand(made);
		return made;
	};
	add('list', 'list secrets: their names, never what they are').action((options: Options) => list(context, options));
	add('set', 'keep a secret, or replace the one of that name')
		.argument('<name>', 'its name; or the id of one to replace')
		.option('--stdin', 'read it from the first line of standard input')
		.addHelpText('after', '\nExamples:\n  millrace secrets set x-token')
		.action((name: string, options: Options) => set(context, name, options));
	add('delete', 'delete a secret that no open task names')
		.argument('<secret>', 'name or id')
		.option('--yes', 'do not ask')
		.addHelpText('after', '\nExamples:\n  millrace secrets delete x-token --yes')
		.action((named: string, options: Options) => remove(context, named, options));
	return command;
};
