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
import type { ParameterForm } from './use-parameter-form.ts';

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
	form: ParameterForm;
	/** Before the path, in the ids of controls. */
	idPrefix: string;
}

interface OneProps extends Placed {
	path: string;
	name: string;
	schema: Parameter;
	value: Json | undefined;
	isRequired: boolean;
	onChange(value: Json | undefined): void;
}

const One = ({ form, idPrefix, path, name, schema, value, isRequired, onChange }: OneProps) => {
	const faults = form.told.filter((fault) => fault.path === path || fault.path.startsWith(`${path}.`));
	const wordsOf = ({ path: at, message }: { path: string; message: string }) =>
		at === path ? message : `entry ${Number(at.slice(path.length + 1)) + 1} ${message}`;
	return (
		<Control
			id={`${idPrefix}-${path}`}
			label={labelOf(name, schema)}
			help={helpOf(schema, isRequired)}
			schema={schema}
			value={value}
			isRequired={isRequired}
			fault={faults.length === 0 ? null : sentence(faults.slice(0, 3).map(wordsOf).join('; '))}
			onChange={onChange}
			onBroken={(fault) => form.act({ kind: 'broken', path, fault })}
			onLeave={() => form.act({ kind: 'touch', path })}
		/>
	);
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** A parameter: one control, or a group of them for values with names. */
export const FormField = ({ form, idPrefix, name }: Placed & { name: string }) => {
	const schema = form.schema.properties[name];
	if (!schema) return null;
	const value = form.state.values[name];
	const set = (next: Json | undefined) => form.act({ kind: 'set', name, value: next });
	const isRequired = form.schema.required.includes(name);
	if (schema.type !== 'object') {
		return <One {...{ form, idPrefix, name, schema, value, isRequired }} path={name} onChange={set} />;
	}
	const inner = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
	const setInner = (key: string, next: Json | undefined) => {
		const { [key]: _, ...others } = inner;
		const all = next === undefined ? others : { ...others, [key]: next };
		set(Object.keys(all).length === 0 && !isRequired ? undefined : all);
	};
	const own = form.told.find(({ path }) => path === name);
	return (
		<fieldset className={classes.group} id={`${idPrefix}-${name}`} tabIndex={-1}>
			<legend>{labelOf(name, schema)}</legend>
			{schema.description !== undefined && <p className={classes.groupHelp}>{schema.description}</p>}
			{own && <p className={classes.fault}>{sentence(own.message)}</p>}
			{Object.entries(schema.properties).map(([key, one]) => (
				<One
					key={key}
					form={form}
					idPrefix={idPrefix}
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
};
