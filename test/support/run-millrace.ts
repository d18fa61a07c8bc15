import { Readable, Writable } from 'node:stream';
import { runCommandLine } from '../../console/cli/program.ts';
import { readEnvironment } from '../../console/cli/settings/environment.ts';

export interface Ran {
	code: number;
	stdout: string;
	stderr: string;
	/** Standard output as one JSON document. */
	json: unknown;
	/** Standard output as lines of JSON. */
	lines: Record<string, unknown>[];
}

const collector = (onText: (soFar: string) => void = () => {}) => {
	const chunks: Buffer[] = [];
	const stream = new Writable({
		write(chunk, _encoding, done) {
			chunks.push(Buffer.from(chunk));
			onText(Buffer.concat(chunks).toString('utf8'));
			done();
		},
	});
	return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
};

export interface RunOptions {
	env?: NodeJS.ProcessEnv;
	stdin?: string;
	signal?: AbortSignal;
	/** Hears of all that has come on standard output so far, whenever something comes. */
	onStdout?: (soFar: string) => void;
	/** Standard output is a terminal of this size. */
	terminal?: { columns: number; rows: number };
}

/** Runs a command line of `millrace` within this process, as if in an empty home. */
export const runMillrace = async (argv: readonly string[], options: RunOptions & { home: string }): Promise<Ran> => {
	const stdout = collector(options.onStdout);
	if (options.terminal) Object.assign(stdout.stream, { isTTY: true, ...options.terminal });
	const stderr = collector();
	const home = { XDG_CONFIG_HOME: `${options.home}/config`, XDG_STATE_HOME: `${options.home}/state` };
	const code = await runCommandLine(argv, {
		environment: readEnvironment({ ...home, ...options.env }),
		stdin: Readable.from(options.stdin === undefined ? [] : [options.stdin]),
		stdout: stdout.stream,
		stderr: stderr.stream,
		signal: options.signal ?? new AbortController().signal,
	});
	return {
		code,
		stdout: stdout.text(),
		stderr: stderr.text(),
		get json() {
			return JSON.parse(stdout.text());
		},
		get lines() {
			return stdout
				.text()
				.split('\n')
				.filter(Boolean)
				.map((line) => JSON.parse(line));
		},
	};
};
