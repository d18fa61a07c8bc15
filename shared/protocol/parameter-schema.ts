import { z } from 'zod';
import { patternFault } from './parameter-pattern.ts';

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

const parameterName = z
	.string()
	.regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'a small letter, then letters and digits, 40 at most')
	// Every object of JavaScript has these already: to a validator they would be there when nobody gave them.
	.refine((name) => !(name in Object.prototype), 'is a name of JavaScript’s own; choose another one');

/** Values with names, one level deep: such as HTTP headers or a crop. */
const objectSchema = z.strictObject({
	...words,
	type: z.literal('object'),
	properties: z.record(parameterName, z.union([scalarSchema, arraySchema])),
	required: z.array(parameterName).max(64).default([]),
	additionalProperties: z.literal(false).default(false),
});

/** Any JSON, entered as such. */
const anySchema = z.strictObject({ ...words, type: z.never().optional(), default: z.json().optional() });

export const parameterSchema = z.union([scalarSchema, arraySchema, objectSchema, anySchema], {
	error: 'has no such type: string, integer, number, boolean, array, object, or none for any JSON',
});
/** One parameter. */
export type Parameter = z.infer<typeof parameterSchema>;

const MOST_PARAMETERS = 64;

/** A parameter and what lies in it, each with its path. */
const withinOf = function* (name: string, one: Parameter): Generator<[path: string[], schema: Parameter]> {
	yield [[name], one];
	if (one.type === 'array') yield [[name, 'items'], one.items];
	if (one.type !== 'object') return;
	for (const [inner, schema] of Object.entries(one.properties)) {
		for (const [path, each] of withinOf(inner, schema)) yield [[name, 'properties', ...path], each];
	}
};

const patternFaultOf = (schema: Parameter): string | null => {
	if (!('pattern' in schema) || schema.pattern === undefined) return null;
	return (schema.maxLength ?? Infinity) > 256 ? 'needs a maxLength of 256 at most' : patternFault(schema.pattern);
};

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
			for (const [path, schema] of withinOf(name, one)) {
				const fault = patternFaultOf(schema);
				if (fault !== null) tell(['properties', ...path, 'pattern'], fault);
			}
			const inner = one.type === 'object' ? one : { properties: {}, required: [] };
			const innerNames = Object.keys(inner.properties);
			if (innerNames.length > MOST_PARAMETERS) tell(['properties', name, 'properties'], `at most ${MOST_PARAMETERS}`);
			for (const [i, one] of inner.required.entries()) {
				if (!innerNames.includes(one)) tell(['properties', name, 'required', i], 'names none of its values');
			}
			const shown = one['x-ui']?.showIf?.parameter;
			if (shown === undefined) continue;
			const at = ['properties', name, 'x-ui', 'showIf'];
			if (shown === name || !names.includes(shown)) tell(at, 'names no other parameter');
			if (required.includes(name)) tell(at, 'hides a parameter that is required');
		}
	});
export type ParameterSchema = z.infer<typeof parameterSchemaSchema>;
