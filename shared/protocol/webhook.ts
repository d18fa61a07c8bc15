import { z } from 'zod';
import { freeNameSchema } from './free-name.ts';
import { idSchema } from './ids.ts';
import { NOTICE_KINDS } from './notice.ts';
import { instantSchema } from './task.ts';

const urlSchema = z.string().max(2_048).describe('https://…; the operator may allow others with --egress-allow');
const eventsSchema = z.array(z.enum(NOTICE_KINDS)).min(1).max(NOTICE_KINDS.length);

export const newWebhookSchema = z.strictObject({
	name: freeNameSchema,
	url: urlSchema,
	events: eventsSchema.default([...NOTICE_KINDS]),
});
export type NewWebhook = z.infer<typeof newWebhookSchema>;

export const webhookChangeSchema = z.strictObject({
	name: freeNameSchema.optional(),
	url: urlSchema.optional(),
	events: eventsSchema.optional(),
});
export type WebhookChange = z.infer<typeof webhookChangeSchema>;

export const webhookSchema = z.object({
	id: idSchema('webhook'),
	version: z.number(),
	name: z.string(),
	url: z.string(),
	events: eventsSchema,
	state: z.enum(['active', 'paused']),
	reason: z.string().nullable(),
	failures: z.number().describe('Deliveries in a row that were given up'),
	dropped: z.number().describe('Events that were not told, as a thousand waited already'),
	createdAt: instantSchema,
});
export type WebhookView = z.infer<typeof webhookSchema>;

/** `key`: what deliveries are signed with; shown once. */
export const webhookWithKeySchema = webhookSchema.extend({ key: z.string() });
export type WebhookWithKey = z.infer<typeof webhookWithKeySchema>;

export const deliverySchema = z.object({
	id: idSchema('delivery'),
	event: z.string(),
	state: z.enum(['due', 'delivered', 'gave-up']),
	tries: z.number(),
	nextAt: instantSchema.nullable(),
	status: z.number().nullable().describe('HTTP status of the last answer'),
	error: z.string().nullable().describe('What was wrong the last time'),
	createdAt: instantSchema,
});
export type DeliveryView = z.infer<typeof deliverySchema>;

/** What is sent, as JSON. The same delivery may come more than once: its id is in it, and in `Millrace-Delivery`. */
export interface WebhookBody {
	id: string;
	event: string;
	at: string;
	subject: { id: string };
	data: { title: string; text: string };
}
