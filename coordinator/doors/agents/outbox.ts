import type { Assignment, CancelOrder } from '../../../shared/protocol/agent-link.ts';

const MOST_TASKS = 500;
/** Below what any agent takes in one message, with room for the envelope. */
const MOST_BYTES = 190 * 1024;
/** Ids, token, limits and punctuation of one assignment. */
const ASSIGNMENT_BYTES = 450;
const INPUT_BYTES = 130;

export type Send = (event: 'task:assign' | 'task:cancel', message: unknown) => void;

/** Collects what one turn of the event loop brings for one agent, and sends it in as few messages as it fits into. */
export class Outbox {
	readonly #send: Send;
	#tasks: Assignment[] = [];
	#isScheduled = false;

	constructor(send: Send) {
		this.#send = send;
	}

	assign(tasks: readonly Assignment[]): void {
		for (const task of tasks) this.#tasks.push(task);
		if (this.#isScheduled) return;
		this.#isScheduled = true;
		setImmediate(() => {
			this.#isScheduled = false;
			this.flush();
		});
	}

	/** Never overtakes the assignment that it is about. */
	cancel(order: CancelOrder): void {
		this.flush();
		const { attempts } = order;
		for (let at = 0; at < attempts.length; at += MOST_TASKS) {
			this.#send('task:cancel', { attempts: attempts.slice(at, at + MOST_TASKS) });
		}
	}

	/** Forgets what was not sent. */
	clear(): void {
		this.#tasks = [];
	}

	/** Sends what waits, so that an order which follows does not overtake it. */
	flush(): void {
		if (this.#tasks.length === 0) return;
		const waiting = this.#tasks;
		this.#tasks = [];
		let batch: Assignment[] = [];
		let bytes = 0;
		for (const task of waiting) {
			const size = sizeOf(task);
			if (batch.length >= MOST_TASKS || (batch.length > 0 && bytes + size > MOST_BYTES)) {
				this.#send('task:assign', { tasks: batch });
				batch = [];
				bytes = 0;
			}
			batch.push(task);
			bytes += size;
		}
		this.#send('task:assign', { tasks: batch });
	}
}

/** Bytes of the assignment as JSON, never too few; what is usually small is not counted letter by letter. */
const sizeOf = ({ parameters, inputs, command, hardware }: Assignment): number => {
	let size = ASSIGNMENT_BYTES;
	for (const { name } of inputs) size += INPUT_BYTES + jsonBytes(name);
	if (!isEmpty(parameters)) size += jsonBytes(parameters);
	if (!isEmpty(hardware)) size += jsonBytes(hardware);
	if (command) size += jsonBytes(command);
	return size;
};

const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const isEmpty = (object: object): boolean => {
	for (const _ in object) return false;
	return true;
};
