import { z } from 'zod';
import { idSchema } from './ids.ts';
import { jsonObjectSchema } from './json.ts';
import { queueNameSchema } from './node.ts';
import { serviceClassNameSchema } from './service-class.ts';
import { instantSchema, routingKeySchema, taskListStateSchema } from './task.ts';
import { taskTypeNameSchema } from './task-type.ts';

/** Why somebody steers; shown beside what is steered. */
export const reasonSchema = z.string().trim().min(1).max(500);

/** How an operator has a queue go another way. */
export const steerQueueSchema = z.strictObject({ reason: reasonSchema.optional() }).default({});

/** Why a node is to take no work, and when it takes work again by itself. */
export const absenceSchema = z
	.strictObject({ reason: reasonSchema.optional(), until: instantSchema.optional() })
	.default({});
export type Absence = z.input<typeof absenceSchema>;

/** All in a queue that does not run is cancelled; `confirm` is its name once more. */
export const purgeQueueSchema = z.strictObject({
	confirm: z.string().max(100).optional(),
	reason: reasonSchema.optional(),
	/** Only count. */
	dryRun: z.boolean().default(false),
});
export type PurgeQueue = z.input<typeof purgeQueueSchema>;

/**
 * hold: out of line until released · boost: before everything that is not boosted · move: other routing key ·
 * cancel: for good · retry: what ended without success, once more
 */
export const TASK_VERBS = ['hold', 'release', 'boost', 'unboost', 'move', 'cancel', 'retry'] as const;
export const taskVerbSchema = z.enum(TASK_VERBS);
export type TaskVerb = z.infer<typeof taskVerbSchema>;

/** Tasks that fit all that is said. */
export const taskFilterSchema = z.strictObject({
	/** Left out: those to which the verb can be done; of several states, too. */
	state: taskListStateSchema.optional(),
	type: taskTypeNameSchema.optional(),
	queue: queueNameSchema.optional(),
	owner: idSchema('user').optional(),
	/** The first input. */
	file: idSchema('file').optional(),
	/** What was asked for in one go. */
	job: idSchema('job').optional(),
	/** For room in which they wait. */
	budget: idSchema('budget').optional(),
	/** Name of the node where it runs, or ran last once it is over. */
	node: z.string().min(1).max(100).optional(),
	/** The class that the task goes by now. */
	serviceClass: serviceClassNameSchema.optional(),
	errorCode: z.string().min(1).max(100).optional(),
	/** Submitted before, and not before. */
	before: instantSchema.optional(),
	after: instantSchema.optional(),
});
export type TaskFilter = z.infer<typeof taskFilterSchema>;

export const steerTasksSchema = z
	.strictObject({
		verb: taskVerbSchema,
		ids: z.array(idSchema('task')).min(1).max(1000).optional(),
		filter: taskFilterSchema.optional(),
		reason: reasonSchema.optional(),
		/** For `move`. */
		routingKey: routingKeySchema.optional(),
		/** Move even to a key that reaches no queue, or one that drains. */
		force: z.boolean().default(false),
		/** Refused when more tasks match than so many. */
		expected: z.number().int().min(0).optional(),
		/** Only count. */
		dryRun: z.boolean().default(false),
		/** For `dryRun` with a filter: count no further; one more is answered when there are more. */
		countTo: z.number().int().min(1).max(1_000_000).optional(),
	})
	.superRefine(({ verb, ids, filter, routingKey }, context) => {
		const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
		if ((ids === undefined) === (filter === undefined)) refuse('ids', 'give either ids or a filter');
		if (filter && Object.keys(filter).length === 0)
			refuse('filter', 'say at least one thing; an empty one means everything');
		if ((verb === 'move') !== (routingKey !== undefined))
			refuse('routingKey', 'goes with the verb move, and only with it');
	});
export type SteerTasks = z.infer<typeof steerTasksSchema>;

/** How far an act on tasks has come. */
export const steerAnswerSchema = z.object({
	/** Null: only counted, or there was nothing to do it to. */
	act: idSchema('act').nullable(),
	matched: z.number(),
	changed: z.number(),
	/** Matched, but already so, or not in a state for it. */
	skipped: z.number(),
	/** False: it goes on in the background; `GET /admin/acts/{id}` tells how far it is. */
	done: z.boolean(),
});
export type SteerAnswer = z.infer<typeof steerAnswerSchema>;

/** running: under way · done · cut: the process ended in the middle; what is done is done, and it can be asked for again */
export const actStateSchema = z.enum(['running', 'done', 'cut']);

export const actViewSchema = z.object({
	id: idSchema('act'),
	at: instantSchema,
	/** Name of who did it; the id of one who is gone. */
	by: z.string(),
	verb: z.string(),
	object: z.string(),
	detail: jsonObjectSchema,
	state: actStateSchema,
	matched: z.number(),
	changed: z.number(),
	skipped: z.number(),
	undoable: z.boolean(),
	undone: z.object({ at: instantSchema, by: z.string() }).nullable(),
});
export type ActView = z.infer<typeof actViewSchema>;
