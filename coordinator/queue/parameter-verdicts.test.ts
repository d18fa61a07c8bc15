import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkParameters } from '../../shared/parameter-check.ts';
import { parameterSchemaSchema } from '../../shared/protocol/parameter-schema.ts';
import { manifestSchema } from '../../shared/protocol/task-type.ts';
import { anyParameterSchema, parametersFor } from '../../test/support/parameter-arbitrary.ts';
import { ParameterChecks } from './check-parameters.ts';

const manifestOf = (parameters: object) =>
	manifestSchema.parse({ name: 'any', title: 'Any', routingKey: 'normal.any', parameters });

/** A list with this text twice is one without repeats to the validator, which keeps what it has seen in a plain object. */
const BLIND_SPOT = /"__proto__"/;

it('forms and the command line take the same parameters as the coordinator, and see the same defaults', () => {
	const checks = new ParameterChecks();
	let fitting = 0;
	let refused = 0;
	fc.assert(
		fc.property(
			anyParameterSchema.chain((schema) =>
				fc.tuple(fc.constant(schema), fc.array(parametersFor(schema), { minLength: 10, maxLength: 10 })),
			),
			([schema, all]) => {
				const manifest = manifestOf(schema);
				for (const given of all) {
					const text = JSON.stringify(given);
					if (BLIND_SPOT.test(text)) continue;
					const ours = checkParameters(schema, JSON.parse(text));
					const theirs = JSON.parse(text);
					const fields = checks.check(manifest, theirs);
					expect([text, ours.faults.length === 0]).toEqual([text, fields.length === 0]);
					if (fields.length === 0) {
						fitting += 1;
						expect(ours.value).toEqual(theirs);
					} else refused += 1;
					// The words are ours, so the validator never refuses something that we could not name.
					expect(fields.map(({ message }) => message)).not.toContain('do not fit the task type');
				}
			},
		),
		{ numRuns: 300 },
	);
	// Otherwise the same verdict would be no news.
	expect(fitting).toBeGreaterThan(40);
	expect(refused).toBeGreaterThan(40);
}, 120_000);

const schemaOf = (properties: object, more: object = {}) =>
	parameterSchemaSchema.parse({ type: 'object', properties, ...more });

it('says of each value where it is and what would fit', () => {
	const schema = schemaOf(
		{
			width: { type: 'integer', minimum: 1, maximum: 4096 },
			sizes: { type: 'array', items: { type: 'integer' }, maxItems: 2 },
			crop: { type: 'object', properties: { left: { type: 'number' } }, required: ['left'] },
			name: { type: 'string', minLength: 1 },
		},
		{ required: ['name'] },
	);
	const told = (value: unknown) =>
		checkParameters(schema, value).faults.map(({ path, message }) => `${path} ${message}`);
	expect(told({ width: 0, sizes: [1, 'a'], crop: {}, other: 1 })).toEqual([
		'name is needed',
		'width must be 1 or more',
		'sizes.1 must be a whole number',
		'crop.left is needed',
		'other is not a parameter',
	]);
	expect(told({ name: '', sizes: [1, 2, 3] })).toEqual([
		'name must not be empty',
		'sizes must have 2 entries or fewer',
	]);
	expect(told([])).toEqual([' must be values with names']);
});

it('leaves what was given as it was', () => {
	const schema = schemaOf({ list: { type: 'array', items: { type: 'string' }, default: ['a'] } });
	const given = {};
	const { value } = checkParameters(schema, given);
	(value.list as string[]).push('b');
	expect([given, checkParameters(schema, {}).value]).toEqual([{}, { list: ['a'] }]);
});

it.each([
	['(a+)+', 'repeat a group'],
	['(a|a)*b', 'repeat a group'],
	['((a|b)c){2,}', 'repeat a group'],
	['(x(y*)z)+', 'repeat a group'],
	['a*b*c*d*', '3 parts'],
	['(a)\\1', 'refer back'],
	['(?=a)b', 'look'],
	['[', 'regular expression'],
])('no schema may have the pattern %s', (pattern, why) => {
	const result = parameterSchemaSchema.safeParse({
		type: 'object',
		properties: { list: { type: 'array', items: { type: 'string', maxLength: 200, pattern } } },
	});
	expect(result.error?.issues).toMatchObject([
		{ path: ['properties', 'list', 'items', 'pattern'], message: expect.stringContaining(why) },
	]);
});

it.each(['^[a-z+(*]+$', '^(jpe?g|png)$', '\\(a*\\)*', '^#[0-9a-f]{6}$', '^\\p{L}+( \\d)?$'])(
	'a schema may have the pattern %s',
	(pattern) => {
		expect(schemaOf({ a: { type: 'string', maxLength: 256, pattern } }).properties).toHaveProperty('a');
	},
);

it.each([
	[{ constructor: { type: 'string' } }, {}],
	[{ a: { type: 'string', pattern: 'a' } }, {}],
	[{ a: { type: 'string', unknown: 1 } }, {}],
	[{ a: { $ref: '#' } }, {}],
	[{ a: { type: 'string', 'x-ui': { showIf: { parameter: 'a', equals: 'x' } } } }, {}],
	[{ a: { type: 'string', 'x-ui': { showIf: { parameter: 'b', equals: 'x' } } }, b: {} }, { required: ['a'] }],
	[{ a: { type: 'object', properties: {}, required: ['b'] } }, {}],
	[{}, { required: ['a'] }],
	[{}, { additionalProperties: true }],
])('no schema may have the parameters %j', (properties, more) => {
	expect(parameterSchemaSchema.safeParse({ type: 'object', properties, ...more }).success).toBe(false);
});
