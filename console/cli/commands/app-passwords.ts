import { Command } from 'commander';
import {
	type AppPasswordView,
	createAppPassword,
	deleteAppPassword,
	driveUrlOf,
	listAppPasswords,
} from '../../../shared/client/app-passwords.ts';
import { answeredJson, type HttpClient } from '../../../shared/client/http-client.ts';
import { readMe } from '../../../shared/client/session.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { isLoopbackName } from '../../../shared/loopback-name.ts';
import { type Context, serverCommand } from '../context.ts';
import { asPerson, type PersonChoice, personOptions } from '../session/as-person.ts';
import { hasPassword } from '../session/ask-password.ts';
import { confirm } from '../terminal/confirm.ts';
import { printTable } from '../terminal/table.ts';
import { localTime } from '../terminal/words.ts';

interface Options extends PersonChoice {
	json?: boolean;
	readOnly?: boolean;
	yes?: boolean;
}

const COLUMNS = ['NAME', 'ID', 'ACCESS', 'MADE', 'LAST USED', 'ENDS'].map((title) => ({ title }));

const list = async (context: Context, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const found = await listAppPasswords(http, { signal: context.signal });
	const { items } = found;
	const url = driveUrlOf(found, http.baseUrl);
	if (options.json) {
		context.out.json({ items: items.map((item) => answeredJson(item)), url });
		return;
	}
	context.out.note(`They open ${url}`);
	if (items.length === 0) {
		context.out.note('There are no app passwords yet: millrace app-passwords create NAME');
		return;
	}
	const rows = items.map(({ name, id, access, createdAt, lastUsedAt, expiresAt }) => [
		name,
		id,
		access,
		localTime(createdAt),
		lastUsedAt === null ? 'never' : localTime(lastUsedAt),
		expiresAt === null ? 'when revoked' : localTime(expiresAt),
	]);
	printTable(context.out, COLUMNS, rows);
};

/** The password alone is the result, so that it can be piped to where it is kept. */
const create = async (context: Context, name: string, options: Options): Promise<void> => {
	const { out, signal } = context;
	const http = await context.connect(options);
	// Before it is made: what fails afterwards would leave a password that nobody has seen.
	const { username } = await readMe(http, { signal });
	const access = options.readOnly ? 'read-only' : 'read-write';
	const make = (by: HttpClient) => createAppPassword(by, { name, access });
	// One that a token makes ends with it, and the token of this machine ends with the next sign-in.
	const isPerson = hasPassword(context, options.passwordStdin === true);
	const made = await (isPerson ? asPerson(context, options, make) : make(http));
	const url = driveUrlOf(made, http.baseUrl);
	if (options.json) {
		out.json({ id: made.id, password: made.password, name, access, expiresAt: made.expiresAt, username, url });
		return;
	}
	out.note(`Open ${url} as ${username} with this password, which is not shown again:`);
	out.line(made.password);
	if (!isPerson) {
		const by = made.expiresAt === null ? '' : `, ${localTime(made.expiresAt)} at the latest`;
		out.note(`It was made by a token and ends with it${by}. With --password-stdin it lasts until you revoke it.`);
	}
	const { protocol, hostname } = new URL(url);
	if (protocol === 'http:' && !isLoopbackName(hostname)) {
		out.note(
			'This address is not encrypted: unless your administrator allows it, the drive opens by an https:// address only.',
		);
	}
};

/** By name or id. */
const find = async (http: HttpClient, named: string, signal: AbortSignal): Promise<AppPasswordView> => {
	const { items } = await listAppPasswords(http, { signal });
	const wanted = named.toLowerCase();
	const only =
		items.find(({ id, name }) => id === named || name === named) ??
		items.find(({ name }) => name.toLowerCase() === wanted);
	if (!only) throw new CodedError('not-found', `You have no app password ${named}; see: millrace app-passwords list`);
	return only;
};

const revoke = async (context: Context, named: string, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const found = await find(http, named, context.signal);
	await confirm(context, `Programs that use ${found.name} are shut out at once. Revoke it?`, options.yes === true);
	await deleteAppPassword(http, found.id);
	if (options.json) context.out.json({ id: found.id, revoked: true });
	else context.out.line(`${found.name} is revoked.`);
};

/** `millrace app-passwords`: passwords for programs that open one's files as a network drive. */
export const appPasswordsCommand = (context: Context): Command => {
	const command = new Command('app-passwords')
		.description('passwords for programs that open your files as a network drive (WebDAV)')
		.addHelpText(
			'after',
			`
Examples:
  millrace app-passwords create "Linux at home"
  millrace app-passwords create tv --read-only
  millrace app-passwords revoke tv

  PASSWORD=$(millrace app-passwords create rclone)
  rclone config create millrace webdav vendor=other url=https://millrace.example/dav/files/ \\
    user=ada pass="$(rclone obscure "$PASSWORD")" --no-obscure

Your account's own password does not open the drive. Give each program one of its own, so that it can be taken back alone.
Making one asks for your password. Where nobody can be asked it is made by your token, and ends with that. For this, and
for what else is done here, your token needs the scope admin, which means your whole account and is for everybody:
millrace login --admin`,
		);
	const add = (name: string, description: string): Command => {
		const made = serverCommand(name).description(description).option('--json', 'as JSON');
		command.addCommand(made);
		return made;
	};
	add('list', 'list your app passwords, and when each was last used').action((options: Options) =>
		list(context, options),
	);
	personOptions(add('create', 'make one, and tell it this once'))
		.argument('<name>', 'what it is for, such as the machine’s name')
		.option('--read-only', 'for looking only: nothing can be changed with it')
		.addHelpText('after', '\nExamples:\n  millrace app-passwords create laptop')
		.action((name: string, options: Options) => create(context, name, options));
	add('revoke', 'take one back, at once and for good')
		.argument('<app-password>', 'name or id')
		.option('--yes', 'do not ask')
		.addHelpText('after', '\nExamples:\n  millrace app-passwords revoke laptop --yes')
		.action((named: string, options: Options) => revoke(context, named, options));
	return command;
};
