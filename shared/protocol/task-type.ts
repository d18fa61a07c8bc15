import { z } from 'zod';
import { parameterSchemaSchema } from './parameter-schema.ts';

/** Sandbox levels from weakest to strongest; a node offers one, a task type may ask for a least one. */
export const SANDBOX_LEVELS = ['none', 'limits', 'strong'] as const;
export const sandboxLevelSchema = z.enum(SANDBOX_LEVELS);
export type SandboxLevel = z.infer<typeof sandboxLevelSchema>;

export const hardwareSchema = z.record(
	z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
	z.number().int().min(1).max(1024),
);

/** What a node must have for a task. Hardware is exclusive tokens held while the attempt is leased. */
export const needsSchema = z.strictObject({
	cores: z.number().int().min(1).max(4096).default(1),
	memoryBytes: z.number().int().min(0).default(0),
	hardware: hardwareSchema.default({}),
	/** Labels that the node must carry with exactly these values. */
	labels: z.record(z.string().min(1).max(63), z.string().max(255)).default({}),
	sandbox: sandboxLevelSchema.default('none'),
});
export type Needs = z.infer<typeof needsSchema>;

export const taskTypeNameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes');

/** For the list that people choose from. */
export const TASK_CATEGORIES = ['facts', 'images', 'text', 'archives', 'sources', 'tools'] as const;

/** The name under which a task asks for a secret. */
export const secretSlotSchema = z
	.string()
	.regex(/^[a-z][A-Za-z0-9]{0,31}$/, 'a letter, then letters and digits, 32 at most');

/** A thing that a task puts out; `name` may end in `.*`; `*` is whatever there is. */
const outputSchema = z.strictObject({
	name: z.string().min(1).max(100),
	mediaType: z.string().min(1).max(100),
	/** A `file` becomes a file of the person's where a recipe says so. */
	role: z.enum(['file', 'thumbnail', 'log']).default('file'),
	/** How the file is called: `{stem}`, `{name}` and `{ext}` of the input, `{type}`, `{date}`, `{output}`. */
	fileName: z.string().min(1).max(200).default('{stem}-{type}.{ext}'),
});
export type OutputManifest = z.infer<typeof outputSchema>;

/**
 * A task type's manifest. Times are milliseconds, sizes bytes.
 * `command` is set for types that run a program (argv, never a shell) and absent for the built-in ones.
 */
export const manifestSchema = z.strictObject({
	name: taskTypeNameSchema,
	version: z.number().int().min(1).default(1),
	title: z.string().min(1).max(100),
	description: z.string().max(2000).default(''),
	inputs: z
		.strictObject({
			/** MIME patterns such as `image/*`; a file fits if one matches. */
			mediaTypes: z.array(z.string().max(100)).max(64).default(['*/*']),
			min: z.number().int().min(0).max(1000).default(1),
			max: z.number().int().min(0).max(1000).default(1),
		})
		.default({ mediaTypes: ['*/*'], min: 1, max: 1 }),
	category: z.enum(TASK_CATEGORIES).default('tools'),
	parameters: parameterSchemaSchema.default({
		type: 'object',
		properties: {},
		required: [],
		additionalProperties: false,
	}),
	/** What may come out. Outputs that are not listed stay with the task. */
	outputs: z.array(outputSchema).max(16).default([]),
	/** Whether it asks other machines; if so, only through the guarded fetch. */
	network: z.enum(['none', 'guarded']).default('none'),
	/** Secrets that it is given when it runs, by the name under which it asks for each. */
	secrets: z
		.array(
			z.strictObject({
				slot: secretSlotSchema,
				title: z.string().min(1).max(100),
				description: z.string().max(500).default(''),
				required: z.boolean().default(true),
			}),
		)
		.max(4)
		.default([]),
	/** It reads something that grows: it is given where it was, and answers where it is. */
	source: z.boolean().default(false),
	needs: needsSchema.default({ cores: 1, memoryBytes: 0, hardware: {}, labels: {}, sandbox: 'none' }),
	limits: z
		.strictObject({
			/** After this the task is asked to stop. */
			softMs: z.number().int().min(10).default(300_000),
			/** After this its process tree is killed. */
			hardMs: z.number().int().min(10).default(330_000),
			/** Peak resident memory of the process tree; above it the tree is killed. */
			memoryBytes: z.number().int().min(1_048_576).default(1_073_741_824),
			/** Largest total of output bytes. */
			outputBytes: z.number().int().min(0).default(1_073_741_824),
		})
		.default({ softMs: 300_000, hardMs: 330_000, memoryBytes: 1_073_741_824, outputBytes: 1_073_741_824 }),
	retry: z
		.strictObject({
			/** How many attempts may fail through the task's own fault. */
			maxFailures: z.number().int().min(1).max(100).default(3),
			/** How many workers may be lost under it before it is quarantined. */
			maxWorkerLosses: z.number().int().min(1).max(100).default(3),
			/** First back-off; doubled each time, with full jitter. */
			backoffMs: z.number().int().min(0).max(3_600_000).default(1_000),
			backoffMaxMs: z.number().int().min(0).max(86_400_000).default(60_000),
		})
		.default({ maxFailures: 3, maxWorkerLosses: 3, backoffMs: 1_000, backoffMaxMs: 60_000 }),
	routingKey: z.string().max(255),
	deterministic: z.boolean().default(true),
	command: z.array(z.string().max(4096)).min(1).max(256).optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;
/** A manifest as an author writes it: defaults left out. */
export type ManifestInput = z.input<typeof manifestSchema>;
