import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AbortReason, FromChild, Run, ToChild } from '../tasks/child-messages.ts';
import type { ControlGroup } from './control-groups.ts';

/** Beside the program's own file. */
export const CHILD_ENTRY = new URL('./child/main.js', import.meta.url);

/** How a child ended: exit code or signal, and the last line it wrote to standard error. */
export interface ChildEnd {
	code: number | null;
	signal: NodeJS.Signals | null;
	lastLine: string;
}

export interface ChildEvents {
	onMessage(child: Child, message: FromChild): void;
	/** It is gone; `runs` are those it had not finished, the one it was at first. */
	onEnd(child: Child, end: ChildEnd, runs: number[]): void;
}

/** A warm process that does one run at a time, in a process group of its own so that its whole tree can be killed. */
export class Child {
	readonly pid: number;
	/** Runs given and not answered, oldest first. */
	readonly open = new Set<number>();
	/** Only instant runs are open. */
	isInstantOnly = true;
	runsDone = 0;
	isCondemned = false;
	group: ControlGroup | null = null;
	readonly #process: ChildProcess;

	constructor(events: ChildEvents, entry: URL) {
		const { MILLRACE_TOKEN: _secret, ...env } = process.env;
		this.#process = fork(fileURLToPath(entry), [], {
			detached: true,
			serialization: 'json',
			execArgv: [],
			env,
			stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
		});
		this.pid = this.#process.pid ?? -1;
		let lastLine = '';
		if (this.#process.stderr) {
			createInterface({ input: this.#process.stderr }).on('line', (line) => {
				if (line.trim()) lastLine = line.slice(0, 500);
			});
		}
		this.#process.on('message', (message: FromChild) => events.onMessage(this, message));
		let hasEnded = false;
		const end = (code: number | null, signal: NodeJS.Signals | null) => {
			if (hasEnded) return;
			hasEnded = true;
			events.onEnd(this, { code, signal, lastLine }, [...this.open]);
		};
		this.#process.once('error', (error) => {
			lastLine = error.message;
			if (this.#process.pid === undefined) end(null, null);
		});
		this.#process.once('exit', end);
	}

	run(runs: Run[], areInstant: boolean): void {
		if (this.open.size === 0) this.isInstantOnly = true;
		if (!areInstant) this.isInstantOnly = false;
		for (const { id } of runs) this.open.add(id);
		this.#send(this.group ? { runs, areInstant, group: this.group.folder } : { runs, areInstant });
	}

	abort(run: number, reason: AbortReason): void {
		this.#send({ abort: run, reason });
	}

	/** Lets it end by itself: it has nothing open. */
	dismiss(): void {
		if (this.#process.connected) this.#process.disconnect();
	}

	#send(message: ToChild): void {
		// A failure to send means that it is dying: its end is told by `exit`.
		if (this.#process.connected) this.#process.send(message, () => {});
	}
}
