import type { Parameter, ParameterSchema } from '../../../shared/protocol/parameter-schema.ts';
import { defaultWords, labelOf } from '../../kit/form/field-words.ts';
import { words } from './words.ts';

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
	if (schema.type === undefined) return words.anyJson;
	if (schema.type === 'array') return words.listOf(schema.items.type);
	return schema.type === 'object' ? words.group : schema.type;
};

const takesOf = (schema: Parameter): string => {
	if ('enum' in schema && schema.enum !== undefined) return schema.enum.join(', ');
	switch (schema.type) {
		case 'integer':
		case 'number': {
			const { minimum, maximum } = schema;
			if (minimum === undefined) return maximum === undefined ? '' : words.atMost(maximum);
			return maximum === undefined ? words.atLeast(minimum) : words.between(minimum, maximum);
		}
		case 'string': {
			const { format, pattern, maxLength } = schema;
			const told = [format, pattern, maxLength === undefined ? undefined : words.charactersAtMost(maxLength)];
			return told.filter((one) => one !== undefined).join(', ');
		}
		case 'array':
			return schema.maxItems === undefined ? '' : words.itemsAtMost(schema.maxItems);
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
