import { z } from 'zod';
import { jsonObjectSchema, pageQuerySchema } from './json.ts';
import { instantSchema } from './task.ts';

/** One line of the audit log as administrators read it. */
export const auditEntrySchema = z.object({
	seq: z.number(),
	at: instantSchema,
	/** A user's or a node's id, `system`, or `unknown`. */
	actor: z.string(),
	/** What the actor is called now, if that is a person or a node; null: none of these, or gone. */
	actorName: z.string().nullable().default(null),
	action: z.string(),
	object: z.string(),
	/** What the object is called now, or was called when it is gone; of a node's token its end. Null: it has no name, or none is known. */
	objectName: z.string().nullable().default(null),
	/** Its name is one that was recorded: it is not there any more. */
	objectIsGone: z.boolean().default(false),
	outcome: z.enum(['done', 'refused']),
	address: z.string(),
	detail: jsonObjectSchema,
	/** What could tell of a person was taken out, when that person was deleted. */
	blanked: z.boolean(),
	/** SHA-256 over the hash before it and the entry; hexadecimal. */
	hash: z.string(),
});
export type AuditEntryView = z.infer<typeof auditEntrySchema>;

const text = z.string().min(1).max(1024).optional();
export const auditQuerySchema = pageQuerySchema.extend({
	actor: text,
	/** A whole action, or a part with stars for the rest: `queue.*`, `*.delete`. */
	action: text,
	object: text,
	outcome: z.enum(['done', 'refused']).optional(),
	/** Stands somewhere in it. */
	text: z.string().min(1).max(200).optional(),
	from: instantSchema.optional(),
	to: instantSchema.optional(),
});
export type AuditQuery = z.input<typeof auditQuerySchema>;

export const auditExportQuerySchema = auditQuerySchema
	.omit({ limit: true, cursor: true })
	.extend({ format: z.enum(['csv', 'json']).default('csv') });
export type AuditExportQuery = z.input<typeof auditExportQuerySchema>;

/** What checking the whole log found; `head` is the newest hash, to be kept somewhere else. */
export const auditVerdictSchema = z.discriminatedUnion('ok', [
	z.object({ ok: z.literal(true), rows: z.number(), head: z.string(), blanked: z.number() }),
	z.object({ ok: z.literal(false), firstBad: z.number() }),
]);

/** How far the check that is under way has come. */
export const auditCheckSchema = z.object({ checked: z.number(), of: z.number() });
export const auditProgressSchema = z.object({
	running: auditCheckSchema.nullable().describe('Null: none is under way'),
});
