import { setImmediate as nextTurn } from 'node:timers/promises';
import { CodedError } from '../../shared/coded-error.ts';
import {
	FINAL_TASK_STATES,
	type LogLine,
	OPEN_TASK_STATES,
	type TaskDetail,
	type TaskListQuery,
	type TaskState,
	type TaskSummary,
	UNSUCCESSFUL_TASK_STATES,
} from '../../shared/protocol/task.ts';
import type { PlacementView } from '../../shared/protocol/waiting.ts';
import type { Ledger } from '../database/ledger.ts';
import type { TaskTerms } from '../qos/effective-policy.ts';
import type { TaskScheduler } from '../scheduler/task-scheduler.ts';
import { causeOf, groupOf } from './cause-of.ts';
import { readLog } from './log-store.ts';
import { missTask } from './missing-store.ts';
import type { ClassOf, OpenTask } from './open-task.ts';
import type { WhyResting } from './resting-nodes.ts';
import { readRoutingKeys } from './routing-key-store.ts';
import { type Extent, listTasks, type TaskFilter } from './task-list-store.ts';
import { TaskOutlook, type WhyPaused } from './task-outlook.ts';
import type { TaskQueue } from './task-queue.ts';
import { findFilterSeqs, findTask, readTask, readTaskIds, readTaskSpan, type TaskWhole } from './task-read-store.ts';
import type { TaskRow } from './task-row.ts';
import type { TaskTypes } from './task-types.ts';
import { taskDetail, taskSummary, type ViewContext } from './task-views.ts';

const LOG_PAGE = 1_000;
/** Rows that are sifted between two turns of the event loop, and for one page. */
const SIFTED_AT_ONCE = 500;
const MOST_SIFTED = 20_000;
/** Routing keys that are routed in one turn of the event loop. */
const KEYS_A_TURN = 2_000;

/** Reads tasks for people: the ledger's rows, with what only the memory knows (progress, why it waits). */
export class TaskReader {
	readonly #ledger: Ledger;
	readonly #scheduler: TaskScheduler<OpenTask>;
	readonly #queue: TaskQueue;
	readonly #types: TaskTypes;
	/** What lies before a task. */
	readonly outlook: TaskOutlook;
	readonly #context: ViewContext;

	constructor(options: {
		ledger: Ledger;
		scheduler: TaskScheduler<OpenTask>;
		types: TaskTypes;
		queue: TaskQueue;
		classOf: ClassOf;
		nodeName: (id: string) => string;
		whyPaused: WhyPaused;
		whyResting: WhyResting;
	}) {
		const { ledger, scheduler, types, queue, classOf, nodeName, whyPaused, whyResting } = options;
		this.#ledger = ledger;
		this.#scheduler = scheduler;
		this.#queue = queue;
		this.#types = types;
		this.outlook = new TaskOutlook({ scheduler, manifestOf: (seq) => types.bySeq(seq), whyPaused, whyResting });
		this.#context = {
			typeName: (seq) => types.bySeq(seq).name,
			typeVersion: (seq) => types.bySeq(seq).version,
			queueOf: (routingKey) => scheduler.route(routingKey),
			classOf,
			nodeName,
			lease: (task) => queue.findLease(task),
			outlook: this.outlook,
		};
	}

	/** Whose it is; throws `not-found` or `no-longer-kept`. */
	async ownerOf(id: string): Promise<{ seq: number; ownerSeq: number }> {
		const found = await this.#ledger.read(findTask, id);
		if (!found) return this.#ledger.read(missTask, id);
		return found;
	}

	/** From when to when it was there; `finishedAt` is null while it is open. Throws `not-found`. */
	async spanOf(id: string): Promise<{ seq: number; createdAt: number; finishedAt: number | null }> {
		const found = await this.#ledger.read(readTaskSpan, id);
		if (!found) return this.#ledger.read(missTask, id);
		return found;
	}

	/** Public ids, by rows. */
	async idsOf(seqs: readonly number[]): Promise<ReadonlyMap<number, string>> {
		return new Map(await this.#ledger.read(readTaskIds, seqs));
	}

	/** `named`: with its owner’s name. */
	async read(id: string, named = false): Promise<TaskDetail> {
		return taskDetail(await this.#whole(id), this.#context, named);
	}

	/** Every rule asked of every connected node, nearest to a start first; at most so many nodes are listed. */
	async placement(id: string, limit: number): Promise<PlacementView> {
		return this.outlook.placement(await this.#whole(id), limit);
	}

	/** What its policy depends on. */
	async terms(id: string): Promise<TaskTerms> {
		const { typeSeq, routingKey, priority, askedClass } = (await this.#whole(id)).row;
		return { manifest: this.#types.bySeq(typeSeq), routingKey, priority, asked: askedClass };
	}

	async #whole(id: string): Promise<TaskWhole> {
		await this.#queue.writeClaims();
		const task = await this.#ledger.read(readTask, id);
		if (!task) return this.#ledger.read(missTask, id);
		return task;
	}

	/** One page, newest first. `ownerSeq` null means everybody's; `named`: with the names of the owners. */
	async list(
		query: TaskListQuery,
		ownerSeq: number | null,
		named = false,
	): Promise<{ items: TaskSummary[]; nextCursor: string | null }> {
		const owner = query.owner !== undefined && query.owner !== 'all' ? query.owner : null;
		const seqs = await this.#ledger.read(findFilterSeqs, {
			owner,
			file: query.file ?? null,
			type: query.type ?? null,
			job: query.job ?? null,
			budget: query.budget ?? null,
			node: query.node ?? null,
		});
		// Of what there is not, no task is: that needs no walk over all of them.
		if (seqs.nodes?.length === 0 || seqs.typeSeqs?.length === 0) return { items: [], nextCursor: null };
		await this.#queue.writeClaims();
		const whose = seqs.ownerSeq ?? ownerSeq;
		const filter: Omit<TaskFilter, 'beforeSeq' | 'limit'> = {
			ownerSeq: whose,
			states: statesOf(query),
			held: query.state === 'held',
			typeSeqs: seqs.typeSeqs,
			routingKeys: query.queue === undefined ? null : await this.#keysOf(query.queue, whose),
			fileSeq: seqs.fileSeq,
			jobSeq: seqs.jobSeq,
			budgetSeq: seqs.budgetSeq,
			nodes: seqs.nodes,
			errorCode: query.errorCode ?? null,
			withDiscarded: query.cause === undefined,
			createdFrom: query.after === undefined ? null : Date.parse(query.after),
			createdBefore: query.before === undefined ? null : Date.parse(query.before),
		};
		const { rows, nextSeq } = await this.#page(filter, query);
		return {
			items: rows.map((row) => taskSummary(row, this.#context, named)),
			nextCursor: nextSeq === null ? null : cursorOf(nextSeq),
		};
	}

	/**
	 * What only the memory knows is asked row by row, of so many at most: then the page is short, and the next one goes on
	 * from there.
	 */
	async #page(filter: Omit<TaskFilter, 'beforeSeq' | 'limit'>, query: TaskListQuery) {
		const { limit } = query;
		const fits = this.#fits(query);
		const atOnce = fits === null ? limit + 1 : SIFTED_AT_ONCE;
		const found: TaskRow[] = [];
		let beforeSeq = query.cursor === undefined ? null : seqOf(query.cursor);
		let far: { extent?: Extent } = {};
		for (let looked = 0; ; ) {
			const { rows, extent } = await this.#ledger.read(listTasks, { ...filter, ...far, beforeSeq, limit: atOnce });
			far = { extent };
			for (const row of rows) {
				if (found.length === limit) return { rows: found, nextSeq: beforeSeq };
				if (fits === null || fits(row)) found.push(row);
				beforeSeq = row.seq;
			}
			looked += rows.length;
			if (rows.length < atOnce) return { rows: found, nextSeq: extent.floorSeq };
			if (looked >= MOST_SIFTED) return { rows: found, nextSeq: beforeSeq };
			await nextTurn();
		}
	}

	/** What of a filter is no matter of the ledger's columns; null: nothing. */
	#fits({ serviceClass, cause }: TaskListQuery): ((row: TaskRow) => boolean) | null {
		if (serviceClass === undefined && cause === undefined) return null;
		const { classOf, typeName } = this.#context;
		return ({ ownerSeq, askedClass, typeSeq, errorCode, errorMessage }) =>
			(serviceClass === undefined || classOf(ownerSeq, askedClass) === serviceClass) &&
			(cause === undefined || groupOf(causeOf(typeName(typeSeq), errorCode, errorMessage).key) === cause);
	}

	/** Log lines after this sequence number; `nextSeq` goes into the next call. */
	async log(taskSeq: number, after: number): Promise<{ items: LogLine[]; nextSeq: number }> {
		const rows = await this.#ledger.read(readLog, { taskSeq, after, limit: LOG_PAGE });
		const items = rows.map(({ seq, at, stream, text }) => ({ seq, at: new Date(at).toISOString(), stream, text }));
		return { items, nextSeq: rows.at(-1)?.seq ?? after };
	}

	async #keysOf(queue: string, ownerSeq: number | null): Promise<string[]> {
		const keys = await this.#ledger.read(readRoutingKeys, ownerSeq);
		const found: string[] = [];
		for (let at = 0; at < keys.length; at += KEYS_A_TURN) {
			// Keys are people's own words: all people's together may be very many.
			if (at > 0) await nextTurn();
			for (const key of keys.slice(at, at + KEYS_A_TURN)) if (this.#scheduler.route(key) === queue) found.push(key);
		}
		return found;
	}
}

const statesOf = ({ state, errorCode, cause }: TaskListQuery): readonly TaskState[] | null => {
	if (cause !== undefined) return ['failed', 'quarantined'];
	if (state === undefined) return errorCode === undefined ? null : ['failed', 'quarantined', 'retrying'];
	if (state === 'open' || state === 'held') return OPEN_TASK_STATES;
	if (state === 'unsuccessful') return UNSUCCESSFUL_TASK_STATES;
	return state === 'final' ? FINAL_TASK_STATES : [state];
};

const cursorOf = (seq: number): string => `t${seq.toString(36)}`;

const seqOf = (cursor: string): number => {
	if (!/^t[0-9a-z]{1,11}$/.test(cursor)) throw new CodedError('bad-cursor');
	return Number.parseInt(cursor.slice(1), 36);
};
