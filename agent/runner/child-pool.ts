import type { AbortReason, FromChild, Run } from '../tasks/child-messages.ts';
import { CHILD_ENTRY, Child, type ChildEnd } from './child.ts';
import type { ControlGroup, ControlGroups } from './control-groups.ts';

/** After so many runs a child is replaced, so that no leak in a library adds up. */
const MOST_RUNS = 10_000;

/**
 * Children for the slots: forked when first needed, kept warm, replaced when worn out. There are never more than open
 * runs ask for, and each is at one run at a time.
 */
export class ChildPool {
	readonly #all = new Set<Child>();
	/** The one used last is used next: its caches are warm. */
	readonly #idle: Child[] = [];
	readonly #byPid = new Map<number, Child>();
	readonly #groups: ControlGroups | null;
	readonly #entry: URL;
	readonly #onMessage: (message: FromChild) => void;
	readonly #onEnd: (pid: number, end: ChildEnd, runs: number[]) => void;
	#instant: Child | null = null;
	#isClosed = false;
	#onAllGone: (() => void) | null = null;

	constructor(options: {
		/** Null: children are in no control groups of their own. */
		groups: ControlGroups | null;
		onMessage: (message: FromChild) => void;
		/** A child with open runs has ended. */
		onEnd: (pid: number, end: ChildEnd, runs: number[]) => void;
		/** What a child runs; default: what lies beside this program. */
		entry?: URL;
	}) {
		this.#groups = options.groups;
		this.#entry = options.entry ?? CHILD_ENTRY;
		this.#onMessage = options.onMessage;
		this.#onEnd = options.onEnd;
	}

	/** Gives the runs to a child, and answers with its process id. */
	run(runs: Run[], areInstant: boolean): number {
		const child = areInstant ? this.#forInstant() : this.#take();
		child.run(runs, areInstant);
		return child.pid;
	}

	/** Forks a child ahead of the first run, which then need not wait for it. */
	warm(): void {
		if (this.#all.size === 0) this.#idle.push(this.#fork());
	}

	abort(pid: number, run: number, reason: AbortReason): void {
		this.#byPid.get(pid)?.abort(run, reason);
	}

	/** The control group that the child and all that it starts are in. */
	groupOf(pid: number): ControlGroup | null {
		return this.#byPid.get(pid)?.group ?? null;
	}

	/** Gives it no more runs: it is being killed. */
	condemn(pid: number): void {
		const child = this.#byPid.get(pid);
		if (!child) return;
		child.isCondemned = true;
		if (this.#instant === child) this.#instant = null;
	}

	/** Ends all children; those with open runs must have been killed before. */
	async close(): Promise<void> {
		this.#isClosed = true;
		if (this.#all.size === 0) return;
		const gone = new Promise<void>((resolve) => {
			this.#onAllGone = resolve;
		});
		for (const child of this.#all) child.dismiss();
		await gone;
	}

	/** Instant runs go to one child as long as it does nothing else, so that they share messages and not processes. */
	#forInstant(): Child {
		const { isInstantOnly, open } = this.#instant ?? { isInstantOnly: false, open: new Set() };
		if (this.#instant && open.size > 0 && isInstantOnly) return this.#instant;
		this.#instant = this.#take();
		return this.#instant;
	}

	#take(): Child {
		return this.#idle.pop() ?? this.#fork();
	}

	#fork(): Child {
		if (this.#isClosed) throw new Error('the pool of children is closed');
		const events = {
			onMessage: (from: Child, message: FromChild) => this.#receive(from, message),
			onEnd: (from: Child, end: ChildEnd, runs: number[]) => this.#forget(from, end, runs),
		};
		const child = new Child(events, this.#entry);
		if (child.pid > 1) child.group = this.#groups?.adopt(child.pid) ?? null;
		this.#all.add(child);
		this.#byPid.set(child.pid, child);
		return child;
	}

	#receive(child: Child, message: FromChild): void {
		if ('done' in message) {
			for (const { id } of message.done) child.open.delete(id);
			if (!child.isInstantOnly) child.runsDone += message.done.length;
			if (child.open.size === 0) {
				const isWorn = child.runsDone >= MOST_RUNS || message.done.some((done) => done.isWorn);
				if (isWorn || this.#isClosed) child.dismiss();
				else if (!child.isCondemned) this.#idle.push(child);
			}
		}
		this.#onMessage(message);
	}

	#forget(child: Child, end: ChildEnd, runs: number[]): void {
		this.#all.delete(child);
		this.#byPid.delete(child.pid);
		const at = this.#idle.indexOf(child);
		if (at >= 0) this.#idle.splice(at, 1);
		if (this.#instant === child) this.#instant = null;
		// What it leaves running has lost its task.
		child.group?.kill();
		if (runs.length > 0) this.#onEnd(child.pid, end, runs);
		child.group?.remove();
		if (this.#all.size === 0) this.#onAllGone?.();
	}
}
