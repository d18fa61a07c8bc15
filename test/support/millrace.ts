import { spawn } from 'node:child_process';
import { builtFile } from './repository.ts';
import { runMillrace } from './run-millrace.ts';
import type { RunningCoordinator } from './start-coordinator.ts';
import { TempFolder } from './temp-folder.ts';
import { RUN_MARK, RUN_MARK_VARIABLE } from './test-process.ts';

export interface MillraceRun {
	code: number | null;
	stdout: string;
	stderr: string;
}

interface Options {
	env?: NodeJS.ProcessEnv;
	stdin?: string;
	/** Sees everything that is written as it comes; answers what to type. */
	onOutput?: (soFar: string, type: (text: string) => void, interrupt: () => void) => void;
	/** In a terminal of its own; then standard error is among the output. */
	terminal?: boolean;
	cwd?: string;
}

/** The built command line `millrace`, in processes of its own, with an empty home that goes when disposed. */
export class Millrace implements AsyncDisposable {
	readonly home = new TempFolder();
	readonly #env: NodeJS.ProcessEnv;

	/** Not signed in unless with the coordinator's administrator token. */
	constructor(env: NodeJS.ProcessEnv = {}) {
		this.#env = env;
	}

	static of(coordinator: RunningCoordinator, url = coordinator.url): Millrace {
		return new Millrace({ MILLRACE_URL: url, MILLRACE_TOKEN: coordinator.api.token ?? '' });
	}

	/** Runs one command line to its end. */
	run(argv: readonly string[], options: Options = {}): Promise<MillraceRun> {
		const command = [process.execPath, builtFile('console/cli/main.js'), ...argv];
		const [program = '', ...args] = options.terminal
			? ['script', '-qefc', command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' '), '/dev/null']
			: command;
		const child = spawn(program, args, {
			cwd: options.cwd ?? this.home.path,
			env: {
				PATH: process.env.PATH,
				HOME: this.home.path,
				TERM: 'xterm',
				SHELL: '/bin/sh',
				[RUN_MARK_VARIABLE]: RUN_MARK,
				...this.#env,
				...options.env,
			},
		});
		let stdout = '';
		let stderr = '';
		const heard = (text: string) => {
			options.onOutput?.(
				text,
				(typed) => child.stdin.write(typed),
				() => child.kill('SIGINT'),
			);
		};
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			stdout += text;
			heard(stdout);
		});
		child.stderr.setEncoding('utf8').on('data', (text: string) => {
			stderr += text;
			heard(stderr);
		});
		// It may have ended before what was typed came to it.
		child.stdin.on('error', () => {});
		if (!options.terminal) child.stdin.end(options.stdin ?? '');
		return new Promise((resolve, reject) => {
			child.once('error', reject);
			child.once('close', (code) => {
				child.stdin.destroy();
				resolve({ code, stdout, stderr });
			});
		});
	}

	/** The same within this process, which is a fraction of the work: for what needs neither signals nor a terminal. */
	here(argv: readonly string[], { env, stdin }: Pick<Options, 'env' | 'stdin'> = {}): Promise<MillraceRun> {
		const [config, state] = [this.home.join('.config'), this.home.join('.local/state')];
		return runMillrace(argv, {
			home: this.home.path,
			env: { XDG_CONFIG_HOME: config, XDG_STATE_HOME: state, ...this.#env, ...env },
			...(stdin === undefined ? {} : { stdin }),
		});
	}

	/** Runs one here that must succeed and answer with one JSON document. */
	async json<T = Record<string, unknown>>(argv: readonly string[]): Promise<T> {
		const { code, stdout, stderr } = await this.here([...argv, '--json']);
		if (code !== 0) throw new Error(`millrace ${argv.join(' ')} ended with ${code}: ${stderr}${stdout}`);
		return JSON.parse(stdout) as T;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.home[Symbol.asyncDispose]();
	}
}
