import { z } from 'zod';
import { idSchema } from './ids.ts';
import { instantSchema } from './task.ts';

/** Most bytes of a secret as UTF-8. */
export const MAX_SECRET_BYTES = 8192;

export const secretNameSchema = z
	.string()
	.trim()
	.normalize('NFC')
	.regex(/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,62}$/u, 'letters, digits, spaces, . _ @ -; 1 to 63 characters');

const secretValueSchema = z
	.string()
	.min(1)
	.max(MAX_SECRET_BYTES)
	.describe('It is kept sealed, given to tasks that name it, and shown to nobody');

export const newSecretSchema = z.strictObject({ name: secretNameSchema, value: secretValueSchema });
export const secretChangeSchema = z.strictObject({ value: secretValueSchema });

/** A secret as people see it: never what it is. */
export const secretViewSchema = z.object({
	id: idSchema('secret'),
	name: z.string(),
	version: z.number().describe('Raised each time it is replaced; its entity tag'),
	createdAt: instantSchema,
	usedAt: instantSchema.nullable().describe('When a task was last given it'),
	openTasks: z.number().describe('Tasks that are not over and name it'),
});
export type SecretView = z.infer<typeof secretViewSchema>;
