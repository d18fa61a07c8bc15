import type { Attempt } from '../slots/attempt.ts';
import type { AttemptTable } from '../slots/attempt-table.ts';
import { ProcessTable } from './process-table.ts';

const EVERY_MS = 50;
/** Memory is looked at every so many rounds: it needs a walk through /proc. */
const MEMORY_ROUNDS = 10;
/** More processes than any honest task has: a fork bomb where no namespace holds it. */
const MOST_PROCESSES = 2_000;

/** What the sweep may do to attempts. */
export interface SweepActions {
	onLeaseLost(attempt: Attempt): void;
	onSoftLimit(attempt: Attempt): void;
	onKillDue(attempt: Attempt): void;
	onMemoryLimit(attempt: Attempt): void;
}

/** Watches leases, time limits and memory of all attempts with one timer, since a timer for each would cost more than small tasks do. */
export class Sweep {
	readonly #table: AttemptTable;
	readonly #isCommand: (type: string) => boolean;
	readonly #actions: SweepActions;
	readonly #timer: NodeJS.Timeout;
	#round = 0;

	constructor(table: AttemptTable, isCommand: (type: string) => boolean, actions: SweepActions) {
		this.#table = table;
		this.#isCommand = isCommand;
		this.#actions = actions;
		this.#timer = setInterval(() => this.#sweep(), EVERY_MS);
	}

	close(): void {
		clearInterval(this.#timer);
	}

	#sweep(): void {
		if (this.#table.size === 0) return;
		const now = performance.now();
		for (const attempt of this.#table.all()) {
			if (now >= attempt.leaseEndsAt) this.#actions.onLeaseLost(attempt);
			else if (now >= attempt.killAt) this.#actions.onKillDue(attempt);
			else if (now >= attempt.softAt && attempt.stop === null) this.#actions.onSoftLimit(attempt);
		}
		if (++this.#round % MEMORY_ROUNDS === 0) this.#measure(now);
	}

	#measure(now: number): void {
		const running: { attempt: Attempt; pid: number }[] = [];
		for (const attempt of this.#table.all()) {
			const isLong = attempt.pid !== null && now - attempt.receivedAt > EVERY_MS * MEMORY_ROUNDS;
			if (isLong && attempt.pid !== null) running.push({ attempt, pid: attempt.pid });
		}
		if (running.length === 0) return;
		const table = new ProcessTable();
		for (const { attempt, pid } of running) {
			// A command is charged for its own processes, not for the one of ours that watches it.
			const isCommand = this.#isCommand(attempt.assignment.type);
			const tree = table.familyOf([pid]);
			const family = tree.filter((facts) => !isCommand || facts.pid !== pid);
			const bytes = family.reduce((sum, facts) => sum + facts.memoryBytes, 0);
			attempt.meter?.look(now, bytes, tree);
			const isOver = bytes > attempt.assignment.limits.memoryBytes || family.length > MOST_PROCESSES;
			if (isOver && attempt.stop !== 'memory' && attempt.stop !== 'void') this.#actions.onMemoryLimit(attempt);
		}
	}
}
