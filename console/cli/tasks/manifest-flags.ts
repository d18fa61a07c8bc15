import { parameterTitle } from '../../../shared/parameter-faults.ts';
import type { Parameter, ParameterSchema } from '../../../shared/protocol/parameter-schema.ts';
import { usageError } from '../failure.ts';
import type { GivenParameter } from './parameters.ts';

/** `stripMetadata` -> `strip-metadata`. Two names never make the same flag: names hold no dashes. */
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export interface ManifestFlag {
	/** The parameter. */
	name: string;
	/** `--width`; null where the command has an option of that name: then it is given with `--param`. */
	flag: string | null;
	schema: Parameter;
	required: boolean;
}

/** The flags of a task type's parameters, in the manifest's order; `taken` are the command's own (`--json`). */
export const manifestFlags = (schema: ParameterSchema, taken: ReadonlySet<string>): ManifestFlag[] =>
	Object.entries(schema.properties).map(([name, one]) => {
		const flag = `--${kebab(name)}`;
		const isTaken = taken.has(flag) || (one.type === 'boolean' && taken.has(`--no-${kebab(name)}`));
		return { name, flag: isTaken ? null : flag, schema: one, required: schema.required.includes(name) };
	});

const noFlag = (token: string, flags: readonly ManifestFlag[]): never => {
	const known = flags.flatMap(({ flag }) => (flag === null ? [] : [flag])).join(', ') || 'none of its own';
	throw usageError(
		`There is no option ${token}; the task type has: ${known}. A file of that name is written /${token}.`,
	);
};

/**
 * What the command's own options have left: files, and `--width 200`, `--width=200`, `--enlarge`, `--no-enlarge`, in
 * any order.
 */
export const readFlags = (
	tokens: readonly string[],
	flags: readonly ManifestFlag[],
): { files: string[]; given: GivenParameter[] } => {
	const byFlag = new Map(flags.flatMap((one) => (one.flag === null ? [] : [[one.flag, one] as const])));
	const files: string[] = [];
	const given: GivenParameter[] = [];
	const left = [...tokens];
	for (let token = left.shift(); token !== undefined; token = left.shift()) {
		if (!token.startsWith('--')) {
			files.push(token);
			continue;
		}
		const at = token.indexOf('=');
		const written = at === -1 ? token : token.slice(0, at);
		const positive = byFlag.get(written);
		const negative = at === -1 ? byFlag.get(written.replace(/^--no-/, '--')) : undefined;
		if (positive) {
			const isSwitch = positive.schema.type === 'boolean';
			const text = at !== -1 ? token.slice(at + 1) : isSwitch ? 'true' : left.shift();
			if (text === undefined) throw usageError(`${written} needs a value.`);
			given.push({ name: positive.name, text });
		} else if (negative?.schema.type === 'boolean') given.push({ name: negative.name, text: 'false' });
		else noFlag(token, flags);
	}
	return { files, given };
};

const VALUE_WORDS: Record<string, string> = { string: 'TEXT', integer: 'N', number: 'N', object: 'JSON' };

const placeholderOf = (schema: Parameter): string => {
	if (schema.type === 'array') return `${placeholderOf(schema.items)}…`;
	if ('enum' in schema && schema.enum !== undefined && schema.enum.length <= 8) return schema.enum.join('|');
	return VALUE_WORDS[schema.type ?? 'object'] ?? '';
};

const termOf = ({ name, flag, schema }: ManifestFlag): string => {
	if (flag === null) return `--param ${name}=${placeholderOf(schema)}`;
	if (schema.type === 'boolean') return `${flag}, --no-${flag.slice(2)}`;
	return `${flag} <${placeholderOf(schema)}>`;
};

const boundsOf = (schema: Parameter): string[] => {
	if (schema.type !== 'integer' && schema.type !== 'number') return schema.type === 'array' ? ['repeatable'] : [];
	const { minimum, maximum } = schema;
	if (minimum !== undefined && maximum !== undefined) return [`${minimum} to ${maximum}`];
	if (minimum !== undefined) return [`${minimum} or more`];
	return maximum === undefined ? [] : [`${maximum} or less`];
};

const wordsOf = ({ name, schema, required }: ManifestFlag): string => {
	const { description } = schema;
	const preset =
		'default' in schema && schema.default !== undefined ? [`default: ${JSON.stringify(schema.default)}`] : [];
	const notes = [...(required ? ['needed'] : []), ...boundsOf(schema), ...preset];
	const title = parameterTitle(name, schema);
	return `${title}${description === undefined ? '' : `: ${description}`}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`;
};

/** The flags as a part of `--help`. */
export const flagsHelp = (type: string, flags: readonly ManifestFlag[]): string => {
	if (flags.length === 0) return `The task type ${type} has no parameters.`;
	const terms = flags.map(termOf);
	const width = Math.max(...terms.map(({ length }) => length));
	const lines = flags.map((flag, i) => `  ${(terms[i] ?? '').padEnd(width)}  ${wordsOf(flag)}`);
	return [`Parameters of ${type}:`, ...lines].join('\n');
};
