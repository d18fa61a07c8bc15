import type { Failure } from '../../shared/protocol/agent-link.ts';
import type { FromChild, Run, RunDone, ToChild } from '../tasks/child-messages.ts';
import { ownCpu } from '../tasks/cpu-time.ts';
import { loadTask } from '../tasks/load-task.ts';
import type { RunUsage } from '../tasks/run-usage.ts';
import type { TaskModule } from '../tasks/task-module.ts';
import { Aborted } from './aborted.ts';
import { checkResult, failureOf } from './judge.ts';
import { MemorySampler } from './memory-sampler.ts';
import { CommandMeter, cpuSoFar, InstantMeter, Meter } from './meter.ts';
import { RunContext } from './run-context.ts';

type Runs = Extract<ToChild, { runs: Run[] }>;

/** Resident memory from which a process is replaced after its run, when it has not gone back by itself. */
const WORN_BYTES = 300 * 1024 * 1024;

const finished = (done: RunDone, context: RunContext): RunDone => {
	if (context.hasFolder) done.hasFolder = true;
	if (done.usage.peakMemoryBytes > WORN_BYTES && process.memoryUsage.rss() > WORN_BYTES) done.isWorn = true;
	return done;
};

const redacted = (failure: Failure, { redactor }: RunContext): Failure => ({
	...failure,
	message: redactor.text(failure.message),
});

/** Does runs one at a time, in order of arrival. */
export class RunQueue {
	readonly #send: (message: FromChild) => void;
	readonly #modules = new Map<string, TaskModule>();
	readonly #waiting: Runs[] = [];
	readonly #instantMeter = new InstantMeter();
	#current: { id: number; context: RunContext } | null = null;
	#isBusy = false;

	constructor(send: (message: FromChild) => void) {
		this.#send = send;
	}

	handle(message: ToChild): void {
		if ('abort' in message) {
			if (this.#current?.id === message.abort) this.#current.context.abort(new Aborted(message.reason));
			return;
		}
		this.#waiting.push(message);
		if (!this.#isBusy) void this.#drain();
	}

	async #drain(): Promise<void> {
		this.#isBusy = true;
		for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
			if (next.areInstant) this.#instantMeter.start();
			const done: RunDone[] = [];
			for (const run of next.runs) {
				done.push(
					next.areInstant ? await this.#do(run, this.#instantMeter) : await this.#measured(run, next.group ?? null),
				);
			}
			this.#send({ done });
		}
		this.#isBusy = false;
	}

	#measured(run: Run, group: string | null): Promise<RunDone> {
		const { id, command } = run;
		const before = cpuSoFar(group);
		this.#send({ begun: { id, own: before.own, tree: before.tree } });
		if (!command) return this.#do(run, new Meter());
		// Should this process die, its own use must not be taken for the program's.
		const watching = () => this.#send({ watching: { id, own: ownCpu() } });
		const sampler = new MemorySampler(before.isGroup ? group : null, watching);
		return this.#do(run, new CommandMeter(group, sampler, before), async (context) => {
			const { runCommand } = await import('./run-command.ts');
			return runCommand(command, run.folder, context, (pid) => sampler.begin(pid));
		});
	}

	async #do(
		run: Run,
		meter: { read(): RunUsage },
		code = async (context: RunContext) => (await this.#module(run.type)).run(context),
	): Promise<RunDone> {
		const context = new RunContext(run, this.#send);
		this.#current = { id: run.id, context };
		try {
			const found = await code(context);
			const result = context.redactor.json(found);
			checkResult(result);
			const outputs = await context.finish();
			const done: RunDone = { id: run.id, usage: meter.read(), result };
			if (outputs.length > 0) done.outputs = outputs;
			return finished(done, context);
		} catch (error) {
			context.close();
			const failed: RunDone = { id: run.id, usage: meter.read(), failure: redacted(failureOf(error), context) };
			if (context.isAborted) failed.aborted = true;
			return finished(failed, context);
		} finally {
			this.#current = null;
		}
	}

	async #module(type: string): Promise<TaskModule> {
		let module = this.#modules.get(type);
		if (!module) {
			module = await loadTask(type);
			if (!module) throw new Error(`no code for the task type ${type}`);
			this.#modules.set(type, module);
		}
		return module;
	}
}
