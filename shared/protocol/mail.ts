import { z } from 'zod';
import { instantSchema } from './task.ts';

/** `starttls`: begins in the open and is then sealed, or nothing is sent; `implicit`: sealed from the first byte. */
export const MAIL_TLS = ['starttls', 'implicit', 'none'] as const;
export type MailTls = (typeof MAIL_TLS)[number];

/** Where each is to be found unless told. */
export const MAIL_PORTS: Readonly<Record<MailTls, number>> = { starttls: 587, implicit: 465, none: 25 };

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const hostSchema = z
	.string()
	.max(253)
	.regex(new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$`), 'must be a host’s name or address');
/** Nothing that could end a header or begin another recipient. */
const addressSchema = z
	.string()
	.max(254)
	.regex(
		new RegExp(`^[A-Za-z0-9!#$%&'*+/=?^_\`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_\`{|}~-]+)*@${LABEL}(?:\\.${LABEL})*$`),
		'must be an address such as ops@example.org',
	);
const plainText = (most: number) =>
	z
		.string()
		.min(1)
		.max(most)
		.regex(/^\P{Cc}*$/u, 'may have no control characters');

export const mailSettingsSchema = z.strictObject({
	host: hostSchema,
	port: z.number().int().min(1).max(65_535).optional().describe('587, 465 or 25, by `tls`, unless told'),
	tls: z.enum(MAIL_TLS).default('starttls'),
	user: plainText(255).nullable().default(null).describe('Null: the server wants none'),
	password: plainText(1_024)
		.optional()
		.describe('Left out: it stays, which is possible only while host, port, TLS and user stay'),
	from: addressSchema,
	to: z.array(addressSchema).min(1).max(20),
	ca: z
		.string()
		.max(65_536)
		.nullable()
		.default(null)
		.describe('PEM: the server’s certificate must be this one, or of this authority'),
});
export type MailSettings = z.output<typeof mailSettingsSchema>;

export const mailViewSchema = z.object({
	version: z.number().describe('0 when nothing was ever set'),
	/** Null: alerts are not sent by mail. */
	server: z
		.object({
			host: z.string(),
			port: z.number(),
			tls: z.enum(MAIL_TLS),
			user: z.string().nullable(),
			hasPassword: z.boolean(),
			from: z.string(),
			to: z.array(z.string()),
			hasCa: z.boolean(),
		})
		.nullable(),
	waiting: z.number().describe('Mails that are still to be sent'),
	gaveUp: z.number().describe('Mails of the last two weeks that were never taken'),
	dropped: z.number().describe('Mails that were not even kept, as too many waited'),
	lastSentAt: instantSchema.nullable(),
	failingSince: instantSchema.nullable(),
	error: z.string().nullable().describe('What was wrong the last time, and what to do'),
});
export type MailView = z.infer<typeof mailViewSchema>;

/** How a mail went that was sent to try it out. */
export const mailTestSchema = z.object({
	accepted: z.boolean(),
	what: z.string(),
	do: z.string().nullable(),
	answer: z.string().nullable().describe('The server’s own words'),
	refused: z.array(z.string()).describe('Recipients that the server did not take'),
});
export type MailTest = z.infer<typeof mailTestSchema>;

/** Whom a test of the alerts went to. */
export const alertTestSchema = z.object({
	administrators: z.number().describe('People who got a notice'),
	webhooks: z.number().describe('Deliveries on their way'),
	mail: z.boolean().describe('A mail is on its way'),
});
export type AlertTest = z.infer<typeof alertTestSchema>;
