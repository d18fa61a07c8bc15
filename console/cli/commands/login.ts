import { hostname, userInfo } from 'node:os';
import { type Command, Option } from 'commander';
import { HttpClient } from '../../../shared/client/http-client.ts';
import { readMe, type SignIn, signOut } from '../../../shared/client/session.ts';
import { createToken } from '../../../shared/client/tokens.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { TOKEN_SCOPES } from '../../../shared/protocol/account.ts';
import { type Context, serverCommand } from '../context.ts';
import { needTerminal, passwordOf } from '../session/ask-password.ts';
import { withSession } from '../session/with-session.ts';
import type { Account } from '../settings/account-file.ts';
import { DEFAULT_URL, serverAddress } from '../settings/server-address.ts';
import { ask, readFirstLine } from '../terminal/ask.ts';

interface Options {
	url?: string;
	insecureHttp?: boolean;
	user?: string;
	passwordStdin?: boolean;
	code?: string;
	token?: string | true;
	admin?: boolean;
	json?: boolean;
}

const tokenName = (): string => `millrace on ${hostname()}`.slice(0, 100);

/** A token that was forgotten on some machine ends by itself. */
const TOKEN_LIFE_MS = 90 * 86_400_000;

/** All that a person does with files and tasks; whoever looks after the machines asks for more. */
const SCOPES = TOKEN_SCOPES.filter((scope) => scope !== 'admin' && scope !== 'metrics');

const tokenOf = async (context: Context, given: string | true): Promise<string> => {
	if (given !== true && given !== '-') return given;
	if (given === '-' || context.stdin.isTTY !== true) return readFirstLine(context.stdin, 'token');
	return (await ask('API token: ', context, true)).trim();
};

/** Signs in only to make a token; the session ends at once. */
const makeToken = (context: Context, url: string, who: SignIn, isAdmin: boolean) => {
	const expiresAt = new Date(Date.now() + TOKEN_LIFE_MS).toISOString();
	return withSession(context, url, who, (session) =>
		createToken(session, { name: tokenName(), expiresAt, ...(isAdmin ? {} : { scopes: SCOPES }) }),
	);
};

/** Its server may be gone. */
const END_WITHIN_MS = 3_000;

/** The token of an earlier sign-in from here is of no more use, whosever it was. It may have ended already. */
const endEarlier = async ({ url, token, tokenId }: Account): Promise<void> => {
	// One that was given to us is not ours to end.
	if (tokenId === null) return;
	const http = new HttpClient({
		baseUrl: url,
		auth: { kind: 'token', token },
		retry: { tries: 1, firstMs: 0, mostMs: 0 },
	});
	await signOut(http, { timeoutMs: END_WITHIN_MS }).catch(() => {});
};

const login = async (context: Context, address: string | undefined, options: Options): Promise<void> => {
	const insecureHttp = options.insecureHttp === true || context.environment.insecureHttp;
	// A damaged file, or one that others can read, is no hindrance: it is replaced.
	const earlier = await context.accounts.read().catch(() => null);
	const wanted = address ?? options.url ?? context.environment.url ?? earlier?.url ?? DEFAULT_URL;
	const url = serverAddress(wanted, { insecureHttp });
	let token: string;
	let tokenId: string | null = null;
	if (options.token !== undefined) token = await tokenOf(context, options.token);
	else {
		if (options.user === undefined) needTerminal(context, 'Give your name by --user.');
		const suggested = earlier?.username ?? userInfo().username;
		const username = options.user ?? ((await ask(`Name at ${url} [${suggested}]: `, context)).trim() || suggested);
		const password = await passwordOf(context, options.passwordStdin === true);
		const who = { username, password, code: options.code };
		({ token, id: tokenId } = await makeToken(context, url, who, options.admin === true));
	}
	const http = new HttpClient({ baseUrl: url, auth: { kind: 'token', token } });
	const me = await readMe(http, { signal: context.signal }).catch((error) => {
		if (!(error instanceof CodedError) || error.code !== 'unauthenticated') throw error;
		throw new CodedError('bad-credentials', `${url} does not know this token, or it has expired.`, { cause: error });
	});
	await context.accounts.write({ url, token, tokenId, username: me.username, insecureHttp });
	if (earlier !== null && earlier.token !== token) await endEarlier(earlier);
	if (options.json) context.out.json({ url, username: me.username, role: me.role });
	else context.out.line(`Signed in to ${url} as ${me.username}.`);
};

/** `millrace login`: gets a token and keeps it in a file that only its owner can read. */
export const loginCommand = (context: Context): Command =>
	serverCommand('login')
		.description('sign in to a server')
		.argument('[url]', `the server’s address (default: the last one, or ${DEFAULT_URL})`)
		.option('--user <NAME>', 'your name there; asked for when left out')
		.option('--password-stdin', 'read the password from standard input')
		.option('--code <CODE>', 'a code of your second factor, or a recovery code; asked for when it is needed')
		.addOption(
			new Option(
				'--token [TOKEN]',
				'sign in with an API token; without a value or with - it is read from standard input',
			).conflicts(['user', 'passwordStdin', 'code', 'admin']),
		)
		.option('--admin', 'with all that your role allows: nodes, queues, people, your account')
		.option('--json', 'as JSON')
		.addHelpText(
			'after',
			`
Examples:
  millrace login https://millrace.example
  pass show millrace | millrace login https://millrace.example --user ada --password-stdin

The token is good for files and tasks, ends after 90 days, and takes the place of the one of an earlier sign-in from
here. It is kept in account.json (mode 0600) in $XDG_CONFIG_HOME/millrace. Other users of this machine can see
arguments: prefer --token without a value.`,
		)
		.action((address: string | undefined, options: Options) => login(context, address, options));
