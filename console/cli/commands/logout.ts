import { Command } from 'commander';
import { HttpClient } from '../../../shared/client/http-client.ts';
import { signOut } from '../../../shared/client/session.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Context } from '../context.ts';
import { CliError, explain } from '../failure.ts';

/** Null when the token is of no more use, deleted now or before; otherwise why not. */
const problemOfEnding = async (http: HttpClient): Promise<unknown> => {
	try {
		await signOut(http);
		return null;
	} catch (error) {
		const gone = error instanceof CodedError && (error.code === 'unauthenticated' || error.code === 'not-found');
		return gone ? null : error;
	}
};

const logout = async (context: Context): Promise<void> => {
	const account = await context.accounts.read().catch(() => null);
	await context.accounts.remove();
	if (account === null) {
		context.out.line('Nobody was signed in.');
		return;
	}
	const http = new HttpClient({ baseUrl: account.url, auth: { kind: 'token', token: account.token } });
	const problem = account.tokenId === null ? null : await problemOfEnding(http);
	if (problem !== null) {
		const { sentence, exitCode } = explain(problem);
		const advice = `Delete the token in the portal, under your account. ${sentence}`;
		throw new CliError(exitCode, `Signed out here, but the token is still good at ${account.url}. ${advice}`);
	}
	context.out.line(`Signed out of ${account.url}.`);
};

/** `millrace logout`: forgets the token here and ends it at the server. */
export const logoutCommand = (context: Context): Command =>
	new Command('logout')
		.description('sign out: forget the token here and end it at the server')
		.action(() => logout(context));
