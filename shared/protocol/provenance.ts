import { z } from 'zod';
import { idSchema, sha256Schema } from './ids.ts';
import { jsonObjectSchema } from './json.ts';
import { instantSchema, taskStateSchema, taskUsageSchema } from './task.ts';

/** How a version of a file was made, as it was written down when that was done. */
export const provenanceRecordSchema = z.object({
	task: idSchema('task'),
	output: z.string(),
	type: z.string(),
	typeVersion: z.number(),
	by: z.object({ id: z.string(), name: z.string() }),
	/** Why the task was made: `demand` when somebody asked for it. */
	cause: z.string(),
	recipe: z.object({ id: z.string(), version: z.number().nullable(), step: z.number().nullable() }).nullable(),
	parameters: jsonObjectSchema.nullable().describe('Null: too long to be kept; then only their hash is'),
	parametersSha256: sha256Schema,
	/** The first of them; `inputsSha256` is over all. */
	inputs: z.array(
		z.object({
			/** Null: it is a file of a dataset, and `version` is the dataset's. */
			file: z.string().nullable(),
			dataset: z.string().optional(),
			path: z.string(),
			version: z.number(),
			sha256: sha256Schema,
			size: z.number(),
		}),
	),
	inputCount: z.number(),
	inputsSha256: sha256Schema,
	node: z.string(),
	attempt: z.number(),
	startedAt: instantSchema,
	finishedAt: instantSchema,
	usage: taskUsageSchema,
});
export type ProvenanceRecord = z.infer<typeof provenanceRecordSchema>;

export const provenanceViewSchema = z.object({
	file: idSchema('file'),
	path: z.string().nullable(),
	version: z.number(),
	sha256: sha256Schema,
	size: z.number(),
	made: provenanceRecordSchema.nullable().describe('Null: a person brought this version'),
	/** Tasks that were run on this version first of all, the newest first, 50 at most. */
	usedBy: z.array(
		z.object({ id: idSchema('task'), type: z.string(), state: taskStateSchema, createdAt: instantSchema }),
	),
	/** Files that these tasks made. */
	results: z.array(z.object({ file: idSchema('file'), name: z.string(), version: z.number(), task: idSchema('task') })),
});
export type ProvenanceView = z.infer<typeof provenanceViewSchema>;

/** What is to be other than it was. */
export const againSchema = z.strictObject({
	parameters: jsonObjectSchema.optional().describe('Left out: those of before'),
	inputs: z
		.enum(['same', 'newest'])
		.default('same')
		.describe('The versions that it worked on, or the newest of the same files'),
});
