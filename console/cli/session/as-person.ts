import type { Command } from 'commander';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { readMe } from '../../../shared/client/session.ts';
import type { Context } from '../context.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { passwordOf } from './ask-password.ts';
import { withSession } from './with-session.ts';

export interface PersonChoice extends ServerChoice {
	passwordStdin?: boolean;
	code?: string;
}

/** Has a command ask for the password, and for a code where there is a second factor. */
export const personOptions = (command: Command): Command =>
	command
		.option('--password-stdin', 'read the password from standard input; asked for when left out')
		.option('--code <CODE>', 'a code of your second factor, or a recovery code; asked for when it is needed');

/** Does something as the person, not by their token: for what a token must not change, or would take with it when it ends. */
export const asPerson = async <T>(
	context: Context,
	options: PersonChoice,
	act: (http: HttpClient) => Promise<T>,
): Promise<T> => {
	const http = await context.connect(options);
	const { username } = await readMe(http, { signal: context.signal });
	const password = await passwordOf(context, options.passwordStdin === true);
	return withSession(context, http.baseUrl, { username, password, code: options.code }, act);
};
