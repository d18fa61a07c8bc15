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

const collector = () => {
	const chunks: Buffer[] = [];
	const stream = new Writable({
		write(chunk, _encoding, done) {
			chunks.push(Buffer.from(chunk));
			done();
		},
	});
	return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
};

/** Runs a command line of `millrace` within this process, as if in an empty home. */
export const runMillrace = async (
	argv: readonly string[],
	options: { env?: NodeJS.ProcessEnv; home: string; stdin?: string; signal?: AbortSignal },
): Promise<Ran> => {
	const stdout = collector();
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
