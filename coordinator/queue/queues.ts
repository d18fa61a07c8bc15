import { CodedError } from '../../shared/coded-error.ts';
import type { AuditEntry } from '../audit/audit-store.ts';
import type { Ledger } from '../database/ledger.ts';
import type { TaskScheduler } from '../scheduler/task-scheduler.ts';
import type { OpenTask } from './open-task.ts';
import { pauseQueue, type QueueRow, readQueues, saveQueue } from './queue-store.ts';

/** A queue as administrators see it. */
export interface QueueFacts extends QueueRow {
	queued: number;
}

/** The queues and their binding keys; the scheduler always has them as the ledger does. */
export class Queues {
	readonly #ledger: Ledger;
	readonly #scheduler: TaskScheduler<OpenTask>;
	readonly #onChange: () => void;
	#rows: QueueRow[] = [];

	private constructor(options: { ledger: Ledger; scheduler: TaskScheduler<OpenTask>; onChange: () => void }) {
		this.#ledger = options.ledger;
		this.#scheduler = options.scheduler;
		this.#onChange = options.onChange;
	}

	/** Reads them into the scheduler; do this before tasks are put in line. */
	static async load(options: {
		ledger: Ledger;
		scheduler: TaskScheduler<OpenTask>;
		onChange: () => void;
	}): Promise<Queues> {
		const queues = new Queues(options);
		await queues.#reload();
		return queues;
	}

	list(): QueueFacts[] {
		const depths = new Map(this.#scheduler.queueDepths().map(({ queue, queued }) => [queue, queued]));
		return this.#rows.map((row) => ({ ...row, queued: depths.get(row.name) ?? 0 }));
	}

	get(name: string): QueueFacts {
		const found = this.list().find((queue) => queue.name === name);
		if (!found) throw new CodedError('not-found', `There is no queue ${name}.`);
		return found;
	}

	async create(queue: { name: string; bindingKeys: string[] }, audit: AuditEntry): Promise<QueueFacts> {
		await this.#ledger.write(saveQueue, { ...queue, change: false, audit });
		await this.#reload();
		return this.get(queue.name);
	}

	/** Gives it other binding keys; what stands in line is routed anew. */
	async rebind(queue: { name: string; bindingKeys: string[] }, audit: AuditEntry): Promise<QueueFacts> {
		await this.#ledger.write(saveQueue, { ...queue, change: true, audit });
		await this.#reload();
		return this.get(queue.name);
	}

	/** Tasks of a paused queue stay in line; those that run go on. */
	async pause(name: string, audit: AuditEntry): Promise<void> {
		await this.#ledger.write(pauseQueue, { name, pausedAt: audit.at, audit });
		await this.#reload();
	}

	async resume(name: string, audit: AuditEntry): Promise<void> {
		await this.#ledger.write(pauseQueue, { name, pausedAt: null, audit });
		await this.#reload();
	}

	async #reload(): Promise<void> {
		this.#rows = await this.#ledger.read(readQueues, null);
		this.#scheduler.setQueues(this.#rows, performance.now());
		this.#onChange();
	}
}
