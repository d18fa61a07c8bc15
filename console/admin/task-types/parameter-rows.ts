import type { Parameter, ParameterSchema } from '../../../shared/protocol/parameter-schema.ts';
import { defaultWords, labelOf } from '../../kit/form/field-words.ts';

/** One parameter as a line of a table; what lies in a group follows it as `crop.left`. */
export interface ParameterRow {
	name: string;
	label: string;
	kind: string;
	takes: string;
	preset: string | null;
	isRequired: boolean;
	meaning: string;
}

const kindOf = (schema: Parameter): string => {
	if (schema.type === undefined) return 'any JSON';
	if (schema.type === 'array') return `list of ${schema.items.type}s`;
	return schema.type === 'object' ? 'group' : schema.type;
};

const takesOf = (schema: Parameter): string => {
	if ('enum' in schema && schema.enum !== undefined) return schema.enum.join(', ');
	switch (schema.type) {
		case 'integer':
		case 'number': {
			const { minimum, maximum } = schema;
			if (minimum === undefined && maximum === undefined) return '';
			if (maximum === undefined) return `from ${minimum}`;
			return minimum === undefined ? `up to ${maximum}` : `${minimum} to ${maximum}`;
		}
		case 'string': {
			const { format, pattern, maxLength } = schema;
			const told = [format, pattern, maxLength === undefined ? undefined : `${maxLength} characters at most`];
			return told.filter((one) => one !== undefined).join(', ');
		}
		case 'array':
			return schema.maxItems === undefined ? '' : `${schema.maxItems} at most`;
		default:
			return '';
	}
};

const rowOf = (name: string, schema: Parameter, isRequired: boolean): ParameterRow => ({
	...{ name, isRequired, label: labelOf(name.split('.').at(-1) ?? name, schema), kind: kindOf(schema) },
	...{ takes: takesOf(schema), preset: defaultWords(schema), meaning: schema.description ?? '' },
});

/** The parameters of a type in the order of its manifest. */
export const parameterRows = ({ properties, required }: ParameterSchema): ParameterRow[] =>
	Object.entries(properties).flatMap(([name, schema]) => [
		rowOf(name, schema, required.includes(name)),
		...(schema.type === 'object'
			? Object.entries(schema.properties).map(([inner, one]) =>
					rowOf(`${name}.${inner}`, one, schema.required.includes(inner)),
				)
			: []),
	]);
