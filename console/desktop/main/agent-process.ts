import type { ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { harmless, readableLogLine } from '../../../shared/readable-log-line.ts';
import type { AgentView, AgentWish, Profile } from '../../bridge.ts';

const MOST_LINES = 400;
const MOST_LETTERS = 2_000;
/** The window is told of its log so often. */
const TELL_MS = 250;
/** How long it may finish what it runs when the program ends, and then give back what is left. */
const DRAIN_MS = 8_000;
const GIVE_BACK_MS = 4_000;

interface AgentParts {
	/** The built agent; null when it was not packed, or not built. */
	entry: string | null;
	/** The Node.js that runs it; throws a sentence. */
	findNode(): Promise<string>;
	spawn: typeof spawn;
	/** Where identities, caches and running tasks lie, for each coordinator in a folder of its own. */
	folder: string;
	env: NodeJS.ProcessEnv;
	onChange(): void;
}

type Stage = Pick<AgentView, 'state' | 'detail'>;

/** The agent on this machine: one process, started without a shell, gone when we are gone. */
export class AgentProcess {
	readonly #parts: AgentParts;
	readonly #log: string[] = [];
	#child: ChildProcess | null = null;
	#ended: Promise<void> = Promise.resolve();
	#stage: Stage = { state: 'absent', detail: null };
	#timer: NodeJS.Timeout | null = null;

	constructor(parts: AgentParts) {
		this.#parts = parts;
	}

	get isRunning(): boolean {
		return this.#child !== null;
	}

	view(profile: Profile | null): AgentView {
		const needsToken = profile !== null && !existsSync(join(this.#folderOf(profile), 'identity.json'));
		return { ...this.#stage, needsToken, log: [...this.#log] };
	}

	/** `pem` is the approved certificate of a coordinator that no authority need vouch for. */
	async start(profile: Profile, wish: AgentWish, pem: string | null): Promise<void> {
		const { entry } = this.#parts;
		if (this.#child !== null || this.#stage.state === 'starting') throw new Error('An agent runs here already.');
		if (entry === null) throw new Error('There is no agent beside this program. Run npm run build, then try again.');
		this.#enter({ state: 'starting', detail: `It works for ${profile.name}.` });
		try {
			const node = await this.#parts.findNode();
			const folder = this.#folderOf(profile);
			mkdirSync(folder, { recursive: true });
			const certificate = join(folder, 'coordinator.pem');
			if (pem !== null) writeFileSync(certificate, pem);
			this.#log.length = 0;
			this.#run(node, entry, folder, profile, wish, pem === null ? {} : { NODE_EXTRA_CA_CERTS: certificate });
		} catch (error) {
			this.#enter({ state: 'ended', detail: error instanceof Error ? error.message : String(error) });
			throw error;
		}
	}

	/** It takes nothing new and finishes what it runs; asked again, it gives that back and ends. */
	stop(): void {
		if (this.#child === null) return;
		this.#enter({ state: 'stopping', detail: 'It finishes what it runs. Stop it again to give that back at once.' });
		this.#ask(this.#child);
	}

	/** Ends it for good, with patience; for when the program ends. */
	async end(): Promise<void> {
		const child = this.#child;
		if (child === null) return;
		this.stop();
		const timers = [
			setTimeout(() => this.#ask(child), DRAIN_MS),
			setTimeout(() => child.kill('SIGKILL'), DRAIN_MS + GIVE_BACK_MS),
		];
		await this.#ended;
		for (const timer of timers) clearTimeout(timer);
	}

	/** Windows has no signals: there the end of the channel is what an agent drains by, and a kill is a kill. */
	#ask(child: ChildProcess): void {
		if (process.platform === 'win32' && child.connected) child.disconnect();
		else child.kill('SIGTERM');
	}

	#folderOf({ id }: Profile): string {
		return join(this.#parts.folder, id);
	}

	#run(node: string, entry: string, folder: string, profile: Profile, wish: AgentWish, more: NodeJS.ProcessEnv): void {
		const { concurrency, queues, token } = wish;
		const args = ['--coordinator', profile.url, '--work-dir', folder, '--queues', queues.join(',')];
		if (concurrency !== null) args.push('--concurrency', String(concurrency));
		const inherited = Object.entries(this.#parts.env).filter(([name]) => !/^(MILLRACE|ELECTRON|NODE)_/.test(name));
		const child = this.#parts.spawn(node, [entry, 'start', ...args], {
			cwd: folder,
			// Everybody on the machine can read a command line.
			env: { ...Object.fromEntries(inherited), ...more, ...(token === null ? {} : { MILLRACE_TOKEN: token }) },
			// The channel carries nothing: its end tells the agent that we are gone.
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
			windowsHide: true,
		});
		this.#child = child;
		for (const stream of [child.stdout, child.stderr]) {
			if (stream) createInterface({ input: stream }).on('line', (line) => this.#hear(line));
		}
		this.#ended = new Promise((resolve) => {
			child.once('error', (error) => {
				this.#gone(`It could not be started: ${error.message}.`);
				resolve();
			});
			child.once('close', (code, signal) => {
				const wasStopped = this.#stage.state === 'stopping';
				this.#gone(wasStopped ? 'It was stopped.' : `It ended by itself (${signal ?? code}). Its log says why.`);
				resolve();
			});
		});
	}

	#gone(detail: string): void {
		this.#child = null;
		this.#enter({ state: 'ended', detail });
	}

	#hear(line: string): void {
		if (this.#stage.state === 'starting' && /^agent \S+ ready: /.test(line))
			this.#stage = { state: 'running', detail: this.#stage.detail };
		this.#log.push(readable(line).slice(0, MOST_LETTERS));
		if (this.#log.length > MOST_LINES) this.#log.splice(0, this.#log.length - MOST_LINES);
		this.#timer ??= setTimeout(() => this.#tell(), TELL_MS);
	}

	#enter(stage: Stage): void {
		this.#stage = stage;
		this.#tell();
	}

	#tell(): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#timer = null;
		this.#parts.onChange();
	}
}

const readable = (line: string): string => {
	try {
		return line.startsWith('{') ? readableLogLine(line).trimEnd() : harmless(line);
	} catch {
		return harmless(line);
	}
};
