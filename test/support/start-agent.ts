import { builtFile } from './repository.ts';
import { TempFolder } from './temp-folder.ts';
import { type Exit, TestProcess } from './test-process.ts';

/** What an agent joins: a real coordinator or one played by a test. */
export interface Joinable {
	readonly url: string;
	nodeToken(): Promise<string>;
}

export interface AgentOptions {
	name?: string;
	/** By which it joins; default: a fresh one. */
	token?: string;
	/** Where it finds the coordinator; default: directly. Give a proxy's address to disturb the link. */
	url?: string;
	queues?: readonly string[];
	concurrency?: number;
	/** For example `['capture-card=1']`. */
	hardware?: readonly string[];
	labels?: readonly string[];
	/** Default: a temporary folder of its own that goes with it. */
	workDir?: string;
	env?: Record<string, string>;
	nodeArgs?: readonly string[];
	args?: readonly string[];
	readyWithinMs?: number;
}

let count = 0;

/** A real agent in its own process and folder. */
export class RunningAgent implements AsyncDisposable {
	readonly name: string;
	readonly workDir: string;
	readonly #argv: readonly string[];
	readonly #env: Record<string, string>;
	readonly #readyWithinMs: number | undefined;
	readonly #folder: TempFolder | null;
	#process: TestProcess;

	private constructor(coordinator: Joinable, token: string, options: AgentOptions) {
		count += 1;
		this.name = options.name ?? `agent-${count}`;
		this.#folder = options.workDir === undefined ? new TempFolder() : null;
		this.workDir = options.workDir ?? (this.#folder as TempFolder).join('agent');
		const { queues, concurrency, hardware = [], labels = [], args = [], nodeArgs = [] } = options;
		this.#argv = [
			process.execPath,
			...nodeArgs,
			builtFile('agent/main.js'),
			'start',
			...['--coordinator', options.url ?? coordinator.url],
			...['--name', this.name, '--work-dir', this.workDir],
			...(queues === undefined ? [] : ['--queues', queues.join(',')]),
			...(concurrency === undefined ? [] : ['--concurrency', String(concurrency)]),
			...hardware.flatMap((item) => ['--hardware', item]),
			...labels.flatMap((item) => ['--label', item]),
			...args,
		];
		this.#env = { MILLRACE_TOKEN: token, ...options.env };
		this.#readyWithinMs = options.readyWithinMs;
		this.#process = this.#spawn();
	}

	/** Starts one with a fresh node token and waits until the coordinator has taken it in. */
	static async start(coordinator: Joinable, options: AgentOptions = {}): Promise<RunningAgent> {
		const agent = new RunningAgent(coordinator, options.token ?? (await coordinator.nodeToken()), options);
		try {
			await agent.#ready();
			return agent;
		} catch (error) {
			await agent[Symbol.asyncDispose]();
			throw error;
		}
	}

	get process(): TestProcess {
		return this.#process;
	}

	get pid(): number {
		return this.#process.pid;
	}

	get log(): string {
		return this.#process.tail;
	}

	async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
		await this.#process.kill(signal);
	}

	/** Sends a signal and does not wait: SIGSTOP, SIGCONT, the first SIGTERM of two. */
	signal(signal: NodeJS.Signals): void {
		this.#process.signal(signal);
	}

	/** Starts it again in the same folder, with the identity it has there. */
	async restart(): Promise<void> {
		if (this.#process.isRunning) throw new Error(`${this.name} still runs: kill or stop it first`);
		this.#process = this.#spawn();
		await this.#ready();
	}

	/** Drains by SIGTERM and waits for the end. */
	async stop(withinMs?: number): Promise<Exit> {
		return this.#process.stop(withinMs);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		if (this.#process.isRunning) {
			this.#process.signal('SIGCONT');
			await this.#process.kill('SIGKILL');
		}
		await this.#folder?.[Symbol.asyncDispose]();
	}

	#spawn(): TestProcess {
		return new TestProcess(this.name, this.#argv, { env: this.#env });
	}

	async #ready(): Promise<void> {
		await this.#process.line(/agent \S+ ready: /, this.#readyWithinMs);
	}
}

/** Starts a real agent: `await using agent = await startAgent(coordinator, { concurrency: 4 })`. */
export const startAgent = RunningAgent.start;
