import { setImmediate as nextTurn } from 'node:timers/promises';
import { CodedError } from '../../shared/coded-error.ts';
import type { TaskFilter, TaskVerb } from '../../shared/protocol/act.ts';
import {
	isFinalTaskState,
	OPEN_TASK_STATES,
	type TaskState,
	UNSUCCESSFUL_TASK_STATES,
} from '../../shared/protocol/task.ts';
import type { Ledger } from '../database/ledger.ts';
import { findTaskSeqs, newestTask, type ScanArgs, type ScanBase, scanTasks } from './match-store.ts';
import type { ClassOf } from './open-task.ts';
import { findFilterSeqs } from './task-read-store.ts';

/** Tasks that one act may be on. */
const MOST_MATCHED = 2_000_000;

/** States of tasks to which a verb can be done, where the filter does not say. */
const STATES: Record<TaskVerb, readonly TaskState[]> = {
	hold: OPEN_TASK_STATES,
	release: OPEN_TASK_STATES,
	boost: ['waiting', 'queued', 'retrying'],
	unboost: ['waiting', 'queued', 'retrying'],
	move: ['waiting', 'queued', 'retrying'],
	cancel: OPEN_TASK_STATES,
	retry: ['failed', 'quarantined'],
};

/** Finds the tasks that an act is on, before it begins: what comes later is not meant. */
export class TaskMatcher {
	readonly #ledger: Ledger;
	readonly #route: (routingKey: string) => string | null;
	readonly #classOf: ClassOf;

	constructor(options: {
		ledger: Ledger;
		route: (routingKey: string) => string | null;
		classOf: ClassOf;
	}) {
		this.#ledger = options.ledger;
		this.#route = options.route;
		this.#classOf = options.classOf;
	}

	/** Rows of the named tasks, each once. Throws `not-found` when one does not exist. */
	async byIds(ids: readonly string[]): Promise<number[]> {
		const seqs = await this.#ledger.read(findTaskSeqs, ids);
		const missing = seqs.indexOf(null);
		if (missing >= 0) throw new CodedError('not-found', `There is no task ${ids[missing]}; nothing was changed.`);
		return [...new Set(seqs as number[])];
	}

	/** Rows of the tasks that fit, the oldest first; with `most` one more than so many at most. */
	async byFilter(verb: TaskVerb, filter: TaskFilter, most?: number): Promise<number[]> {
		const only =
			verb === 'release' || filter.state === 'held' ? 'held' : verb === 'unboost' ? ('boosted' as const) : null;
		const states = statesOf(verb, filter.state);
		if (states.length === 0) return [];
		return this.#scan(filter, states, only, { most });
	}

	/** Rows of the tasks of a queue that do not run: in line, held, delayed, or to be tried again. */
	ofQueue(queue: string): Promise<number[]> {
		return this.#scan({ queue }, ['waiting', 'queued', 'retrying'], null);
	}

	/** Rows of the tasks of a job in these states. */
	ofJob(jobSeq: number, states: readonly TaskState[]): Promise<number[]> {
		return this.#scan({}, states, null, { job: jobSeq });
	}

	async #scan(
		filter: TaskFilter,
		states: readonly TaskState[],
		only: ScanArgs['only'],
		{ job = null, most }: { job?: number | null; most?: number | undefined } = {},
	): Promise<number[]> {
		const { type = null, owner = null, queue, serviceClass } = filter;
		const { file = null, node = null, budget = null } = filter;
		const names = { owner, type, file, job: filter.job ?? null, budget, node };
		const found = await this.#ledger.read(findFilterSeqs, names);
		const { ownerSeq, typeSeqs, jobSeq: named, budgetSeq, fileSeq, nodes } = found;
		const jobSeq = job ?? named;
		const args = {
			base: jobSeq !== null ? ('job' as const) : fileSeq !== null ? ('file' as const) : baseOf(states, ownerSeq),
			mostSeq: await this.#ledger.read(newestTask, null),
			...{ states, ownerSeq, typeSeqs, jobSeq, budgetSeq, fileSeq, nodes, only },
			errorCode: filter.errorCode ?? null,
			createdBefore: filter.before === undefined ? null : Date.parse(filter.before),
			createdFrom: filter.after === undefined ? null : Date.parse(filter.after),
		};
		const fitting: number[] = [];
		for (let after: number | null = 0; after !== null; ) {
			const page: { rows: [number, string, number, string | null][]; nextSeq: number | null } = await this.#ledger.read(
				scanTasks,
				{ ...args, afterSeq: after },
			);
			for (const [seq, routingKey, of, ownClass] of page.rows) {
				if (queue !== undefined && this.#route(routingKey) !== queue) continue;
				if (serviceClass !== undefined && this.#classOf(of, ownClass) !== serviceClass) continue;
				fitting.push(seq);
			}
			if (most !== undefined && fitting.length > most) return fitting.slice(0, most + 1);
			if (fitting.length > MOST_MATCHED) {
				throw new CodedError(
					'invalid',
					`More than ${MOST_MATCHED} tasks match. Narrow the filter, for example by a time.`,
				);
			}
			after = page.nextSeq;
			if (after !== null) await nextTurn();
		}
		return fitting;
	}
}

/** The one that is asked for; of several those to which the verb can be done, and of none all of these. */
const statesOf = (verb: TaskVerb, state: TaskFilter['state']): readonly TaskState[] => {
	const could = STATES[verb];
	switch (state) {
		case undefined:
			return could;
		case 'open':
		case 'held':
			return could.filter((each) => !isFinalTaskState(each));
		case 'final':
			return could.filter(isFinalTaskState);
		case 'unsuccessful':
			return verb === 'retry' ? UNSUCCESSFUL_TASK_STATES : [];
		default:
			return [state];
	}
};

const baseOf = (states: readonly TaskState[], ownerSeq: number | null): ScanBase => {
	if (states.every((state) => !isFinalTaskState(state))) return 'open';
	if (states.every((state) => state === 'failed' || state === 'quarantined')) return 'troubled';
	return ownerSeq === null ? 'all' : 'owner';
};
