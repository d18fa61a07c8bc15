import { Command } from 'commander';
import type { HttpClient } from '../../shared/client/http-client.ts';
import { AccountFile } from './settings/account-file.ts';
import { chooseServer, connect, type Server, type ServerChoice } from './settings/connection.ts';
import type { Environment } from './settings/environment.ts';
import type { InputStream } from './terminal/ask.ts';
import { Output, type TextStream } from './terminal/output.ts';

/** Everything that a run of `millrace` takes from the process it is. */
export interface Surroundings {
	environment: Environment;
	stdin: InputStream;
	stdout: TextStream;
	stderr: TextStream;
	/** Aborted when the person interrupts. */
	signal: AbortSignal;
}

/** What commands share. */
export class Context {
	readonly environment: Environment;
	readonly stdin: InputStream;
	readonly stderr: TextStream;
	readonly signal: AbortSignal;
	readonly out: Output;
	readonly accounts: AccountFile;

	constructor({ environment, stdin, stdout, stderr, signal }: Surroundings) {
		this.environment = environment;
		this.stdin = stdin;
		this.stderr = stderr;
		this.signal = signal;
		this.out = new Output({ stdout, stderr, noColor: environment.noColor });
		this.accounts = new AccountFile(environment.configFolder);
	}

	/** A client that is signed in; throws when nobody is. */
	connect(choice: ServerChoice): Promise<HttpClient> {
		return connect(choice, this.environment, this.accounts);
	}

	/** The server that is meant, signed in or not. */
	chooseServer(choice: ServerChoice): Promise<Server> {
		return chooseServer(choice, this.environment, this.accounts);
	}
}

/** A command with the options that say which server is meant. */
export const serverCommand = (name: string): Command =>
	new Command(name)
		.option('--url <URL>', 'another server than the one signed in to (MILLRACE_URL)')
		.option('--insecure-http', 'allow plain HTTP to another machine (MILLRACE_INSECURE_HTTP=1)');
