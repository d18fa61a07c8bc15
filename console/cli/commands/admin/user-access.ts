import { type Command, Option } from 'commander';
import {
	changeUser,
	endUserSession,
	inviteUser,
	listUserCredentials,
	listUserSessions,
	makePasswordLink,
	revokeUserCredential,
	shutUserOut,
} from '../../../../shared/client/users.ts';
import { type MadePasswordLink, ROLES, type Role } from '../../../../shared/protocol/account.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { type Context, serverCommand } from '../../context.ts';
import { usageError } from '../../failure.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { counted, localTime } from '../../terminal/words.ts';
import { findUserId } from './find-user.ts';

interface Options extends ServerChoice {
	json?: boolean;
}

const tellLink = (context: Context, baseUrl: string, made: MadePasswordLink, options: Options): void => {
	const url = baseUrl + made.path;
	if (options.json) context.out.json({ ...made, url });
	else {
		context.out.line(url);
		context.out.note(
			`With it ${made.username} chooses a password, once, until ${localTime(made.expiresAt)}. It is shown only here: hand it over by a way that nobody else reads.`,
		);
	}
};

const invite = async (
	context: Context,
	username: string,
	{ role, class: serviceClass, ...options }: Options & { role: Role; class?: string },
): Promise<void> => {
	const http = await context.connect(options);
	const made = await inviteUser(http, { username, role, ...(serviceClass === undefined ? {} : { serviceClass }) });
	tellLink(context, http.baseUrl, made, options);
};

const access = async (context: Context, user: string, options: Options): Promise<void> => {
	const { signal } = context;
	const http = await context.connect(options);
	const id = await findUserId(http, user, signal);
	const [sessions, credentials] = await Promise.all([
		listUserSessions(http, id, { signal }),
		listUserCredentials(http, id, { signal }),
	]);
	if (options.json) {
		context.out.json({ sessions: sessions.items, credentials: credentials.items });
		return;
	}
	const columns = [{ title: 'WHAT' }, { title: 'NAME' }, { title: 'LAST USED' }, { title: 'ID' }];
	const seen = (at: string | null) => (at === null ? 'never' : localTime(at));
	printTable(context.out, columns, [
		...sessions.items.map((one) => ['session', one.address, seen(one.lastUsedAt), one.id]),
		...credentials.items.map((one) => [one.kind, one.name, seen(one.lastUsedAt), one.id]),
	]);
};

const revoke = async (context: Context, user: string, what: string, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const id = await findUserId(http, user, context.signal);
	const isSession = idSchema('session').safeParse(what).success;
	await (isSession ? endUserSession(http, id, what) : revokeUserCredential(http, id, what));
	if (options.json) context.out.json({ id: what, ended: true });
	else context.out.line(`${what} lets nobody in any more.`);
};

const shutOut = async (context: Context, user: string, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const ended = await shutUserOut(http, await findUserId(http, user, context.signal));
	if (options.json) context.out.json(ended);
	else {
		const what = `${counted(ended.sessions, 'session')} and ${counted(ended.credentials, 'token and app password', 'tokens and app passwords')}`;
		context.out.line(`${user} is signed out everywhere: ${what} ended. The password stays.`);
	}
};

const change = async (
	context: Context,
	user: string,
	wish: { role?: Role; disabled?: boolean },
	options: Options,
): Promise<void> => {
	const http = await context.connect(options);
	const changed = await changeUser(http, await findUserId(http, user, context.signal), wish);
	const { username, role, disabled } = changed;
	if (options.json) context.out.json(changed);
	else context.out.line(`${username}: ${role}, ${disabled ? 'disabled, and signed out everywhere' : 'active'}.`);
};

/** Parts of `millrace admin user`: by what people are let in. */
export const userAccessCommands = (context: Context): Command[] => {
	const of = (name: string, description: string): Command =>
		serverCommand(name).description(description).argument('<user>', 'name or id').option('--json', 'as JSON');
	return [
		serverCommand('invite')
			.description('make somebody who chooses a password by a link')
			.argument('<name>', 'what they sign in as')
			.addOption(new Option('--role <ROLE>', 'what they may').choices([...ROLES]).default('user'))
			.option('--class <CLASS>', 'a service class of their own; the groups decide unless told')
			.option('--json', 'as JSON')
			.addHelpText(
				'after',
				`
The link is good once, for a week. Make another one, which voids it: millrace admin user link NAME

Example:
  millrace admin user invite ada --role operator`,
			)
			.action((name: string, options: Options & { role: Role }) => invite(context, name, options)),
		of('link', 'a link by which somebody chooses a new password')
			.addHelpText(
				'after',
				`
It is good once, for a day (a week for who was invited and did not come yet); the one before it is void. Until it is used the old
password stays good. To shut somebody out: millrace admin user disable NAME`,
			)
			.action(async (user: string, options: Options) => {
				const http = await context.connect(options);
				const made = await makePasswordLink(http, await findUserId(http, user, context.signal));
				tellLink(context, http.baseUrl, made, options);
			}),
		of('access', 'by what somebody is let in: sessions, tokens, app passwords').action(
			(user: string, options: Options) => access(context, user, options),
		),
		of('revoke', 'end a session, a token or an app password of somebody, at once')
			.argument('<what>', 'its id, from: millrace admin user access NAME')
			.action((user: string, what: string, options: Options) => revoke(context, user, what, options)),
		of('role', 'give somebody another role, which signs them out')
			.argument('<role>', ROLES.join(', '))
			.action((user: string, named: string, options: Options) => {
				const role = ROLES.find((one) => one === named);
				if (role === undefined) throw usageError(`${named}: must be one of ${ROLES.join(', ')}.`);
				return change(context, user, { role }, options);
			}),
		of('disable', 'let somebody in no more: every session, token and app password stops at once').action(
			(user: string, options: Options) => change(context, user, { disabled: true }, options),
		),
		of('enable', 'let somebody in again; tokens that were not taken back work again').action(
			(user: string, options: Options) => change(context, user, { disabled: false }, options),
		),
		of('shut-out', 'end every session, token and app password of somebody at once').action(
			(user: string, options: Options) => shutOut(context, user, options),
		),
	];
};
