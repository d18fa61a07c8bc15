import type { JsonSchema } from './openapi.ts';

const LONGEST_LINE = 90;

/** A JSON Schema as people write types: `{ id: string, priority?: integer 0…9 }`. */
export const shapeText = (schema: JsonSchema, indent = ''): string => {
	const options = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
	if (options) return options.map((option) => shapeText(option, indent)).join(' | ');
	if (Array.isArray(schema.allOf)) return schema.allOf.map((part: JsonSchema) => shapeText(part, indent)).join(' & ');
	if ('const' in schema) return JSON.stringify(schema.const);
	if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
	if (schema.type === 'array') return listText(schema, indent);
	if (schema.type === 'object') return objectText(schema, indent);
	return plainText(schema);
};

const listText = (schema: JsonSchema, indent: string): string => {
	const item = shapeText((schema.items ?? {}) as JsonSchema, indent);
	const list = item.includes(' | ') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
	return list + boundsText(schema.minItems, schema.maxItems);
};

const objectText = (schema: JsonSchema, indent: string): string => {
	const required = (schema.required ?? []) as string[];
	const inner = `${indent}  `;
	const fields = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).map(([name, field]) => {
		const fallback = 'default' in field ? ` = ${JSON.stringify(field.default)}` : '';
		return `${name}${required.includes(name) ? '' : '?'}: ${shapeText(field, inner)}${fallback}`;
	});
	const others = schema.additionalProperties;
	if (typeof others === 'object' && others !== null) {
		fields.push(`[name]: ${shapeText(others as JsonSchema, inner)}`);
	}
	if (fields.length === 0) return '{}';
	const line = `{ ${fields.join(', ')} }`;
	if (line.length + indent.length <= LONGEST_LINE && !line.includes('\n')) return line;
	return `{\n${fields.map((field) => `${inner}${field}`).join('\n')}\n${indent}}`;
};

const plainText = (schema: JsonSchema): string => {
	const type = Array.isArray(schema.type)
		? schema.type.join(' | ')
		: ((schema.type as string | undefined) ?? 'any JSON');
	if (schema.type === 'string') {
		const format = typeof schema.format === 'string' ? ` (${schema.format})` : '';
		return type + format + boundsText(schema.minLength, schema.maxLength);
	}
	return type + boundsText(schema.minimum, schema.maximum);
};

/** Bounds that say nothing, such as the largest exact integer, are left out. */
const boundsText = (least: unknown, most: unknown): string => {
	const isBound = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) < 2 ** 53 - 1;
	if (isBound(least) && isBound(most)) return least === most ? ` ${least}` : ` ${least}…${most}`;
	if (isBound(least)) return least === 0 ? '' : ` ${least}…`;
	return isBound(most) ? ` …${most}` : '';
};
