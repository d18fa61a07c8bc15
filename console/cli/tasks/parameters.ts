import type { Json } from '../../../shared/protocol/json.ts';
import { usageError } from '../failure.ts';

type Schema = Record<string, Json>;

const isObject = (value: Json | undefined): value is Schema =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: string): Json | undefined => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};

/** The types that a schema allows; none when it does not say. */
const typesOf = (schema: Schema): string[] => {
	if (Array.isArray(schema.type)) return schema.type.map(String);
	if (typeof schema.type === 'string') return [schema.type];
	const parts = [schema.anyOf, schema.oneOf].flatMap((some) => (Array.isArray(some) ? some : [])).filter(isObject);
	if (parts.length > 0) return parts.flatMap(typesOf);
	const values = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const ?? null] : [];
	return [...new Set(values.map((value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)))];
};

/** The text as a value of that type; undefined when it is none. */
const readAs: Record<string, (text: string) => Json | undefined> = {
	string: (text) => text,
	integer: (text) => (/^[+-]?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined),
	number: (text) => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined),
	boolean: (text) => ({ true: true, false: false, yes: true, no: false })[text.toLowerCase()],
	null: (text) => (text === 'null' || text === '' ? null : undefined),
	object: (text) => {
		const value = parsed(text);
		return isObject(value) ? value : undefined;
	},
	array: (text) => {
		const value = parsed(text);
		return Array.isArray(value) ? value : undefined;
	},
};
/** A string takes everything, so it comes last. */
const ORDER = ['null', 'boolean', 'integer', 'number', 'object', 'array', 'string'];

const readValue = (name: string, text: string, schema: Schema): Json => {
	const types = typesOf(schema);
	// Nothing is said: JSON if it is some, otherwise the text itself.
	if (types.length === 0) return parsed(text) ?? text;
	for (const type of ORDER) {
		const value = types.includes(type) ? readAs[type]?.(text) : undefined;
		if (value !== undefined) return value;
	}
	throw usageError(`The parameter ${name} must be of type ${types.join(' or ')}; “${text}” is not.`);
};

const readPair = (pair: string): [string, string] => {
	const at = pair.indexOf('=');
	if (at < 1) throw usageError(`${pair} is no parameter: write --param name=value.`);
	return [pair.slice(0, at), pair.slice(at + 1)];
};

/** The parameters of `--param name=value`, each typed as the task type's JSON Schema says; repeated ones make a list. */
export const readParameters = (pairs: readonly string[], schema: Schema): Record<string, Json> => {
	const properties = isObject(schema.properties) ? schema.properties : {};
	const texts = new Map<string, string[]>();
	for (const [name, text] of pairs.map(readPair)) {
		if (!Object.hasOwn(properties, name) && schema.additionalProperties === false) {
			const known = Object.keys(properties).join(', ') || 'none';
			throw usageError(`There is no parameter ${name}; the task type has: ${known}.`);
		}
		texts.set(name, [...(texts.get(name) ?? []), text]);
	}
	const values = [...texts].map(([name, [first = '', ...more]]): [string, Json] => {
		const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
		const one = isObject(own) ? own : {};
		const isList = typesOf(one).includes('array');
		const whole = isList && more.length === 0 ? readAs.array?.(first) : undefined;
		if (whole !== undefined) return [name, whole];
		if (isList)
			return [name, [first, ...more].map((text) => readValue(name, text, isObject(one.items) ? one.items : {}))];
		if (more.length > 0) throw usageError(`The parameter ${name} is given twice.`);
		return [name, readValue(name, first, one)];
	});
	return Object.fromEntries(values);
};

/** The parameters of `--params`: one JSON object. */
export const readParametersJson = (text: string): Record<string, Json> => {
	const value = parsed(text);
	if (!isObject(value)) throw usageError('--params takes one JSON object, such as \'{"width": 200}\'.');
	return value;
};
