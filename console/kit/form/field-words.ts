import { faultWords, parameterTitle } from '../../../shared/parameter-faults.ts';
import type { Parameter, ParameterSchema } from '../../../shared/protocol/parameter-schema.ts';

const shownValue = (value: unknown): string => {
	if (typeof value === 'string') return value;
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	return Array.isArray(value) ? value.map(shownValue).join(', ') : JSON.stringify(value);
};

/** Null when there is none, or when it is the same as nothing. */
export const defaultWords = (schema: Parameter): string | null =>
	('default' in schema && schema.default !== undefined && shownValue(schema.default)) || null;

const rangeWords = (schema: Parameter): string | null => {
	if (schema.type !== 'integer' && schema.type !== 'number') return null;
	const { minimum, maximum } = schema;
	if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
	const told =
		minimum !== undefined ? faultWords.below(minimum) : maximum !== undefined ? faultWords.above(maximum) : '';
	return told === '' ? null : told.replace(/^must be /, '');
};

/** What stands below a field’s label: what it is, what fits, and what it is when left alone. */
export const helpOf = (schema: Parameter): string => {
	const preset = schema.type === 'boolean' ? null : defaultWords(schema);
	const unset = preset === null ? null : `default ${preset}`;
	const facts = [rangeWords(schema), unset].filter((one) => one !== null).join(', ');
	const { description } = schema;
	if (description === undefined) return facts;
	return facts === '' ? description : `${description.replace(/[.]$/, '')} (${facts})`;
};

export const labelOf = (name: string, schema: Parameter): string => {
	const unit = schema['x-ui']?.unit;
	return `${parameterTitle(name, schema)}${unit === undefined ? '' : ` (${unit})`}`;
};

/** The label of the field at a path: `crop.left` is “Crop: Left”. */
export const labelAt = ({ properties }: ParameterSchema, path: string): string => {
	const [name = '', inner] = path.split('.');
	const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
	if (!schema) return name === '' ? 'The JSON' : `“${name}”`;
	const own = parameterTitle(name, schema);
	if (inner === undefined) return own;
	const within =
		schema.type === 'object' && Object.hasOwn(schema.properties, inner) ? schema.properties[inner] : undefined;
	if (within) return `${own}: ${parameterTitle(inner, within)}`;
	return schema.type === 'array' ? `${own}, entry ${Number(inner) + 1},` : `${own}: “${inner}”`;
};
