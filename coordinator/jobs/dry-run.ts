import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DryRun } from '../../shared/protocol/job.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Route } from '../qos/allowed-keys.ts';
import type { PolicyBook } from '../qos/policy.ts';
import type { NewTask } from '../queue/submit-store.ts';
import type { TaskTypes } from '../queue/task-types.ts';
import { CONFIDENCE } from '../scheduler/calibration.ts';
import type { ReadyTask } from '../scheduler/ready-task.ts';
import type { JobSource, JobTasks, StoredWish } from './job-tasks.ts';
import { readKnown } from './read-known.ts';
import type { SelectionPage, Selections } from './selections.ts';
import { Skips } from './skips.ts';

/** Files that are counted, and how long that may take: who asks waits for it. */
const MOST_FILES = 100_000;
const MOST_MS = 2_000;
/** Tasks that are made in one go; a file has one of each step. */
const MOST_TASKS = 500;

/** Queues of which the wait is told: each is asked of the whole line. */
const MOST_WAITS = 16;

/** In how long such a task would start that came now; null: that cannot be told. */
export type WaitOf = (
	task: Pick<ReadyTask, 'owner' | 'serviceClass' | 'routingKey' | 'priority' | 'needs' | 'type'>,
) => { from: number; to: number } | null;

/** What tasks of a type usually cost: milliseconds in a slot. */
export type CostOf = (type: string) => { expectedMs: number; isKnown: boolean };

/** Tells what a wish would come to, by making its tasks and throwing them away. */
export class DryRuns {
	readonly #ledger: Ledger;
	readonly #jobTasks: JobTasks;
	readonly #selections: Selections;
	readonly #types: TaskTypes;
	readonly #policies: PolicyBook;
	readonly #route: Route;
	readonly #costOf: CostOf;
	readonly #waitOf: WaitOf;

	constructor(options: {
		ledger: Ledger;
		jobTasks: JobTasks;
		selections: Selections;
		types: TaskTypes;
		policies: PolicyBook;
		route: Route;
		costOf: CostOf;
		waitOf: WaitOf;
	}) {
		this.#ledger = options.ledger;
		this.#jobTasks = options.jobTasks;
		this.#selections = options.selections;
		this.#types = options.types;
		this.#policies = options.policies;
		this.#route = options.route;
		this.#costOf = options.costOf;
		this.#waitOf = options.waitOf;
	}

	async of(source: JobSource, wish: StoredWish): Promise<DryRun> {
		const { ownerSeq } = source;
		const until = performance.now() + MOST_MS;
		const skips = new Skips();
		const queues = new Map<string | null, number>();
		const firsts = new Map<string, NewTask>();
		const own = this.#policies.of(ownerSeq).serviceClass;
		const run = { files: 0, tasks: 0, bytesIn: 0, wallMs: 0, tasksOfUnknownType: 0, serviceClass: own };
		let cursor: string | null = null;
		do {
			const limit = wish.spread === 'together' ? 1_000 : Math.max(1, Math.floor(MOST_TASKS / wish.steps.length));
			const page: SelectionPage | null = wish.over
				? await this.#selections.page(ownerSeq, wish.over, cursor, limit)
				: null;
			const known = await readKnown(this.#ledger, source, wish, page);
			const made = this.#jobTasks.of(source, wish, page, Date.now(), known);
			for (const { reason, count, example } of made.skips.list()) {
				for (let i = 0; i < count; i += 1) skips.add(reason, example);
			}
			run.files += (page?.files ?? []).length + (page?.again ?? []).flatMap(({ inputs }) => inputs).length;
			run.tasks += made.tasks.length;
			for (const task of made.tasks) {
				const { typeSeq, routingKey, serviceClass, inputs } = task;
				const { expectedMs, isKnown } = this.#costOf(this.#types.bySeq(typeSeq).name);
				run.wallMs += expectedMs;
				if (!isKnown) run.tasksOfUnknownType += 1;
				run.serviceClass = serviceClass ?? own;
				const queue = this.#route(routingKey);
				queues.set(queue, (queues.get(queue) ?? 0) + 1);
				const alike = `${typeSeq} ${serviceClass} ${routingKey}`;
				if (!firsts.has(alike) && firsts.size < MOST_WAITS) firsts.set(alike, task);
				for (const { size } of JSON.parse(inputs) as { size: number }[]) run.bytesIn += size;
			}
			cursor = page?.next ?? null;
		} while (cursor !== null && run.files < MOST_FILES && performance.now() < until);
		const { wallMs, tasksOfUnknownType, ...rest } = run;
		return {
			...rest,
			isWhole: cursor === null,
			skipped: skips.list(),
			cost: { wallMs: Math.round(wallMs), tasksOfUnknownType },
			queues: Array.from(queues, ([queue, tasks]) => ({ queue, tasks })),
			waits: await this.#waitsOf([...firsts.values()], own),
		};
	}

	/** By queue, of the task that would start first there. The event loop gets a turn after each: long lines take time. */
	async #waitsOf(tasks: readonly NewTask[], own: string): Promise<DryRun['waits']> {
		const waits = new Map<string | null, DryRun['waits'][number]['range']>();
		for (const { ownerSeq: owner, typeSeq, routingKey, priority, serviceClass } of tasks) {
			await nextTurn();
			const { name: type, needs } = this.#types.bySeq(typeSeq);
			const range = this.#waitOf({ owner, routingKey, priority, type, needs, serviceClass: serviceClass ?? own });
			const queue = this.#route(routingKey);
			const before = waits.get(queue) ?? null;
			const sooner = range && (before === null || Math.max(range.from, range.to) < before.toMs);
			// Both sides are learnt apart and may cross where nothing waits.
			const [fromMs, toMs] = range ? [Math.min(range.from, range.to), Math.max(range.from, range.to)] : [0, 0];
			const told = range && { fromMs: Math.round(fromMs), toMs: Math.round(toMs), confidence: CONFIDENCE };
			waits.set(queue, sooner ? told : before);
		}
		return Array.from(waits, ([queue, range]) => ({ queue, range }));
	}
}
