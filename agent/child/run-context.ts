import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Redactor } from '../../shared/redact.ts';
import type { FromChild, Run, RunLogLine, RunOutput } from '../tasks/child-messages.ts';
import { TaskFailure } from '../tasks/task-failure.ts';
import type { Egress, JsonObject, SourceGiven, TaskContext, TaskInput } from '../tasks/task-module.ts';
import { LogCap } from './log-cap.ts';
import { checkOutputList } from './output-list.ts';

const NOTHING_SECRET = new Redactor([]);
/** Least time between two progress messages of one run. */
const PROGRESS_EVERY_MS = 250;

/** What one run sees; what costs something (abort signal, folder, timers) is made when first asked for. */
export class RunContext implements TaskContext {
	readonly parameters: JsonObject;
	readonly inputs: readonly TaskInput[];
	readonly source: SourceGiven | null;
	readonly egress: Egress | null;
	/** Takes the run’s secrets out of all that leaves the child. */
	readonly redactor: Redactor;
	readonly #run: Run;
	readonly #send: (message: FromChild) => void;
	readonly #outputs = new Map<string, { path: string; mediaType: string }>();
	#abort: AbortController | null = null;
	#log: LogCap | null = null;
	#progressAt = Number.NEGATIVE_INFINITY;
	#nextProgress: { progress: number | null; phase: string | null } | null = null;
	#progressTimer: NodeJS.Timeout | null = null;

	constructor(run: Run, send: (message: FromChild) => void) {
		this.parameters = run.parameters;
		this.inputs = run.inputs;
		this.source = run.source ?? null;
		this.egress = run.egress ?? null;
		this.redactor = run.secrets ? new Redactor(Object.values(run.secrets)) : NOTHING_SECRET;
		this.#run = run;
		this.#send = send;
	}

	get signal(): AbortSignal {
		this.#abort ??= new AbortController();
		return this.#abort.signal;
	}

	get hasFolder(): boolean {
		return this.#outputs.size > 0;
	}

	get isAborted(): boolean {
		return this.#abort?.signal.aborted ?? false;
	}

	abort(reason: Error): void {
		this.#abort ??= new AbortController();
		this.#abort.abort(reason);
	}

	secret(slot: string): string | null {
		const { secrets = {} } = this.#run;
		return Object.hasOwn(secrets, slot) ? (secrets[slot] ?? null) : null;
	}

	async output(name: string, mediaType: string): Promise<string> {
		const folder = join(this.#run.folder, 'outputs');
		await mkdir(folder, { recursive: true });
		const path = join(folder, name);
		this.#outputs.set(name, { path, mediaType });
		return path;
	}

	/** An output that something else has written. */
	addOutput(name: string, path: string, mediaType: string): void {
		this.#outputs.set(name, { path, mediaType });
	}

	progress(fraction: number | null, phase?: string): void {
		const progress = fraction === null ? null : Math.min(1, Math.max(0, fraction));
		this.#nextProgress = { progress, phase: phase === undefined ? null : this.redactor.text(phase).slice(0, 200) };
		const wait = this.#progressAt + PROGRESS_EVERY_MS - performance.now();
		if (wait <= 0) this.#sendProgress();
		else this.#progressTimer ??= setTimeout(() => this.#sendProgress(), wait);
	}

	log(text: string): void {
		for (const line of this.redactor.text(text).split('\n')) this.logLine({ stream: 'out', text: line });
	}

	logLine(line: RunLogLine): void {
		this.#log ??= new LogCap((lines) => this.#send({ log: { id: this.#run.id, lines } }));
		this.#log.add(line);
	}

	/** Sends what is left to send, then says what the run has written. Fails when sizes or names are too much in total. */
	async finish(): Promise<RunOutput[]> {
		this.close();
		if (this.#outputs.size === 0) return [];
		const outputs: RunOutput[] = [];
		let total = 0;
		for (const [name, { path, mediaType }] of this.#outputs) {
			const { size } = await stat(path);
			total += size;
			outputs.push({ name, path, size, mediaType });
		}
		if (total > this.#run.outputBytes) {
			const message = `The outputs have ${total} bytes; at most ${this.#run.outputBytes} are allowed.`;
			throw new TaskFailure({ class: 'resource', code: 'output-limit', message });
		}
		checkOutputList(outputs);
		return outputs;
	}

	/** Sends waiting log lines and forgets a waiting progress. */
	close(): void {
		if (this.#progressTimer) clearTimeout(this.#progressTimer);
		this.#progressTimer = null;
		this.#log?.flush();
	}

	#sendProgress(): void {
		this.#progressTimer = null;
		if (!this.#nextProgress) return;
		this.#progressAt = performance.now();
		this.#send({ progress: { id: this.#run.id, ...this.#nextProgress } });
		this.#nextProgress = null;
	}
}
