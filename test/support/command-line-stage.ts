import { afterEach, beforeEach } from 'vitest';
import { type Ran, type RunOptions, runMillrace } from './run-millrace.ts';
import { StandInServer } from './stand-in-server.ts';
import { TempFolder } from './temp-folder.ts';

/** `env`, unless told: the server's address and a token that it knows. */
interface Options extends RunOptions {
	/** Where it finds the server; default: directly. */
	url?: string;
}

/** The command line within this process, in an empty home, before a small coordinator that a test can tell what to answer. */
export class CommandLineStage implements AsyncDisposable {
	server!: StandInServer;
	folder!: TempFolder;
	/** What was sent to where `answer` answers: `METHOD /path` and the body. */
	sent: [string, unknown][] = [];

	async open(): Promise<void> {
		this.sent = [];
		this.folder = new TempFolder();
		this.server = await StandInServer.start();
	}

	run(argv: readonly string[], { url, ...options }: Options = {}): Promise<Ran> {
		// A test that brings an environment may have ended the server.
		const env = options.env ?? { MILLRACE_URL: url ?? this.server.url, MILLRACE_TOKEN: 'mrt_given' };
		return runMillrace(argv, { ...options, home: this.folder.path, env });
	}

	/** From now on the server answers this route so. */
	answer(route: string, status: number, body: (sent: never) => unknown): void {
		const { server, sent } = this;
		server.instead.set(route, async (request, response) => {
			let text = '';
			for await (const chunk of request) text += String(chunk);
			const parsed = text === '' ? undefined : JSON.parse(text);
			sent.push([route, parsed]);
			if (status === 204) response.writeHead(204).end();
			else server.json(response, status, body(parsed as never));
		});
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.server[Symbol.asyncDispose]();
		await this.folder[Symbol.asyncDispose]();
	}
}

/** A stage for the file that calls this: a new one for each of its tests. */
export const commandLineStage = (): CommandLineStage => {
	const stage = new CommandLineStage();
	beforeEach(() => stage.open());
	afterEach(() => stage[Symbol.asyncDispose]());
	return stage;
};
