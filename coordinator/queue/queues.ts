import { CodedError } from '../../shared/coded-error.ts';
import type { SteerAnswer } from '../../shared/protocol/act.ts';
import type { ActRow } from '../acts/act-store.ts';
import { auditOf, type Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import type { TaskScheduler } from '../scheduler/task-scheduler.ts';
import type { OpenTask } from './open-task.ts';
import {
	deleteQueue,
	QUEUE_VERBS,
	type QueueRow,
	type QueueSteering,
	type QueueVerb,
	readQueues,
	saveQueue,
	steerQueue,
	undoQueue,
} from './queue-store.ts';

/** Of the verbs that `undo` takes back. */
export const UNDOABLE_QUEUE_ACTS: readonly string[] = QUEUE_VERBS.map((verb) => `queue.${verb}`);

/** The queues and their binding keys; the scheduler always has them as the ledger does. */
export class Queues {
	readonly #ledger: Ledger;
	readonly #scheduler: TaskScheduler<OpenTask>;
	readonly #onChange: () => void;
	#rows: readonly QueueRow[] = [];
	#reloading: Promise<void> = Promise.resolve();

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

	/** As they are now; another list after every change. */
	get rows(): readonly QueueRow[] {
		return this.#rows;
	}

	/** Throws `not-found`. */
	row(name: string): QueueRow {
		const found = this.#rows.find((queue) => queue.name === name);
		if (!found) throw new CodedError('not-found', `There is no queue ${name}.`);
		return found;
	}

	/** The queue that a key reaches, and whether it takes new tasks. */
	targetOf(routingKey: string): { queue: string | null; draining: boolean } {
		const queue = this.#scheduler.route(routingKey);
		return {
			queue,
			draining: queue !== null && this.#rows.some((row) => row.name === queue && row.drainingAt !== null),
		};
	}

	/** Throws `queue-draining` when the key reaches a queue that takes no new tasks. */
	checkNew(routingKey: string): void {
		const { queue, draining } = this.targetOf(routingKey);
		if (!draining || queue === null) return;
		const { reason } = this.row(queue);
		throw new CodedError(
			'queue-draining',
			`The queue ${queue} is being drained and takes no new tasks${reason === null ? '' : ` (“${reason}”)`}. Try again later, or use a routing key of another queue.`,
		);
	}

	async create({ name, bindingKeys }: { name: string; bindingKeys: string[] }, by: Doer): Promise<void> {
		const audit = auditOf(by, 'queue.create', name, { bindingKeys });
		await this.#ledger.write(saveQueue, { name, bindingKeys, change: false, audit });
		await this.#reload();
	}

	/** Gives it other binding keys; what stands in line is routed anew. */
	async rebind({ name, bindingKeys }: { name: string; bindingKeys: string[] }, by: Doer): Promise<void> {
		const audit = auditOf(by, 'queue.rebind', name, { bindingKeys });
		await this.#ledger.write(saveQueue, { name, bindingKeys, change: true, audit });
		await this.#reload();
	}

	/** Pauses, drains or resumes; answers the act, which can be undone. */
	async steer(name: string, verb: QueueVerb, reason: string | null, by: Doer): Promise<string> {
		const id = newId('act');
		const audit = auditOf(by, `queue.${verb}`, name, reason === null ? {} : { reason });
		await this.#ledger.write(steerQueue, { name, verb, reason, act: { id, audit } });
		await this.#reload();
		return id;
	}

	/** Takes a pause, drain or resume back, unless the queue has been steered since. */
	async undo(act: ActRow, by: Doer): Promise<SteerAnswer> {
		const id = newId('act');
		const audit = auditOf(by, `${act.verb}.undo`, act.object, { undoes: act.id });
		const before = act.before as unknown as QueueSteering;
		const args = { name: act.object, doneAt: act.at, before, undoes: act.seq, act: { id, audit, matched: 1 } };
		const isUndone = await this.#ledger.write(undoQueue, args);
		if (!isUndone) return { act: null, matched: 1, changed: 0, skipped: 1, done: true };
		await this.#reload();
		return { act: id, matched: 1, changed: 1, skipped: 0, done: true };
	}

	/** It is gone; tasks whose key reaches no other queue then wait for one. `left` stand in it now. */
	async delete(name: string, left: number, by: Doer): Promise<void> {
		const { bindingKeys } = this.row(name);
		const audit = auditOf(by, 'queue.delete', name, { bindingKeys, left });
		await this.#ledger.write(deleteQueue, { name, act: { id: newId('act'), audit, matched: 1 } });
		await this.#reload();
	}

	/** One after the other, so that the newest reading is the one that stays. */
	#reload(): Promise<void> {
		this.#reloading = this.#reloading
			.catch(() => {})
			.then(async () => {
				this.#rows = await this.#ledger.read(readQueues, null);
				this.#scheduler.setQueues(this.#rows, performance.now());
				this.#onChange();
			});
		return this.#reloading;
	}
}
