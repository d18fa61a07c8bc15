import { z } from 'zod';

/** By which rule another task was started while this one stood in line. */
export const WENT_FIRST_RULES = [
	'boosted',
	'higher-band',
	/** This one is of an idle-only class, which comes after all other work. */
	'idle-only',
	/** Its band had waited so long that it counted as a higher one. */
	'aged',
	/** Of a lower band: it had aged, or this one could not start. Only where decisions were not made again. */
	'lower-band',
	'class-used-less',
	'person-used-less',
	/** Of the same person, in another queue whose turn it was. */
	'queue-turn',
	'own-priority',
	'own-earlier',
	/** This one could not have started at that moment; see what it waited for. */
	'could-not-start',
	/** It came in line before what is kept of the journal. */
	'unknown',
] as const;
export type WentFirstRule = (typeof WENT_FIRST_RULES)[number];

const time = z.string();
const aheadSchema = z.object({ own: z.number(), people: z.number() });

/** One time in line: from coming there to being started or taken out. */
const stayInLineSchema = z.object({
	from: time,
	/** Null: it still stands there. */
	to: time.nullable(),
	came: z.enum(['arrived', 'coordinator-started']),
	left: z.enum(['started', 'taken-out', 'coordinator-stopped', 'waits']),
	/** Whether decisions were made again to tell this; if not, why. */
	isExact: z.boolean(),
	whyNot: z.string().nullable(),
	queue: z.string().nullable(),
	serviceClass: z.string(),
	priority: z.number(),
	boosted: z.boolean(),
	/** When it came; null when it is not exact. */
	ahead: aheadSchema.nullable(),
	/** All starts, anywhere, while it stood in line. */
	starts: z.number(),
	/** The same by whose they were and by which rule they came first, most first; at most 100 lines. */
	wentFirst: z.array(
		z.object({
			queue: z.string().nullable(),
			serviceClass: z.string().nullable(),
			person: z.string().nullable(),
			rule: z.enum(WENT_FIRST_RULES),
			starts: z.number(),
		}),
	),
	/** What it waited for, in all. */
	waited: z.array(z.object({ rule: z.string(), ms: z.number() })),
	/** The same over time, the last 100 spans. */
	waits: z.array(z.object({ from: time, to: time, rule: z.string(), sentence: z.string() })),
	/** The last 20 decisions that went to others. */
	passedOver: z.array(
		z.object({
			at: time,
			task: z.string().nullable(),
			person: z.string().nullable(),
			serviceClass: z.string().nullable(),
			queue: z.string().nullable(),
			node: z.string(),
			rule: z.enum(WENT_FIRST_RULES),
			/** How it stood with this task just before. */
			sentence: z.string().nullable(),
		}),
	),
	start: z.object({ at: time, node: z.string(), sentence: z.string().nullable() }).nullable(),
	/** When the attempt gave its slot back, and what is counted for it: milliseconds, or null when it was not its owner's doing. */
	end: z.object({ at: time, costMs: z.number().nullable() }).nullable(),
});
export type StayInLine = z.infer<typeof stayInLineSchema>;

/** How it came that a task was started when it was: what the journal of decisions tells. */
export const taskDecisionsSchema = z.object({
	task: z.string(),
	stays: z.array(stayInLineSchema),
	/** Times of which the journal lacks something. */
	gaps: z.array(z.object({ from: time, to: time })),
	/** There is more, before what is told. */
	isCut: z.boolean(),
});
export type TaskDecisions = z.infer<typeof taskDecisionsSchema>;
