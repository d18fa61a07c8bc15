import { checkParameters } from '../../../shared/parameter-check.ts';
import type { Json } from '../../../shared/protocol/json.ts';
import type { Parameter, ParameterSchema } from '../../../shared/protocol/parameter-schema.ts';
import { usageError } from '../failure.ts';

/** A parameter as it stands on the command line. */
export interface GivenParameter {
	name: string;
	text: string;
}

const parsed = (text: string): Json | undefined => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};

const isObject = (value: Json | undefined): value is Record<string, Json> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const TRUTHS: Record<string, boolean> = { true: true, false: false, yes: true, no: false };

/** The text as a value of the parameter's type; undefined when it is none. */
const readAs = (schema: Parameter, text: string): Json | undefined => {
	switch (schema.type) {
		case undefined:
			// Any JSON: the text itself if it is none.
			return parsed(text) === undefined ? text : parsed(text);
		case 'string':
			return text;
		case 'integer':
			return /^[+-]?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
		case 'number':
			return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
		case 'boolean':
			return Object.hasOwn(TRUTHS, text.toLowerCase()) ? TRUTHS[text.toLowerCase()] : undefined;
		case 'array': {
			const value = parsed(text);
			return Array.isArray(value) ? value : undefined;
		}
		case 'object': {
			const value = parsed(text);
			return isObject(value) ? value : undefined;
		}
	}
};

const readValue = (name: string, text: string, schema: Parameter): Json => {
	const value = readAs(schema, text);
	if (value !== undefined) return value;
	throw usageError(`The parameter ${name} must be of type ${schema.type}; “${text}” is not.`);
};

/** `--param name=value`. */
export const readPair = (pair: string): GivenParameter => {
	const at = pair.indexOf('=');
	if (at < 1) throw usageError(`${pair} is no parameter: write --param name=value.`);
	return { name: pair.slice(0, at), text: pair.slice(at + 1) };
};

const readTexts = (name: string, texts: readonly string[], schema: Parameter): Json => {
	const [first = '', ...more] = texts;
	if (schema.type === 'array') {
		const whole = more.length === 0 ? readAs(schema, first) : undefined;
		return whole ?? texts.map((text) => readValue(name, text, schema.items));
	}
	if (more.length > 0) throw usageError(`The parameter ${name} is given twice.`);
	return readValue(name, first, schema);
};

/** Parameters of the command line, each of the type that the task type's schema says; repeated ones make a list. */
export const readParameters = (given: readonly GivenParameter[], schema: ParameterSchema): Record<string, Json> => {
	const { properties } = schema;
	const texts = new Map<string, string[]>();
	for (const { name, text } of given) {
		if (!Object.hasOwn(properties, name)) {
			const known = Object.keys(properties).join(', ') || 'none';
			throw usageError(`There is no parameter ${name}; the task type has: ${known}.`);
		}
		texts.set(name, [...(texts.get(name) ?? []), text]);
	}
	return Object.fromEntries([...texts].map(([name, some]) => [name, readTexts(name, some, properties[name] ?? {})]));
};

/** The parameters of `--params`: one JSON object. */
export const readParametersJson = (text: string): Record<string, Json> => {
	const value = parsed(text);
	if (!isObject(value)) throw usageError('--params takes one JSON object, such as \'{"width": 200}\'.');
	return value;
};

/** Throws what the coordinator would say of them, before anything is sent. */
export const requireFitting = (parameters: Record<string, Json>, schema: ParameterSchema): void => {
	const { faults } = checkParameters(schema, parameters);
	if (faults.length === 0) return;
	throw usageError(
		`These parameters do not fit: ${faults.map(({ path, message }) => `${path} ${message}`).join('; ')}.`,
	);
};
