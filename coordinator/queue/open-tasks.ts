import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { Ledger } from '../database/ledger.ts';
import type { TaskScheduler } from '../scheduler/task-scheduler.ts';
import { COSTS_REMEMBERED, type TypeCost } from '../scheduler/type-costs.ts';
import { readPayloads, readQueuedPage, readRecentCosts } from './open-store.ts';
import type { ClassOf, OpenRow, OpenTask, Payload } from './open-task.ts';
import type { TaskTypes } from './task-types.ts';

/** Bytes of payloads kept in memory; what does not fit is read again shortly before its turn. */
const PAYLOAD_BUDGET = 64 * 1024 * 1024;
/** How many payloads are read ahead of the line in one go. */
const READ_AHEAD = 1_000;
const PAGE = 20_000;

/** Queued tasks in memory: the scheduler's index of all of them, and the payloads of those near the head of the line. */
export class OpenTasks {
	readonly #scheduler: TaskScheduler<OpenTask>;
	readonly #types: TaskTypes;
	readonly #ledger: Ledger;
	readonly #classOf: ClassOf;
	#payloadBytes = 0;
	/** Picked tasks whose payloads are being read: neither in line nor leased. */
	readonly #filling = new Map<number, OpenTask>();

	constructor(options: {
		scheduler: TaskScheduler<OpenTask>;
		types: TaskTypes;
		ledger: Ledger;
		classOf: ClassOf;
	}) {
		this.#scheduler = options.scheduler;
		this.#types = options.types;
		this.#ledger = options.ledger;
		this.#classOf = options.classOf;
	}

	/** Tells the scheduler what tasks have cost lately, or a coordinator that starts anew would take all types for alike. */
	async learnCosts(): Promise<void> {
		const kept = new Map<string, TypeCost[]>();
		for (const { typeSeq, cost } of await this.#ledger.read(readRecentCosts, null)) {
			const type = this.#types.bySeq(typeSeq).name;
			const costs = kept.get(type) ?? [];
			// The clock may have been set back while it ran.
			costs.push({ type, cost: Math.max(0, cost) });
			kept.set(type, costs.slice(-COSTS_REMEMBERED));
		}
		if (kept.size > 0) this.#scheduler.learnCosts([...kept.values()].flat());
	}

	/** Rebuilds the index from the ledger; returns how many tasks are queued. */
	async load(): Promise<number> {
		let count = 0;
		for (let next = this.#queuedAfter(0); ; ) {
			const rows = await next;
			const last = rows.at(-1);
			if (!last) return count;
			// The ledger's thread reads on while these are put in line; calls are sent at the end of a turn.
			next = this.#queuedAfter(last[0]);
			await endOfTurn();
			for (const row of rows) this.enqueue(row, null);
			count += rows.length;
		}
	}

	#queuedAfter(afterSeq: number): Promise<OpenRow[]> {
		return this.#ledger.read(readQueuedPage, { afterSeq, limit: PAGE });
	}

	/** Puts a queued task in line, unless it is held. */
	enqueue(row: OpenRow, payload: Payload | null): void {
		this.requeue(this.fromRow(row, payload));
	}

	/** Puts a task back in line after an attempt, unless it is held. */
	requeue(task: OpenTask): void {
		if (task.altered) Object.assign(task, task.altered);
		task.altered = null;
		if (task.held) return;
		task.payload = this.#keep(task.payload);
		task.serviceClass = this.#classOf(task.owner, task.ownClass);
		this.#scheduler.enqueue(task, performance.now());
	}

	fromRow(row: OpenRow, payload: Payload | null): OpenTask {
		const [seq, owner, typeSeq, routingKey, priority, queuedAt, version, failures, losses, attempt, avoidNode, ...end] =
			row;
		const [ownClass, boostedAt, heldAt] = end;
		const manifest = this.#types.bySeq(typeSeq);
		return {
			seq,
			owner,
			serviceClass: this.#classOf(owner, ownClass),
			ownClass,
			routingKey,
			priority,
			order: queuedAt,
			boosted: boostedAt !== null,
			held: heldAt !== null,
			altered: null,
			needs: manifest.needs,
			type: manifest.name,
			avoidNode,
			manifest,
			version,
			failures,
			losses,
			attempt,
			payload,
		};
	}

	/**
	 * Takes in what somebody decided about a task, from its row. What stands in line must not change there: it is taken
	 * out, altered and put in again; what does not is altered when it goes back.
	 */
	alter(row: OpenRow, isQueued: boolean, running: OpenTask | undefined): void {
		const { boosted, routingKey, held, seq } = this.fromRow(row, null);
		const task = running ?? this.#filling.get(seq) ?? this.#scheduler.queuedTask(seq);
		if (!task) {
			if (isQueued) this.enqueue(row, null);
			return;
		}
		const inLine = this.#scheduler.queuedTask(seq) === task;
		if (inLine) this.remove(seq);
		task.version += 1;
		task.held = held;
		task.altered = { boosted, routingKey };
		if (inLine) this.requeue(task);
	}

	/** Takes a task out of line, for example because it was cancelled. */
	remove(seq: number): void {
		const task = this.#scheduler.queuedTask(seq);
		if (task) this.take(task);
		this.#scheduler.remove(seq);
	}

	/** A picked task's payload leaves the budget. */
	take(task: OpenTask): void {
		if (task.payload) this.#payloadBytes -= sizeOf(task.payload);
	}

	/** Reads the payloads of picked tasks that have none, and those of the tasks that will be picked next. */
	async fill(tasks: readonly OpenTask[]): Promise<void> {
		const missing = new Map(tasks.map((task) => [task.seq, task]));
		const ahead = this.#payloadBytes < PAYLOAD_BUDGET ? READ_AHEAD : 0;
		for (const task of tasks) this.#filling.set(task.seq, task);
		const reading = this.#ledger.read(readPayloads, { seqs: [...missing.keys()], ahead });
		const rows = await reading.finally(() => {
			for (const { seq } of tasks) this.#filling.delete(seq);
		});
		for (const [seq, id, parameters, inputs, given] of rows) {
			const payload = { id, parameters, inputs, given };
			const picked = missing.get(seq);
			if (picked) {
				picked.payload = payload;
				continue;
			}
			const queued = this.#scheduler.queuedTask(seq);
			if (queued && !queued.payload) queued.payload = this.#keep(payload);
		}
	}

	#keep(payload: Payload | null): Payload | null {
		if (!payload || this.#payloadBytes > PAYLOAD_BUDGET) return null;
		this.#payloadBytes += sizeOf(payload);
		return payload;
	}
}

/** Roughly what a payload takes in memory. */
const sizeOf = (payload: Payload): number =>
	payload.parameters.length + payload.inputs.length + (payload.given?.length ?? 0) + 160;
