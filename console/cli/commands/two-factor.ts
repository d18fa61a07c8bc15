import { Command } from 'commander';
import { renderUnicodeCompact } from 'uqr';
import {
	beginSecondFactor,
	confirmSecondFactor,
	readSecondFactor,
	removeSecondFactor,
	renewRecoveryCodes,
} from '../../../shared/client/second-factor.ts';
import { type Context, serverCommand } from '../context.ts';
import { usageError } from '../failure.ts';
import { asPerson, type PersonChoice, personOptions } from '../session/as-person.ts';
import { ask } from '../terminal/ask.ts';
import { counted, localTime } from '../terminal/words.ts';

interface Options extends PersonChoice {
	json?: boolean;
}

const showCodes = ({ out }: Context, recoveryCodes: readonly string[]): void => {
	out.line('Recovery codes, each good once, for when the device is lost. They are shown nowhere else:');
	for (const code of recoveryCodes) out.line(`  ${code}`);
};

const on = async (context: Context, options: Options): Promise<void> => {
	const { out, stdin } = context;
	if (stdin.isTTY !== true) throw usageError('Nobody can be asked for a code here. Run it in a terminal.');
	await asPerson(context, options, async (http) => {
		const { secret, uri } = await beginSecondFactor(http);
		out.line('Scan this with an authenticator app:');
		out.line(renderUnicodeCompact(uri, { border: 2 }));
		out.line(`or type it there: ${secret.match(/.{1,4}/g)?.join(' ')}`);
		const { recoveryCodes } = await confirmSecondFactor(http, await ask('The code that the app shows: ', context));
		showCodes(context, recoveryCodes);
		out.line('From now on sign-ins need a code.');
	});
};

const codes = async (context: Context, options: Options): Promise<void> => {
	const { recoveryCodes } = await asPerson(context, options, renewRecoveryCodes);
	if (options.json) context.out.json({ recoveryCodes });
	else showCodes(context, recoveryCodes);
};

const off = async (context: Context, options: Options): Promise<void> => {
	await asPerson(context, options, removeSecondFactor);
	if (options.json) context.out.json({ enabled: false });
	else context.out.line('Sign-ins need the password alone.');
};

const status = async (context: Context, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const view = await readSecondFactor(http, { signal: context.signal });
	const { enabled, since, recoveryCodesLeft, required } = view;
	if (options.json) return context.out.json(view);
	if (enabled && since !== null) {
		const left = counted(recoveryCodesLeft, 'recovery code');
		context.out.line(`On since ${localTime(since)}; ${left} left.`);
	} else context.out.line(`Off${required ? ', though your role needs one: millrace two-factor on' : ''}.`);
};

/** `millrace two-factor`: codes of an authenticator app beside the password. */
export const twoFactorCommand = (context: Context): Command =>
	new Command('two-factor')
		.description('have sign-ins need a code of an authenticator app too')
		.addCommand(
			personOptions(serverCommand('on'))
				.description('set it up: shows a picture to scan, asks for a code, and gives ten recovery codes')
				.action((options: Options) => on(context, options)),
		)
		.addCommand(
			personOptions(serverCommand('off'))
				.description('take it away, with its recovery codes')
				.option('--json', 'as JSON')
				.action((options: Options) => off(context, options)),
		)
		.addCommand(
			serverCommand('status')
				.description('whether there is one, and how many recovery codes are left')
				.option('--json', 'as JSON')
				.action((options: Options) => status(context, options)),
		)
		.addCommand(
			personOptions(serverCommand('codes'))
				.description('ten new recovery codes; those that there were are void')
				.option('--json', 'as JSON')
				.action((options: Options) => codes(context, options)),
		)
		.addHelpText(
			'after',
			`
Examples:
  millrace two-factor on
  millrace two-factor status --json

Changing it asks for your password, and for a code where there is one: a token does not do for that. The status needs a
token with the scope admin, which means your whole account and is for everybody: millrace login --admin
Tokens and app passwords are never asked for a code.`,
		);
