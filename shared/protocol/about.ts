import { z } from 'zod';
import { instantSchema } from './task.ts';

const bytes = z.number().int().min(0);

/** A certificate as people compare it: whose, which, and until when. */
export const certificateViewSchema = z.object({
	subject: z.string(),
	issuer: z.string(),
	names: z.array(z.string()).describe('Hosts that it is for'),
	fingerprint: z.string().describe('SHA-256, in hexadecimal with colons'),
	startsAt: instantSchema,
	endsAt: instantSchema,
});
export type CertificateView = z.infer<typeof certificateViewSchema>;

/** Which coordinator this is. */
export const aboutSchema = z.object({
	version: z.string(),
	startedAt: instantSchema,
	node: z.string().describe('Version of Node.js'),
	platform: z.string(),
	schema: z.number().describe('Of the ledger'),
	ledgerBytes: bytes.nullable().describe('Null: it cannot be looked at'),
	certificate: certificateViewSchema.nullable().describe('Null: it speaks plain HTTP'),
});
export type AboutView = z.infer<typeof aboutSchema>;

/** What it was started with, as far as it is told: of addresses, paths and secrets only whether they are set. */
export const settingsViewSchema = z.object({
	items: z.array(
		z.object({
			name: z.string(),
			option: z.string().nullable().describe('Of `coordinator start`; null: there is none'),
			about: z.string(),
			value: z.json(),
		}),
	),
	rules: z
		.object({
			sessionIdleMs: z.number().describe('A session ends when it was not used for so long'),
			sessionMostMs: z.number().describe('And after so long in any case'),
			banPoints: z.number(),
			banWindowMs: z.number(),
			banMs: z.number().describe('The first ban of an address; each that follows is longer'),
		})
		.describe('Which sessions end and which addresses are banned'),
});
export type SettingsView = z.infer<typeof settingsViewSchema>;

/** What takes how much. */
export const storageViewSchema = z.object({
	disk: z
		.object({ free: z.number(), total: z.number(), watermark: z.number().describe('Uploads are refused below') })
		.nullable()
		.describe('Null: it cannot be looked at'),
	parts: z.array(
		z.object({
			name: z.enum(['ledger', 'ledger-log', 'history', 'contents', 'staging', 'uploads']),
			bytes,
			count: z.number().int().min(0),
			more: z.boolean().describe('There are more files than were counted'),
		}),
	),
	idle: z.object({ count: z.number(), bytes }).describe('Contents that nothing refers to, until they are swept'),
	people: z.object({ files: z.number(), bytes }).describe('What people’s files take in every version, trash included'),
	datasets: z.object({ count: z.number(), bytes }).describe('What is kept in datasets'),
	most: z
		.array(z.object({ user: z.string(), username: z.string(), files: z.number(), bytes }))
		.describe('Whose files take most, the most first'),
});
export type StorageView = z.infer<typeof storageViewSchema>;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export const logLevelSchema = z.enum(LOG_LEVELS);
export type LogLevel = z.infer<typeof logLevelSchema>;

export const logViewSchema = z.object({
	level: logLevelSchema,
	startLevel: logLevelSchema.describe('It counts again after a restart'),
	lines: z.array(z.string()).describe('The newest lines as they were written, oldest first'),
});
export type LogView = z.infer<typeof logViewSchema>;

export const logQuerySchema = z.strictObject({ lines: z.coerce.number().int().min(0).max(1_000).default(200) });
export const logChangeSchema = z.strictObject({ level: logLevelSchema });
