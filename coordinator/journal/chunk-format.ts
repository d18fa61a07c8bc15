import type { ReadyTask } from '../scheduler/ready-task.ts';

/** First byte of a chunk. A build that changes what follows raises it and says no to what it cannot read. */
export const CHUNK_FORMAT = 1;

/** What an event is. */
export const OP = {
	setQueues: 1,
	setClasses: 2,
	setNode: 3,
	removeNode: 4,
	enqueue: 5,
	remove: 6,
	restoreLease: 7,
	release: 8,
	pick: 9,
	preempt: 10,
	learnCosts: 11,
} as const;

/**
 * How a value begins. Small whole numbers and references to what stood in the chunk before take one byte; what comes for
 * the first time is written out and can be referred to from then on.
 */
export const TAG = {
	null: 0,
	true: 1,
	false: 2,
	undefined: 3,
	/** A zigzag varint follows. */
	integer: 4,
	/** Eight bytes follow. */
	float: 5,
	/** A varint follows: its number in the table. */
	reference: 6,
	/** Length and UTF-8 follow; it gets the next number. */
	string: 7,
	/** The same of a JSON text. */
	json: 8,
	/** 16 to 127: whole numbers from 0. */
	small: 16,
	/** 128 to 255: the first numbers of the table. */
	nearReference: 128,
} as const;
export const MOST_SMALL = TAG.nearReference - TAG.small - 1;
export const MOST_NEAR = 255 - TAG.nearReference;

/** All fields of a task that the scheduler goes by. The compiler refuses this when one is missing. */
const FIELDS: Record<keyof Required<ReadyTask>, true> = {
	seq: true,
	owner: true,
	serviceClass: true,
	routingKey: true,
	priority: true,
	order: true,
	boosted: true,
	needs: true,
	type: true,
	avoidNode: true,
};

/** Those besides `seq` and `order`, which are written as steps. Each chunk says which it has. */
export const TASK_FIELDS = Object.keys(FIELDS).filter((name) => name !== 'seq' && name !== 'order') as Exclude<
	keyof ReadyTask,
	'seq' | 'order'
>[];
