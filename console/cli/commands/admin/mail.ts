import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { readMail, removeMail, setMail, testMail } from '../../../../shared/client/mail.ts';
import { MAIL_TLS, type MailTls, type MailView } from '../../../../shared/protocol/mail.ts';
import { type Context, serverCommand } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliError, usageError } from '../../failure.ts';
import { wholeNumber } from '../../number-option.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { ask, readFirstLine } from '../../terminal/ask.ts';
import { confirm } from '../../terminal/confirm.ts';
import { counted, localTime } from '../../terminal/words.ts';

interface Options extends ServerChoice {
	json?: boolean;
	yes?: boolean;
}

interface SetOptions extends Options {
	host: string;
	port?: number;
	tls: MailTls;
	user?: string;
	passwordStdin?: boolean;
	keepPassword?: boolean;
	from: string;
	to: string;
	ca?: string;
}

/** Never from the command line, which others on the machine can read and the shell remembers. */
const readPassword = async (context: Context, { passwordStdin }: SetOptions): Promise<string> => {
	if (passwordStdin || context.stdin.isTTY !== true) return readFirstLine(context.stdin, 'password');
	const value = await ask('Password of the mail server (not shown): ', context, true);
	if (value === '') throw usageError('Nothing was typed.');
	return value;
};

const readCa = (path: string): string => {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		throw usageError(`--ca ${path}: ${(error as Error).message}.`);
	}
};

const tell = ({ out }: Context, view: MailView): void => {
	const { server, waiting, gaveUp, dropped, lastSentAt, failingSince, error } = view;
	if (server === null) {
		out.line('Alerts are not sent by mail: millrace admin mail set --help');
		return;
	}
	const { host, port, tls, user, from, to, hasCa } = server;
	const who = user === null ? 'without a user' : `as ${user}`;
	out.line(
		`By ${host}:${port} (${tls}${hasCa ? ', its own certificate' : ''}) ${who}, from ${from} to ${to.join(', ')}.`,
	);
	out.line(lastSentAt === null ? 'None was sent yet.' : `The last one was sent ${localTime(lastSentAt)}.`);
	if (waiting > 0) out.line(`${counted(waiting, 'mail')} waiting to be sent.`);
	if (gaveUp > 0) out.line(`${counted(gaveUp, 'mail')} given up.`);
	if (dropped > 0) out.line(`${counted(dropped, 'mail')} dropped, as too many waited.`);
	if (failingSince !== null) out.line(`It fails since ${localTime(failingSince)}: ${error}`);
};

/** `millrace admin mail`: alerts by mail. */
export const mailCommand = (context: Context): Command => {
	const command = new Command('mail')
		.description('send alerts by mail: by which server, to whom; try it out (administrators)')
		.addHelpText(
			'after',
			`
Examples:
  millrace admin mail set --host smtp.example.org --user millrace --from millrace@example.org --to ops@example.org
  pass show smtp | millrace admin mail set --host smtp.example.org --user millrace --password-stdin --from … --to …
  millrace admin mail test`,
		);
	const add = (name: string, description: string): Command => {
		const made = serverCommand(name).description(description).option('--json', 'as JSON');
		command.addCommand(made, { isDefault: name === 'show' });
		return made;
	};
	add('show', 'how it is set up and how it goes; never the password').action(async (options: Options) => {
		const view = await readMail(await context.connect(options), { signal: context.signal });
		if (options.json) context.out.json(view);
		else tell(context, view);
	});
	add('set', 'have alerts sent by this server, instead of any before')
		.requiredOption('--host <NAME>', 'the mail server')
		.option('--port <N>', 'its port (default: 587 for starttls, 465 for implicit, 25 for none)', wholeNumber(1, 65_535))
		.addOption(
			new Option('--tls <HOW>', 'starttls: sealed before anything is told; implicit: from the first byte; none')
				.choices(MAIL_TLS)
				.default('starttls'),
		)
		.option('--user <NAME>', 'who it is for the server (default: it wants nobody)')
		.option('--password-stdin', 'read the password from the first line of standard input')
		.option('--keep-password', 'leave the password as it is; for the same host, port and user only')
		.requiredOption('--from <ADDRESS>', 'sender')
		.requiredOption('--to <ADDRESSES>', 'recipients, by commas')
		.option('--ca <FILE>', 'PEM: trust this certificate, or this authority, and no other')
		.addHelpText(
			'after',
			'\nExamples:\n  millrace admin mail set --host smtp.example.org --user m --from m@example.org --to ops@example.org',
		)
		.action(async (options: SetOptions) => {
			const { host, port, tls, user, from, to, ca } = options;
			const http = await context.connect(options);
			const password = user === undefined || options.keepPassword ? undefined : await readPassword(context, options);
			const view = await setMail(http, {
				...{ host, tls, from, user: user ?? null, to: to.split(',').map((address) => address.trim()) },
				...(port === undefined ? {} : { port }),
				...(password === undefined ? {} : { password }),
				...(ca === undefined ? {} : { ca: readCa(ca) }),
			});
			if (options.json) return context.out.json(view);
			tell(context, view);
			context.out.note('Try it out: millrace admin mail test');
		});
	add('test', 'send a mail that means nothing, now, and tell what the server says').action(async (options: Options) => {
		const told = await testMail(await context.connect(options));
		if (options.json) context.out.json(told);
		else {
			context.out.line(`${told.what}${told.do === null ? '' : ` ${told.do}`}`);
			if (told.answer !== null) context.out.line(`It said: ${told.answer}`);
		}
		if (!told.accepted) throw new CliError(EXIT.failed, 'No mail was sent.');
	});
	add('remove', 'send no more mails, not even those that wait')
		.option('--yes', 'do not ask')
		.action(async (options: Options) => {
			const http = await context.connect(options);
			await confirm(context, 'Send no more alerts by mail?', options.yes === true);
			await removeMail(http);
			if (options.json) context.out.json({ removed: true });
			else context.out.line('No more mails are sent.');
		});
	return command;
};
