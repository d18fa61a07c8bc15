import { type Api, signIn } from './api.ts';
import { builtFile } from './repository.ts';
import { runToEnd } from './run-to-end.ts';
import { TempFolder } from './temp-folder.ts';
import { TestProcess } from './test-process.ts';

export interface CoordinatorOptions {
	/** Where its data lies; default: a temporary folder of its own that goes with it. */
	data?: string;
	/** Default: any free one. */
	port?: number;
	/** More environment, such as `MILLRACE_…` settings. */
	env?: Record<string, string>;
	/** More arguments of `coordinator start`. */
	args?: readonly string[];
	/** Arguments for Node.js itself. */
	nodeArgs?: readonly string[];
	/** Wraps the command line, for example in strace. */
	wrap?: (argv: readonly string[]) => readonly string[];
	readyWithinMs?: number;
}

const PASSWORD = 'correct horse battery staple';

/** A real coordinator in its own process, on loopback, with an administrator signed in. */
export class RunningCoordinator implements AsyncDisposable {
	readonly data: string;
	readonly #options: CoordinatorOptions;
	readonly #folder: TempFolder | null;
	#process: TestProcess;
	#api: Api | null = null;
	port = 0;

	private constructor(options: CoordinatorOptions) {
		this.#options = options;
		this.#folder = options.data === undefined ? new TempFolder() : null;
		this.data = options.data ?? (this.#folder as TempFolder).join('data');
		this.port = options.port ?? 0;
		this.#process = this.#spawn();
	}

	/** Starts one and waits until it is ready and the administrator has signed in. */
	static async start(options: CoordinatorOptions = {}): Promise<RunningCoordinator> {
		const coordinator = new RunningCoordinator(options);
		try {
			await coordinator.#ready();
			coordinator.#api = await signIn(coordinator.url, 'admin', PASSWORD);
			return coordinator;
		} catch (error) {
			await coordinator[Symbol.asyncDispose]();
			throw error;
		}
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	get process(): TestProcess {
		return this.#process;
	}

	get pid(): number {
		return this.#process.pid;
	}

	/** As the administrator, by API token. */
	get api(): Api {
		if (this.#api === null) throw new Error('the coordinator is not ready');
		return this.#api;
	}

	get log(): string {
		return this.#process.tail;
	}

	/** Name and password of the first administrator. */
	get administrator(): { username: string; password: string } {
		return { username: 'admin', password: PASSWORD };
	}

	/** A token by which an agent may join. */
	async nodeToken(): Promise<string> {
		return (await this.api.post<{ token: string }>('/admin/node-tokens', {})).token;
	}

	/** The same by the coordinator's own command, beside the one that runs. */
	async nodeTokenByCommand(args: readonly string[] = []): Promise<string> {
		const command = ['node-token', 'create', '--data', this.data, '--json', ...args];
		return JSON.parse(await runToEnd([process.execPath, builtFile('coordinator/main.js'), ...command])).token;
	}

	/** A new person, signed in. */
	async newUser(username: string, role = 'user', serviceClass?: string): Promise<Api> {
		const { password } = this.credentialsOf(username);
		await this.api.post('/admin/users', { username, password, role, ...(serviceClass ? { serviceClass } : {}) });
		return signIn(this.url, username, password);
	}

	/** What somebody who was made by {@link newUser} signs in with. */
	credentialsOf(username: string): { username: string; password: string } {
		return { username, password: `${PASSWORD} ${username}` };
	}

	async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
		await this.#process.kill(signal);
	}

	/** Starts it again on the same data and port; resolves to the milliseconds until it was ready. */
	async restart(): Promise<number> {
		if (this.#process.isRunning) throw new Error('the coordinator still runs: kill or stop it first');
		const startedAt = performance.now();
		this.#process = this.#spawn();
		await this.#ready();
		return performance.now() - startedAt;
	}

	/** Ends it by SIGTERM; the data stays until disposed. */
	async stop(): Promise<void> {
		await this.#process.stop();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		if (this.#process.isRunning) await this.#process.kill('SIGKILL');
		await this.#folder?.[Symbol.asyncDispose]();
	}

	#spawn(): TestProcess {
		const { args = [], nodeArgs = [], wrap = (argv) => argv } = this.#options;
		const command = [process.execPath, ...nodeArgs, builtFile('coordinator/main.js'), 'start'];
		const argv = [...command, '--host', '127.0.0.1', '--port', String(this.port), '--data', this.data, ...args];
		const env = { MILLRACE_ADMIN_PASSWORD: PASSWORD, ...this.#options.env };
		return new TestProcess('coordinator', wrap(argv), { env });
	}

	async #ready(): Promise<void> {
		const ready = await this.#process.line(/coordinator ready: http:\/\/[^:]+:(\d+)/, this.#options.readyWithinMs);
		this.port = Number(ready[1]);
	}
}

/** Starts a real coordinator: `await using coordinator = await startCoordinator()`. */
export const startCoordinator = RunningCoordinator.start;
