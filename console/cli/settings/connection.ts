import { HttpClient } from '../../../shared/client/http-client.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError } from '../failure.ts';
import type { AccountFile } from './account-file.ts';
import type { Environment } from './environment.ts';
import { DEFAULT_URL, serverAddress } from './server-address.ts';

/** What the person says on the command line about the server. */
export interface ServerChoice {
	url?: string | undefined;
	insecureHttp?: boolean | undefined;
}

export interface Server {
	url: string;
	/** Null when there is none for this server. */
	token: string | null;
}

/** Which server is meant and with which token: the command line, then the environment, then the account file. */
export const chooseServer = async (
	choice: ServerChoice,
	environment: Environment,
	accounts: AccountFile,
): Promise<Server> => {
	const told = choice.url ?? environment.url;
	const account = told !== undefined && environment.token !== undefined ? null : await accounts.read();
	const agreed = (choice.insecureHttp ?? false) || environment.insecureHttp;
	const wanted = told ?? account?.url ?? DEFAULT_URL;
	const url = serverAddress(wanted, {
		insecureHttp: agreed || (account?.insecureHttp === true && account.url === wanted),
	});
	// A stored token goes only to the server that made it.
	return { url, token: environment.token ?? (account?.url === url ? account.token : null) };
};

/** A client that is signed in. Throws when there is no token for the server. */
export const connect = async (
	choice: ServerChoice,
	environment: Environment,
	accounts: AccountFile,
): Promise<HttpClient> => {
	const { url, token } = await chooseServer(choice, environment, accounts);
	if (token === null)
		throw new CliError(EXIT.notSignedIn, `You are not signed in to ${url}. Run: millrace login ${url}`);
	return new HttpClient({ baseUrl: url, auth: { kind: 'token', token } });
};
