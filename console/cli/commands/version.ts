import type { Command } from 'commander';
import { readReadiness } from '../../../shared/client/health.ts';
import { HttpClient } from '../../../shared/client/http-client.ts';
import { API_VERSION } from '../../../shared/protocol/version.ts';
import { type Context, serverCommand } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError, explain } from '../failure.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { CLI_VERSION } from '../version.ts';

const WAIT_MS = 3_000;

interface ServerState {
	url: string;
	version: string | null;
	/** Null when it answers. */
	problem: string | null;
}

const askServer = async (context: Context, options: ServerChoice): Promise<ServerState> => {
	const { url } = await context.chooseServer(options);
	const http = new HttpClient({ baseUrl: url, auth: { kind: 'none' }, retry: { tries: 1, firstMs: 0, mostMs: 0 } });
	try {
		const signal = AbortSignal.any([context.signal, AbortSignal.timeout(WAIT_MS)]);
		return { url, version: (await readReadiness(http, { signal })).version ?? 'unknown', problem: null };
	} catch (error) {
		context.signal.throwIfAborted();
		const timedOut = error instanceof Error && error.name === 'TimeoutError';
		const problem = timedOut ? `${url} did not answer within ${WAIT_MS / 1_000} s.` : explain(error).sentence;
		return { url, version: null, problem };
	}
};

/** `millrace version`: this program's version, and the server's if it answers. */
export const versionCommand = (context: Context): Command =>
	serverCommand('version')
		.description('show the versions of this program and of the server')
		.option('--json', 'as JSON')
		.action(async (options: ServerChoice & { json?: boolean }) => {
			const { problem, ...server } = await askServer(context, options);
			if (options.json) context.out.json({ client: CLI_VERSION, api: API_VERSION, server: { ...server, problem } });
			else {
				context.out.line(`client  ${CLI_VERSION} (API ${API_VERSION})`);
				context.out.line(`server  ${problem ?? `${server.version} at ${server.url}`}`);
			}
			// Nobody need have a server to ask for this program's version; who names one wants to know of it.
			const isNamed = (options.url ?? context.environment.url) !== undefined;
			if (problem !== null && isNamed) throw new CliError(EXIT.unreachable, 'The server’s version is not known.');
		});
