import { z } from 'zod';

/** How a form shows a value; the server does not go by it. */
const uiSchema = z.strictObject({
	widget: z.enum(['text', 'textarea', 'select', 'radio', 'slider', 'switch', 'tags', 'json']).optional(),
	unit: z.string().max(20).optional(),
	placeholder: z.string().max(200).optional(),
	/** Values of one group stand together under this heading. */
	group: z.string().max(60).optional(),
	order: z.number().int().min(0).max(1000).optional(),
	/** Behind “More settings”. */
	advanced: z.boolean().optional(),
	rows: z.number().int().min(1).max(40).optional(),
	/** Shown only while another parameter has this value. */
	showIf: z
		.strictObject({ parameter: z.string().max(40), equals: z.union([z.string().max(200), z.number(), z.boolean()]) })
		.optional(),
});

const words = {
	title: z.string().min(1).max(100).optional(),
	description: z.string().max(1000).optional(),
	examples: z.array(z.json()).max(8).optional(),
	'x-ui': uiSchema.optional(),
};

const stringSchema = z.strictObject({
	...words,
	type: z.literal('string'),
	default: z.string().max(65_536).optional(),
	enum: z.array(z.string().max(200)).min(1).max(200).optional(),
	minLength: z.number().int().min(0).max(65_536).optional(),
	maxLength: z.number().int().min(0).max(65_536).optional(),
	/** Needs a `maxLength` of 256 at most, so that no pattern takes long. */
	pattern: z.string().min(1).max(200).optional(),
	format: z.enum(['uri', 'email', 'date-time']).optional(),
});

const bounds = {
	minimum: z.number().optional(),
	maximum: z.number().optional(),
	exclusiveMinimum: z.number().optional(),
	exclusiveMaximum: z.number().optional(),
	multipleOf: z.number().positive().optional(),
	default: z.number().optional(),
	enum: z.array(z.number()).min(1).max(200).optional(),
};
const numberSchema = z.strictObject({ ...words, type: z.enum(['integer', 'number']), ...bounds });
const booleanSchema = z.strictObject({ ...words, type: z.literal('boolean'), default: z.boolean().optional() });
const scalarSchema = z.discriminatedUnion('type', [stringSchema, numberSchema, booleanSchema]);

const arraySchema = z.strictObject({
	...words,
	type: z.literal('array'),
	items: scalarSchema,
	minItems: z.number().int().min(0).max(1000).optional(),
	maxItems: z.number().int().min(0).max(1000).optional(),
	uniqueItems: z.boolean().optional(),
	default: z
		.array(z.union([z.string().max(1000), z.number(), z.boolean()]))
		.max(1000)
		.optional(),
});

const parameterName = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'a letter, then letters and digits, 40 at most');

/** Values with names, one level deep: such as HTTP headers or a crop. */
const objectSchema = z.strictObject({
	...words,
	type: z.literal('object'),
	properties: z.record(parameterName, z.union([scalarSchema, arraySchema])),
	required: z.array(parameterName).max(64).default([]),
	additionalProperties: z.literal(false).default(false),
});

/** Any JSON, entered as such. */
const anySchema = z.strictObject({ ...words, default: z.json().optional() });

export const parameterSchema = z.union([scalarSchema, arraySchema, objectSchema, anySchema]);
/** One parameter. */
export type Parameter = z.infer<typeof parameterSchema>;

const MOST_PARAMETERS = 64;

/**
 * The parameters of a task type: a subset of JSON Schema (draft 2020-12) that a form can be made of and that means the
 * same in the browser, the command line and the coordinator. Keywords that are not listed here are refused, so that no
 * manifest promises what nobody checks.
 */
export const parameterSchemaSchema = z
	.strictObject({
		type: z.literal('object'),
		properties: z.record(parameterName, parameterSchema).default({}),
		required: z.array(parameterName).max(MOST_PARAMETERS).default([]),
		additionalProperties: z.literal(false).default(false),
	})
	.superRefine(({ properties, required }, context) => {
		const names = Object.keys(properties);
		const tell = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
		if (names.length > MOST_PARAMETERS) tell(['properties'], `at most ${MOST_PARAMETERS} parameters`);
		for (const [i, name] of required.entries()) {
			if (!names.includes(name)) tell(['required', i], 'names no parameter');
		}
		for (const [name, one] of Object.entries(properties)) {
			if ('pattern' in one && one.pattern !== undefined && (one.maxLength ?? Number.POSITIVE_INFINITY) > 256) {
				tell(['properties', name, 'pattern'], 'needs a maxLength of 256 at most');
			}
			const shown = one['x-ui']?.showIf?.parameter;
			if (shown !== undefined && !names.includes(shown)) {
				tell(['properties', name, 'x-ui', 'showIf'], 'names no parameter');
			}
		}
	});
export type ParameterSchema = z.infer<typeof parameterSchemaSchema>;
