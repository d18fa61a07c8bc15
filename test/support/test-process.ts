import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';

const TAIL_LINES = 60;

/** Marks every process that this test run started, and what those started in turn: see leak-guard.ts. */
export const RUN_MARK = `${process.pid}-${randomUUID()}`;
export const RUN_MARK_VARIABLE = 'MILLRACE_TEST_RUN';

/** Processes that were started and have not ended. */
export const liveProcesses = new Set<TestProcess>();

/** How a process ended. */
export interface Exit {
	code: number | null;
	signal: NodeJS.Signals | null;
}

/** One real process under test: its lines, its end, and its last output for the message of a failure. */
export class TestProcess {
	readonly name: string;
	readonly pid: number;
	readonly exited: Promise<Exit>;
	readonly #child: ChildProcess;
	readonly #tail: string[] = [];
	readonly #watchers = new Set<(line: string) => void>();
	#exit: Exit | null = null;

	constructor(name: string, argv: readonly string[], options: { env?: NodeJS.ProcessEnv; cwd?: string } = {}) {
		this.name = name;
		const [command, ...args] = argv;
		if (command === undefined) throw new Error('no command');
		const env = { ...process.env, ...options.env, [RUN_MARK_VARIABLE]: RUN_MARK };
		this.#child = spawn(command, args, { cwd: options.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
		this.exited = new Promise((resolve, reject) => {
			this.#child.once('error', reject);
			this.#child.once('close', (code, signal) => {
				this.#exit = { code, signal };
				liveProcesses.delete(this);
				resolve(this.#exit);
			});
		});
		// A failure to start is told by whoever waits; nobody may be waiting yet.
		this.exited.catch(() => {});
		if (this.#child.pid === undefined) throw new Error(`${name} could not be started: ${command}`);
		this.pid = this.#child.pid;
		liveProcesses.add(this);
		for (const stream of [this.#child.stdout, this.#child.stderr]) {
			if (stream) createInterface({ input: stream }).on('line', (line) => this.#onLine(line));
		}
	}

	get isRunning(): boolean {
		return this.#exit === null;
	}

	/** The last lines of standard output and error, oldest first. */
	get tail(): string {
		return this.#tail.join('\n');
	}

	/** Calls back for every line from now on; the answer ends that. */
	onLine(watcher: (line: string) => void): () => void {
		this.#watchers.add(watcher);
		return () => this.#watchers.delete(watcher);
	}

	/** The first line, past or to come, that fits; rejects when the process ends first or the time is over. */
	line(pattern: RegExp, withinMs = 90_000): Promise<RegExpExecArray> {
		for (const line of this.#tail) {
			const match = pattern.exec(line);
			if (match) return Promise.resolve(match);
		}
		return this.nextLine(pattern, withinMs);
	}

	/** The first line to come that fits; rejects when the process ends first or the time is over. */
	nextLine(pattern: RegExp, withinMs = 90_000): Promise<RegExpExecArray> {
		return new Promise((resolve, reject) => {
			const settle = (act: () => void) => {
				clearTimeout(timer);
				forget();
				act();
			};
			const fail = (why: string) => settle(() => reject(new Error(`${this.name}: ${why}\n${this.tail}`)));
			const timer = setTimeout(() => fail(`no line like ${pattern} within ${withinMs} ms`), withinMs);
			const forget = this.onLine((line) => {
				const match = pattern.exec(line);
				if (match) settle(() => resolve(match));
			});
			this.exited.then(
				({ code, signal }) => fail(`ended (${signal ?? code}) before a line like ${pattern}`),
				(error: Error) => fail(error.message),
			);
		});
	}

	signal(signal: NodeJS.Signals): void {
		if (this.isRunning) this.#child.kill(signal);
	}

	/** Sends the signal and waits for the end. */
	async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
		this.signal(signal);
		return this.exited;
	}

	/** Asks it to end by SIGTERM; when it does not in time it is killed and that is an error. */
	async stop(withinMs = 15_000): Promise<Exit> {
		let overdue = false;
		const timer = setTimeout(() => {
			overdue = true;
			this.signal('SIGKILL');
		}, withinMs);
		this.signal('SIGTERM');
		const exit = await this.exited.finally(() => clearTimeout(timer));
		if (overdue) throw new Error(`${this.name} did not stop within ${withinMs} ms of SIGTERM\n${this.tail}`);
		return exit;
	}

	#onLine(line: string): void {
		this.#tail.push(line);
		if (this.#tail.length > TAIL_LINES) this.#tail.shift();
		for (const watcher of this.#watchers) watcher(line);
	}
}
