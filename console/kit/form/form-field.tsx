import { memo } from 'react';
import type { ParameterFault } from '../../../shared/parameter-check.ts';
import type { Json } from '../../../shared/protocol/json.ts';
import type { Parameter } from '../../../shared/protocol/parameter-schema.ts';
import { ChoiceField, SwitchField } from './field-choice.tsx';
import { JsonField } from './field-json.tsx';
import { ListField } from './field-list.tsx';
import { NumberField } from './field-number.tsx';
import type { FieldProps } from './field-props.ts';
import { TextField } from './field-text.tsx';
import { helpOf, labelOf } from './field-words.ts';
import classes from './form.module.css';
import type { FormAct } from './form-state.ts';

/** The control for one value. */
const Control = ({ schema, ...field }: FieldProps<Parameter>) => {
	switch (schema.type) {
		case 'boolean':
			return <SwitchField {...field} schema={schema} />;
		case 'array':
			return <ListField {...field} schema={schema} />;
		case 'integer':
		case 'number':
			return schema.enum ? <ChoiceField {...field} schema={schema} /> : <NumberField {...field} schema={schema} />;
		case 'string':
			return schema.enum ? <ChoiceField {...field} schema={schema} /> : <TextField {...field} schema={schema} />;
		default:
			return <JsonField {...field} schema={schema} />;
	}
};

interface Placed {
	/** Before the path, in the ids of controls. */
	idPrefix: string;
	/** What is told of it and of what lies in it. */
	faults: readonly ParameterFault[];
	act(act: FormAct): void;
}

interface OneProps extends Placed {
	path: string;
	name: string;
	schema: Parameter;
	value: Json | undefined;
	isRequired: boolean;
	onChange(value: Json | undefined): void;
}

const One = ({ act, idPrefix, faults: all, path, name, schema, value, isRequired, onChange }: OneProps) => {
	const faults = all.filter((fault) => fault.path === path || fault.path.startsWith(`${path}.`));
	const wordsOf = ({ path: at, message }: ParameterFault) =>
		at === path ? message : `entry ${Number(at.slice(path.length + 1)) + 1} ${message}`;
	return (
		<Control
			id={`${idPrefix}-${path}`}
			label={labelOf(name, schema)}
			help={helpOf(schema)}
			schema={schema}
			value={value}
			isRequired={isRequired}
			fault={faults.length === 0 ? null : sentence(faults.slice(0, 3).map(wordsOf).join('; '))}
			onChange={onChange}
			onBroken={(fault) => act({ kind: 'broken', path, fault })}
			onLeave={() => act({ kind: 'touch', path })}
		/>
	);
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

interface FieldOfForm extends Placed {
	name: string;
	schema: Parameter;
	value: Json | undefined;
	isRequired: boolean;
}

const isSame = (before: FieldOfForm, after: FieldOfForm): boolean =>
	before.name === after.name &&
	before.schema === after.schema &&
	before.value === after.value &&
	before.isRequired === after.isRequired &&
	before.idPrefix === after.idPrefix &&
	before.act === after.act &&
	before.faults.length === after.faults.length &&
	before.faults.every(({ path, message }, i) => path === after.faults[i]?.path && message === after.faults[i]?.message);

/**
 * A parameter: one control, or a group of them for values with names. A key that is pressed in one field draws that
 * one only: of sixty-four, all would take longer than a key may.
 */
export const FormField = memo(({ name, schema, value, isRequired, ...placed }: FieldOfForm) => {
	const { act, faults, idPrefix } = placed;
	const set = (next: Json | undefined) => act({ kind: 'set', name, value: next });
	if (schema.type !== 'object') {
		return <One {...placed} {...{ name, schema, value, isRequired }} path={name} onChange={set} />;
	}
	const inner = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
	const setInner = (key: string, next: Json | undefined) => {
		const { [key]: _, ...others } = inner;
		const all = next === undefined ? others : { ...others, [key]: next };
		set(Object.keys(all).length === 0 && !isRequired ? undefined : all);
	};
	const own = faults.find(({ path }) => path === name);
	return (
		<fieldset className={classes.group} id={`${idPrefix}-${name}`} tabIndex={-1}>
			<legend>{labelOf(name, schema)}</legend>
			{schema.description !== undefined && <p className={classes.groupHelp}>{schema.description}</p>}
			{own && <p className={classes.fault}>{sentence(own.message)}</p>}
			{Object.entries(schema.properties).map(([key, one]) => (
				<One
					key={key}
					{...placed}
					path={`${name}.${key}`}
					name={key}
					schema={one}
					value={inner[key]}
					isRequired={isRequired && schema.required.includes(key)}
					onChange={(next) => setInner(key, next)}
				/>
			))}
		</fieldset>
	);
}, isSame);
