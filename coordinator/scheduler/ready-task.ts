import type { Needs } from '../../shared/protocol/task-type.ts';

/** A queued task as the scheduler sees it. Its fields must not change while it is in line. */
export interface ReadyTask {
	seq: number;
	owner: number;
	/** Id of its service class. */
	serviceClass: string;
	routingKey: string;
	/** 0 (last) to 9 (first). */
	priority: number;
	/** Order of arrival; ties go to the lower `seq`. */
	order: number;
	/** An administrator's word: it goes before everything that is not boosted. */
	boosted: boolean;
	needs: Needs;
	type: string;
	/** Id of the node it was lost on, where it does not go again unless no other node could run it. */
	avoidNode: string | null;
}

/** One start: the task has a lease on the node from this moment. */
export interface Decision<T extends ReadyTask = ReadyTask> {
	task: T;
	/** Node id. */
	node: string;
}

/** The order within a queue: highest priority, then arrival. It is total, so equal commands give equal decisions. */
export const comesBefore = (a: ReadyTask, b: ReadyTask): boolean => {
	if (a.priority !== b.priority) return a.priority > b.priority;
	if (a.order !== b.order) return a.order < b.order;
	return a.seq < b.seq;
};
