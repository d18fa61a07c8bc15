import type { DryRun } from '../../shared/protocol/job.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Route } from '../qos/allowed-keys.ts';
import type { PolicyBook } from '../qos/policy.ts';
import type { TaskTypes } from '../queue/task-types.ts';
import type { JobSource, JobTasks, StoredWish } from './job-tasks.ts';
import { readKnown } from './read-known.ts';
import type { SelectionPage, Selections } from './selections.ts';
import { Skips } from './skips.ts';

/** Files that are counted, and how long that may take: who asks waits for it. */
const MOST_FILES = 100_000;
const MOST_MS = 2_000;
const PAGE = 500;

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

	constructor(options: {
		ledger: Ledger;
		jobTasks: JobTasks;
		selections: Selections;
		types: TaskTypes;
		policies: PolicyBook;
		route: Route;
		costOf: CostOf;
	}) {
		this.#ledger = options.ledger;
		this.#jobTasks = options.jobTasks;
		this.#selections = options.selections;
		this.#types = options.types;
		this.#policies = options.policies;
		this.#route = options.route;
		this.#costOf = options.costOf;
	}

	async of(source: JobSource, wish: StoredWish): Promise<DryRun> {
		const { ownerSeq } = source;
		const until = performance.now() + MOST_MS;
		const skips = new Skips();
		const queues = new Map<string | null, number>();
		const own = this.#policies.of(ownerSeq).serviceClass;
		const run = { files: 0, tasks: 0, bytesIn: 0, wallMs: 0, tasksOfUnknownType: 0, serviceClass: own };
		let cursor: string | null = null;
		do {
			const limit = wish.spread === 'together' ? 1_000 : PAGE;
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
			for (const { typeSeq, routingKey, serviceClass, inputs } of made.tasks) {
				const { expectedMs, isKnown } = this.#costOf(this.#types.bySeq(typeSeq).name);
				run.wallMs += expectedMs;
				if (!isKnown) run.tasksOfUnknownType += 1;
				run.serviceClass = serviceClass ?? own;
				const queue = this.#route(routingKey);
				queues.set(queue, (queues.get(queue) ?? 0) + 1);
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
		};
	}
}
