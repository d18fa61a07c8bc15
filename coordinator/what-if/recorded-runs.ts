import type { Trace } from '../journal/trace.ts';
import type { ReadyTask } from '../scheduler/ready-task.ts';
import { TypeMeans } from './type-means.ts';
import type { Arrival, Run } from './world.ts';

/** One stay of a task in line and what followed, as it was recorded: it was started, or removed, or neither by the end. */
interface Stay {
	/** As it came in line; it may have been boosted or moved since the last time. */
	task: ReadyTask;
	/** As it was at the end of this stay. */
	became: ReadyTask;
	arrivedAt: number;
	/** When the period began: there was no wait. */
	ranAlready: boolean;
	removedAt: number | null;
	startedAt: number | null;
	endedAt: number | null;
	cost: number | null;
}

/**
 * How long each task's runs took, from the record. A run that was lost through no doing of its owner is left out: the
 * simulation loses its own when nodes leave. What did not end in the period is given its type's mean.
 */
export class RecordedRuns {
	/** Those that were there at the beginning. */
	readonly #initial: ReadonlySet<number>;
	/** By seq, in order of time. */
	readonly #stays = new Map<number, Stay[]>();
	readonly #means = new TypeMeans();
	readonly #from: number;
	readonly #to: number;

	constructor(trace: Trace) {
		const { from, to, initial, arrivals, alterations, starts, ends, removals } = trace;
		this.#from = from;
		this.#to = to;
		this.#initial = new Set([...initial.running.map(({ task }) => task.seq), ...initial.line.map(({ seq }) => seq)]);
		for (const { task } of initial.running) this.#arrive(task, from, from);
		for (const task of initial.line) this.#arrive(task, from, null);
		for (const { at, task } of arrivals) this.#arrive(task, at, null);
		for (const { at, seq } of removals) {
			// What was held for a moment was removed and may have come again in the same millisecond.
			const stay = this.#of(seq).find(
				({ arrivedAt, removedAt }, i, all) =>
					removedAt === null && arrivedAt <= at && (all[i + 1]?.arrivedAt ?? Number.POSITIVE_INFINITY) >= at,
			);
			if (stay) stay.removedAt = at;
		}
		for (const { at, seq } of starts) {
			const stay = this.#of(seq).find((one) => isInLine(one) && one.arrivedAt <= at);
			if (stay) stay.startedAt = at;
		}
		for (const { at, task } of alterations) {
			const stay = this.#of(task.seq)
				.filter(({ arrivedAt }) => arrivedAt <= at)
				.at(-1);
			if (stay) stay.became = task;
		}
		for (const { at, seq, cost } of ends) {
			const stay = this.#of(seq).find(({ startedAt, endedAt }) => startedAt !== null && endedAt === null);
			if (!stay) continue;
			stay.endedAt = at;
			stay.cost = cost;
			if (cost !== null) this.#means.add(stay.task.type, Math.max(cost, at - stay.startedAt!));
		}
	}

	/** Tasks in the record. */
	get size(): number {
		return this.#stays.size;
	}

	/** Tasks that had not come to an end, whose cost is a guess. */
	get unended(): number {
		let count = 0;
		for (const stays of this.#stays.values()) {
			const last = stays.at(-1)!;
			if (last.endedAt === null && last.removedAt === null) count += 1;
		}
		return count;
	}

	/** What came from outside, in order of time; that a task comes again after a run follows from that run. */
	arrivals(): Arrival[] {
		const found: Arrival[] = [];
		for (const stays of this.#stays.values()) {
			for (const [i, { task, arrivedAt }] of stays.entries()) {
				if (i === 0 ? !this.#isInitial(stays[0]!) : stays[i - 1]!.removedAt !== null)
					found.push({ at: arrivedAt, task });
			}
		}
		return found.sort((a, b) => a.at - b.at);
	}

	/** Tasks that come from outside more than once. */
	returning(): Set<number> {
		const found = new Set<number>();
		for (const [seq, stays] of this.#stays) {
			if (stays.some(({ removedAt }, i) => removedAt !== null && i < stays.length - 1)) found.add(seq);
		}
		return found;
	}

	/** For how much longer a task ran that ran at the beginning. */
	remainingMs(task: ReadyTask): number {
		const [first] = this.#of(task.seq);
		return first?.endedAt == null ? this.#unendedMs(task, first) : first.endedAt - this.#from;
	}

	/** The so-many-th run of a task. */
	run(task: ReadyTask, nth: number): Run {
		const all = this.#of(task.seq);
		const stay = runsOf(all)[nth - 1];
		if (!stay || stay.startedAt === null || stay.endedAt === null) {
			const ms = this.#unendedMs(task, stay);
			return { ms, cost: ms, againAfterMs: null };
		}
		const next = all[all.indexOf(stay) + 1];
		return {
			// Longer than what is charged by the way to the node and back, for which the slot is taken, too.
			ms: stay.endedAt - stay.startedAt,
			cost: stay.cost,
			againAfterMs: next ? Math.max(0, next.arrivedAt - stay.endedAt) : null,
		};
	}

	/** Every wait that was, with what was waited by the end of the period; not of those that were removed. */
	*realWaits(): Generator<{ task: ReadyTask; ms: number }> {
		for (const stays of this.#stays.values()) {
			for (const stay of stays) {
				const { became, arrivedAt, startedAt, removedAt } = stay;
				if (removedAt === null && !stay.ranAlready) yield { task: became, ms: (startedAt ?? this.#to) - arrivedAt };
			}
		}
	}

	#of(seq: number): Stay[] {
		return this.#stays.get(seq) ?? [];
	}

	#isInitial(stay: Stay): boolean {
		return this.#initial.has(stay.task.seq) && this.#of(stay.task.seq)[0] === stay;
	}

	#unendedMs(task: ReadyTask, stay: Stay | undefined): number {
		const soFar = stay?.startedAt == null ? 0 : this.#to - stay.startedAt;
		return Math.max(this.#means.of(task.type), soFar);
	}

	#arrive(task: ReadyTask, arrivedAt: number, startedAt: number | null): void {
		const ranAlready = startedAt !== null;
		const open = { removedAt: null, startedAt, endedAt: null, cost: null };
		const stay: Stay = { task, became: task, arrivedAt, ranAlready, ...open };
		const stays = this.#stays.get(task.seq);
		if (stays) stays.push(stay);
		else this.#stays.set(task.seq, [stay]);
	}
}

const isInLine = ({ startedAt, removedAt }: Stay): boolean => startedAt === null && removedAt === null;

/** Those that were started or wait to be; of those that were lost only the last. */
const runsOf = (stays: readonly Stay[]): readonly Stay[] => {
	if (stays.length < 2) return stays;
	return stays.filter(({ removedAt, endedAt, cost }, i) => {
		return removedAt === null && (endedAt === null || cost !== null || i === stays.length - 1);
	});
};
