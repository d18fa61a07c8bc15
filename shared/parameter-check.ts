import { faultWords } from './parameter-faults.ts';
import { PARAMETER_FORMATS } from './parameter-formats.ts';
import type { Json } from './protocol/json.ts';
import type { Parameter, ParameterSchema } from './protocol/parameter-schema.ts';

/** One value that does not fit: where it is (`width`, `sizes.0`, `headers.accept`; empty for the whole) and why. */
export interface ParameterFault {
	path: string;
	message: string;
}

type Typed<T extends string> = Extract<Parameter, { type: T }>;
type Named = Pick<ParameterSchema, 'properties' | 'required'>;

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const fits: Record<string, (value: unknown) => boolean> = {
	string: (value) => typeof value === 'string',
	integer: (value) => isNumber(value) && value % 1 === 0,
	number: isNumber,
	boolean: (value) => typeof value === 'boolean',
	array: Array.isArray,
	object: isObject,
};

const textFaults = (schema: Typed<'string'>, text: string): string[] => {
	const { enum: choices, minLength, maxLength, pattern, format } = schema;
	const faults: string[] = [];
	// In characters as people count them, as JSON Schema does, and not in halves of surrogate pairs.
	const length = minLength === undefined && maxLength === undefined ? 0 : [...text].length;
	if (choices && !choices.includes(text)) faults.push(faultWords.choice(choices));
	if (minLength !== undefined && length < minLength) faults.push(faultWords.shorter(minLength));
	const isTooLong = maxLength !== undefined && length > maxLength;
	if (isTooLong) faults.push(faultWords.longer(maxLength));
	// What is too long does not fit anyway, and patterns are kept to short texts.
	if (pattern !== undefined && !isTooLong && !new RegExp(pattern, 'u').test(text))
		faults.push(faultWords.pattern(pattern));
	if (format !== undefined && !PARAMETER_FORMATS[format](text)) faults.push(faultWords.format(format));
	return faults;
};

const isMultiple = (value: number, step: number): boolean => {
	const times = value / step;
	// As the server's validator reckons, to the last digit: both must say the same of every number.
	return times === Number.parseInt(String(times), 10);
};

const numberFaults = (schema: Typed<'integer' | 'number'>, value: number): string[] => {
	const { enum: choices, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
	const faults: string[] = [];
	if (choices && !choices.includes(value)) faults.push(faultWords.choice(choices));
	if (minimum !== undefined && value < minimum) faults.push(faultWords.below(minimum));
	if (maximum !== undefined && value > maximum) faults.push(faultWords.above(maximum));
	if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) faults.push(faultWords.notAbove(exclusiveMinimum));
	if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) faults.push(faultWords.notBelow(exclusiveMaximum));
	if (multipleOf !== undefined && !isMultiple(value, multipleOf)) faults.push(faultWords.step(multipleOf));
	return faults;
};

const arrayFaults = (schema: Typed<'array'>, items: readonly unknown[], path: string): ParameterFault[] => {
	const { minItems, maxItems, uniqueItems } = schema;
	const faults: ParameterFault[] = [];
	const tell = (message: string) => faults.push({ path, message });
	if (minItems !== undefined && items.length < minItems) tell(faultWords.fewer(minItems));
	if (maxItems !== undefined && items.length > maxItems) {
		tell(faultWords.more(maxItems));
		return faults;
	}
	if (uniqueItems && new Set(items).size < items.length) tell(faultWords.twice);
	for (const [at, item] of items.entries()) faults.push(...faultsOf(schema.items, item, `${path}.${at}`));
	return faults;
};

const objectFaults = ({ properties, required }: Named, value: Record<string, unknown>, path: string) => {
	const faults: ParameterFault[] = [];
	const below = (name: string) => (path === '' ? name : `${path}.${name}`);
	for (const name of required) {
		if (!Object.hasOwn(value, name)) faults.push({ path: below(name), message: faultWords.missing });
	}
	for (const [name, one] of Object.entries(value)) {
		const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
		if (schema) faults.push(...faultsOf(schema, one, below(name)));
		else faults.push({ path: below(name), message: faultWords.unknown });
	}
	return faults;
};

const faultsOf = (schema: Parameter, value: unknown, path: string): ParameterFault[] => {
	if (schema.type === undefined) return [];
	if (!fits[schema.type]?.(value)) return [{ path, message: faultWords.type(schema) }];
	const plain = (messages: string[]) => messages.map((message) => ({ path, message }));
	switch (schema.type) {
		case 'string':
			return plain(textFaults(schema, value as string));
		case 'integer':
		case 'number':
			return plain(numberFaults(schema, value as number));
		case 'boolean':
			return [];
		case 'array':
			return arrayFaults(schema, value as unknown[], path);
		case 'object':
			return objectFaults(schema, value as Record<string, unknown>, path);
	}
};

/** What a parameter is when it is left out, as a value of its own; undefined when it has no default. */
export const parameterDefault = (schema: Parameter): Json | undefined =>
	'default' in schema && schema.default !== undefined
		? (JSON.parse(JSON.stringify(schema.default)) as Json)
		: undefined;

const withDefaults = ({ properties }: Named, given: Record<string, unknown>): Record<string, unknown> => {
	const value = { ...given };
	for (const [name, schema] of Object.entries(properties)) {
		const own = Object.hasOwn(value, name) ? value[name] : undefined;
		const preset = parameterDefault(schema);
		if (own === undefined && preset !== undefined) value[name] = preset;
		else if (schema.type === 'object' && isObject(own)) value[name] = withDefaults(schema, own);
	}
	return value;
};

/** What of one parameter's value does not fit. */
export const checkParameter = (schema: Parameter, value: unknown, path: string): ParameterFault[] =>
	faultsOf(schema, value, path);

/**
 * Checks a task's parameters against its type's schema, as the coordinator does: the same values fit. What is left out
 * gets its default in the answer; what was given is not touched.
 */
export const checkParameters = (
	schema: ParameterSchema,
	given: unknown,
): { value: Record<string, Json>; faults: ParameterFault[] } => {
	if (!isObject(given)) return { value: {}, faults: [{ path: '', message: faultWords.type({ type: 'object' }) }] };
	const value = withDefaults(schema, given);
	return { value: value as Record<string, Json>, faults: objectFaults(schema, value, '') };
};
