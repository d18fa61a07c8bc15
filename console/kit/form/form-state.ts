import { checkParameters, type ParameterFault } from '../../../shared/parameter-check.ts';
import type { Json } from '../../../shared/protocol/json.ts';
import type { Parameter, ParameterSchema } from '../../../shared/protocol/parameter-schema.ts';
import { jsonErrorAt } from './json-place.ts';

export type Values = Record<string, Json>;

/** What somebody has entered so far. */
export interface FormState {
	/** Only what was given: what is left out gets its default from whoever runs it. */
	values: Values;
	/** Fields whose text is no value at all, and why: `not JSON: line 3`. */
	broken: Readonly<Record<string, string>>;
	/** Fields that were left once: of these one is told what does not fit. */
	touched: readonly string[];
	/** It was to be sent once: from then on everything is told. */
	tried: boolean;
	/** What the server did not take; each stands until its field changes. */
	refused: readonly ParameterFault[];
	/** The text of the JSON tab while it is being written; null: it is the values. */
	json: string | null;
}

export type FormAct =
	| { kind: 'set'; name: string; value: Json | undefined }
	| { kind: 'broken'; path: string; fault: string | null }
	| { kind: 'touch'; path: string }
	| { kind: 'try' }
	| { kind: 'refuse'; faults: readonly ParameterFault[] }
	| { kind: 'json'; text: string };

/** Where faults of the JSON text as a whole stand. */
export const JSON_PATH = '';

export const startForm = (values: Values): FormState => ({
	values,
	broken: {},
	touched: [],
	tried: false,
	refused: [],
	json: null,
});

const without = <T>(record: Readonly<Record<string, T>>, isGone: (path: string) => boolean): Record<string, T> =>
	Object.fromEntries(Object.entries(record).filter(([path]) => !isGone(path)));

const isWithin = (path: string, name: string): boolean => path === name || path.startsWith(`${name}.`);

export const nextForm = (state: FormState, act: FormAct): FormState => {
	switch (act.kind) {
		case 'set': {
			const { name, value } = act;
			const others = without(state.values, (one) => one === name);
			return {
				...state,
				values: value === undefined ? others : { ...others, [name]: value },
				refused: state.refused.filter(({ path }) => !isWithin(path, name)),
				// Whoever goes on in the form has given up what was half written as JSON.
				json: null,
				broken: without(state.broken, (path) => path === JSON_PATH),
			};
		}
		case 'broken': {
			const others = without(state.broken, (path) => path === act.path);
			return { ...state, broken: act.fault === null ? others : { ...others, [act.path]: act.fault } };
		}
		case 'touch':
			return state.touched.includes(act.path) ? state : { ...state, touched: [...state.touched, act.path] };
		case 'try':
			return { ...state, tried: true };
		case 'refuse':
			return { ...state, tried: true, refused: act.faults };
		case 'json': {
			const read = readJsonObject(act.text);
			if ('fault' in read) return { ...state, json: act.text, broken: { [JSON_PATH]: read.fault } };
			return { ...state, json: act.text, values: read.value, broken: {}, refused: [] };
		}
	}
};

const jsonFault = (text: string): string => {
	if (text.trim() === '') return 'is empty; {} stands for no settings';
	const at = jsonErrorAt(text);
	if (at === text.length) return 'is not JSON yet: its end is missing';
	const lines = text.slice(0, at).split('\n');
	return `is not JSON: see line ${lines.length}, character ${(lines.at(-1) ?? '').length + 1}`;
};

/** JSON as it was written, or why it is none. */
export const readJson = (text: string): { value: Json } | { fault: string } => {
	try {
		return { value: JSON.parse(text) as Json };
	} catch {
		return { fault: jsonFault(text) };
	}
};

const readJsonObject = (text: string): { value: Values } | { fault: string } => {
	const read = readJson(text);
	if ('fault' in read) return read;
	const { value } = read;
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value };
	return { fault: 'must be an object: { … }' };
};

/** A parameter that another one hides is neither shown nor sent. */
export const isShown = ({ properties }: ParameterSchema, values: Values, schema: Parameter): boolean => {
	const rule = schema['x-ui']?.showIf;
	if (!rule) return true;
	const other = properties[rule.parameter];
	const preset = other && 'default' in other ? other.default : undefined;
	return (values[rule.parameter] ?? preset) === rule.equals;
};

/** The values without those of hidden fields. What no field is for stays, so that it is told and not dropped. */
export const sentValues = (schema: ParameterSchema, values: Values): Values =>
	without(values, (name) => {
		const one = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
		return one !== undefined && !isShown(schema, values, one);
	});

/** The field where a fault is told: `sizes.3` at `sizes`, `crop.left` at its own. */
export const fieldOf = ({ properties }: ParameterSchema, path: string): string => {
	const [name = '', inner] = path.split('.');
	const isGroup = Object.hasOwn(properties, name) && properties[name]?.type === 'object';
	return isGroup && inner !== undefined ? `${name}.${inner}` : name;
};

/** Everything that keeps the form from being sent. */
export const formFaults = (schema: ParameterSchema, state: FormState): ParameterFault[] => {
	const broken = Object.entries(state.broken).map(([path, message]) => ({ path, message }));
	const { faults } = checkParameters(schema, sentValues(schema, state.values));
	const known = [...broken, ...faults.filter(({ path }) => !Object.hasOwn(state.broken, path))];
	return [...known, ...state.refused.filter(({ path }) => !known.some((fault) => fault.path === path))];
};

/** Of these, what is told now. */
export const toldFaults = (schema: ParameterSchema, state: FormState): ParameterFault[] => {
	const faults = formFaults(schema, state);
	if (state.tried) return faults;
	return faults.filter(({ path }) => path in state.broken || state.touched.includes(fieldOf(schema, path)));
};
