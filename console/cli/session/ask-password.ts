import type { Context } from '../context.ts';
import { usageError } from '../failure.ts';
import { ask, readFirstLine } from '../terminal/ask.ts';

/** Throws where nobody can be asked. */
export const needTerminal = (context: Context, advice: string): void => {
	if (context.stdin.isTTY !== true) throw usageError(`Nobody can be asked here. ${advice}`);
};

/** Whether the account’s password can be had from somewhere. */
export const hasPassword = ({ stdin, environment }: Context, fromStdin: boolean): boolean =>
	fromStdin || environment.password !== undefined || stdin.isTTY === true;

/** The account’s password: from standard input, the environment, or whoever sits there. */
export const passwordOf = async (context: Context, fromStdin: boolean): Promise<string> => {
	if (fromStdin) return readFirstLine(context.stdin, 'password');
	if (context.environment.password !== undefined) return context.environment.password;
	needTerminal(context, 'Give the password by --password-stdin or MILLRACE_PASSWORD.');
	return ask('Password: ', context, true);
};
