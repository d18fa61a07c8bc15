import fc from 'fast-check';
import { type Parameter, type ParameterSchema, parameterSchemaSchema } from '../../shared/protocol/parameter-schema.ts';

const small = fc.integer({ min: 0, max: 4 });
const number = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const text = fc.oneof(
	fc.constantFrom('a', 'ab', 'abc', 'x1', '', '🦊', 'https://example.org/a', 'ada@example.org'),
	fc.string({ unit: 'grapheme' }),
);
const optional = <T extends Record<string, unknown>>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
	fc.record(shape, { requiredKeys: [] });

const textSchema = optional({
	enum: fc.array(text, { minLength: 1, maxLength: 3 }),
	minLength: small,
	maxLength: small,
	format: fc.constantFrom('uri' as const, 'email' as const, 'date-time' as const),
	default: text,
}).map((schema) => ({ type: 'string' as const, ...schema }));
const patternSchema = fc
	.constantFrom('^[a-z]+$', 'a', '^.{2}$', '^(a|b)', '\\d')
	.map((pattern) => ({ type: 'string' as const, maxLength: 5, pattern }));
const numberSchema = fc
	.tuple(
		fc.constantFrom('integer' as const, 'number' as const),
		optional({
			minimum: number,
			maximum: number,
			exclusiveMinimum: number,
			exclusiveMaximum: number,
			multipleOf: fc.constantFrom(1, 2, 5, 0.5, 0.1),
			enum: fc.array(number, { minLength: 1, maxLength: 3 }),
			default: number,
		}),
	)
	.map(([type, schema]) => ({ type, ...schema }));
const booleanSchema = optional({ default: fc.boolean() }).map((schema) => ({ type: 'boolean' as const, ...schema }));
const scalarSchema = fc.oneof(textSchema, patternSchema, numberSchema, booleanSchema);
const arraySchema = fc
	.tuple(scalarSchema, optional({ minItems: small, maxItems: small, uniqueItems: fc.boolean() }))
	.map(([items, schema]) => ({ type: 'array' as const, items, ...schema }));
const anySchema = optional({ default: fc.jsonValue() as fc.Arbitrary<never> });

const NAMES = ['a', 'b', 'c', 'width', 'sizeLimit'];
const named = <T>(schema: fc.Arbitrary<T>) =>
	fc
		.tuple(fc.dictionary(fc.constantFrom(...NAMES), schema, { noNullPrototype: true }), fc.subarray(NAMES))
		.map(([properties, required]) => ({
			type: 'object' as const,
			properties,
			required: required.filter((name) => name in properties),
			additionalProperties: false as const,
		}));

/** Any schema of the subset. */
export const anyParameterSchema: fc.Arbitrary<ParameterSchema> = named(
	fc.oneof(scalarSchema, arraySchema, anySchema, named(fc.oneof(scalarSchema, arraySchema))),
).map((schema) => parameterSchemaSchema.parse(schema));

/** Values that fit a parameter often, and often just do not. */
const valueFor = (schema: Parameter | undefined): fc.Arbitrary<unknown> => {
	const wild = fc.oneof(text, number, fc.boolean(), fc.constant(null), fc.jsonValue());
	if (schema?.type === undefined) return wild;
	if ('enum' in schema && schema.enum) return fc.oneof(fc.constantFrom<unknown>(...schema.enum), wild);
	switch (schema.type) {
		case 'string':
			return fc.oneof({ weight: 6, arbitrary: text }, wild);
		case 'integer':
		case 'number':
			return fc.oneof({ weight: 6, arbitrary: number }, wild);
		case 'boolean':
			return fc.oneof({ weight: 6, arbitrary: fc.boolean() }, wild);
		case 'array':
			return fc.oneof({ weight: 6, arbitrary: fc.array(valueFor(schema.items), { maxLength: 5 }) }, wild);
		case 'object':
			return fc.oneof({ weight: 6, arbitrary: valuesFor(schema.properties) }, wild);
	}
};

const valuesFor = (properties: Record<string, Parameter>): fc.Arbitrary<Record<string, unknown>> =>
	fc
		.tuple(
			fc.record(Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valueFor(one)])), {
				requiredKeys: [],
				noNullPrototype: true,
			}),
			fc.option(fc.constantFrom(...NAMES, 'constructor', 'other'), { freq: 4 }),
		)
		.map(([values, extra]) => (extra === null ? values : { [extra]: 1, ...values }));

/** Parameters as somebody might send them for this schema. */
export const parametersFor = (schema: ParameterSchema): fc.Arbitrary<Record<string, unknown>> =>
	valuesFor(schema.properties);
