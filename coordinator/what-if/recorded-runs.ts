import type { ReadyTask } from '../scheduler/ready-task.ts';
import type { Trace } from './trace.ts';
import { TypeMeans } from './type-means.ts';
import type { Run } from './world.ts';

/** One stay of a task in line and what followed, as it was recorded. */
interface Stay {
	arrivedAt: number;
	startedAt: number | null;
	endedAt: number | null;
	cost: number | null;
}

/** What was recorded of one task, in order. */
class Record {
	readonly task: ReadyTask;
	readonly stays: Stay[] = [];
	removedAt: number | null = null;

	constructor(task: ReadyTask) {
		this.task = task;
	}
}

/**
 * How long each task's runs took, from the record. A run that was lost through no doing of its owner is left out: the
 * simulation loses its own when nodes leave. What did not end in the period is given its type's mean.
 */
export class RecordedRuns {
	readonly #records = new Map<number, Record>();
	readonly #means = new TypeMeans();
	readonly #from: number;
	readonly #to: number;

	constructor(trace: Trace) {
		const { from, to, initial, arrivals, starts, ends, removals } = trace;
		this.#from = from;
		this.#to = to;
		for (const { task } of initial.running) this.#arrive(task, from, from);
		for (const task of initial.line) this.#arrive(task, from, null);
		for (const { at, task } of arrivals) this.#arrive(task, at, null);
		// Each list is in order of time, so the first stay without a start is the one that this start belongs to.
		for (const { at, seq } of starts) {
			const stay = this.#records
				.get(seq)
				?.stays.find(({ startedAt, arrivedAt }) => startedAt === null && arrivedAt <= at);
			if (stay) stay.startedAt = at;
		}
		for (const { at, seq, cost } of ends) {
			const record = this.#records.get(seq);
			const stay = record?.stays.find(({ startedAt, endedAt }) => startedAt !== null && endedAt === null);
			if (!record || !stay) continue;
			stay.endedAt = at;
			stay.cost = cost;
			if (cost !== null) this.#means.add(record.task.type, cost);
		}
		for (const { at, seq } of removals) {
			const record = this.#records.get(seq);
			if (record) record.removedAt = at;
		}
	}

	/** Tasks in the record. */
	get size(): number {
		return this.#records.size;
	}

	/** Tasks that had not come to an end, whose cost is a guess. */
	get unended(): number {
		let count = 0;
		for (const { stays, removedAt } of this.#records.values()) {
			const last = stays.at(-1)!;
			if (last.endedAt === null && (removedAt === null || last.startedAt !== null)) count += 1;
		}
		return count;
	}

	/** For how much longer a task ran that ran at the beginning. */
	remainingMs(task: ReadyTask): number {
		const [first] = this.#records.get(task.seq)?.stays ?? [];
		return first?.endedAt == null ? this.#unendedMs(task, first) : first.endedAt - this.#from;
	}

	/** The so-many-th run of a task. */
	run(task: ReadyTask, nth: number): Run {
		const stays = this.#stays(task.seq);
		const stay = stays[nth - 1];
		if (!stay || stay.endedAt === null) return { ms: this.#unendedMs(task, stay), charged: true, againAfterMs: null };
		const next = stays[nth];
		return {
			ms: stay.cost ?? stay.endedAt - stay.startedAt!,
			charged: stay.cost !== null,
			againAfterMs: next ? Math.max(0, next.arrivedAt - stay.endedAt) : null,
		};
	}

	/** Every wait that was, with what was waited by the end of the period; not of those that were removed. */
	*realWaits(): Generator<{ task: ReadyTask; ms: number }> {
		for (const { task, stays, removedAt } of this.#records.values()) {
			for (const { arrivedAt, startedAt } of stays) {
				if (startedAt === null && removedAt !== null && removedAt >= arrivedAt) continue;
				yield { task, ms: (startedAt ?? this.#to) - arrivedAt };
			}
		}
	}

	/** Those in which its owner had a hand; the last one in any case. */
	#stays(seq: number): readonly Stay[] {
		const stays = this.#records.get(seq)?.stays ?? [];
		if (stays.length < 2) return stays;
		return stays.filter(({ endedAt, cost }, at) => endedAt === null || cost !== null || at === stays.length - 1);
	}

	#unendedMs(task: ReadyTask, stay: Stay | undefined): number {
		const soFar = stay?.startedAt == null ? 0 : this.#to - stay.startedAt;
		return Math.max(this.#means.of(task.type), soFar);
	}

	#arrive(task: ReadyTask, at: number, startedAt: number | null): void {
		let record = this.#records.get(task.seq);
		if (!record) {
			record = new Record(task);
			this.#records.set(task.seq, record);
		}
		record.stays.push({ arrivedAt: at, startedAt, endedAt: null, cost: null });
	}
}
