import { z } from 'zod';
import { jsonObjectSchema, pageQuerySchema } from './json.ts';
import { instantSchema } from './task.ts';

/** One line of the audit log as administrators read it. */
export const auditEntrySchema = z.object({
	seq: z.number(),
	at: instantSchema,
	/** A user's or a node's id, `system`, or `unknown`. */
	actor: z.string(),
	action: z.string(),
	object: z.string(),
	outcome: z.enum(['done', 'refused']),
	address: z.string(),
	detail: jsonObjectSchema,
	/** SHA-256 over the hash before it and the entry; hexadecimal. */
	hash: z.string(),
});
export type AuditEntryView = z.infer<typeof auditEntrySchema>;

const text = z.string().min(1).max(1024).optional();
export const auditQuerySchema = pageQuerySchema.extend({
	actor: text,
	action: text,
	object: text,
	outcome: z.enum(['done', 'refused']).optional(),
	from: instantSchema.optional(),
	to: instantSchema.optional(),
});

/** What checking the whole log found; `head` is the newest hash, to be kept somewhere else. */
export const auditVerdictSchema = z.discriminatedUnion('ok', [
	z.object({ ok: z.literal(true), rows: z.number(), head: z.string() }),
	z.object({ ok: z.literal(false), firstBad: z.number() }),
]);
