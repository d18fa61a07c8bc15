import { z } from 'zod';
import { idSchema } from './ids.ts';
import { pageQuerySchema } from './json.ts';
import { instantSchema } from './task.ts';

/** What people make that goes on working by itself, and what they share. */
export const EVERYONES_KINDS = ['recipe', 'trigger', 'schedule', 'source', 'dataset', 'webhook'] as const;
export const everyonesKindSchema = z.enum(EVERYONES_KINDS);
export type EveryonesKind = z.infer<typeof everyonesKindSchema>;

/** on: it works · off: somebody stopped it · trouble: it stopped, or failed the last time · retired: kept for who uses it */
export const THING_STATES = ['on', 'off', 'trouble', 'retired'] as const;
export const thingStateSchema = z.enum(THING_STATES);
export type ThingState = z.infer<typeof thingStateSchema>;

/** One of everybody's things, as an overseer sees it: whose it is, how it is, what became of it last. */
export const everyonesThingSchema = z.object({
	kind: everyonesKindSchema,
	id: z.string(),
	name: z.string(),
	owner: idSchema('user').nullable().describe('Null: the system’s, or the person was deleted'),
	ownerName: z.string().nullable().describe('Only administrators are told'),
	about: z.string().describe('What it is in a few words, such as a folder, a rule or an address'),
	state: thingStateSchema,
	reason: z.string().nullable().describe('Why it is not on'),
	createdAt: instantSchema,
	lastAt: instantSchema.nullable().describe('When it last did something'),
	lastOutcome: z.string().nullable().describe('What became of that'),
	nextAt: instantSchema.nullable().describe('When it does something next'),
});
export type EveryonesThing = z.infer<typeof everyonesThingSchema>;

export const everyonesQuerySchema = pageQuerySchema.extend({
	text: z.string().max(200).optional().describe('Of names, in any case'),
	owner: idSchema('user').optional(),
	state: thingStateSchema.optional(),
});
export type EveryonesQuery = z.input<typeof everyonesQuerySchema>;
