import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Json } from '../../../shared/protocol/json.ts';
import type { Parameter } from '../../../shared/protocol/parameter-schema.ts';
import type { FieldProps } from './field-props.ts';
import { defaultWords } from './field-words.ts';
import classes from './form.module.css';

type NumberSchema = Extract<Parameter, { type: 'integer' | 'number' }>;

/** A number where it is one; else the text itself, so that it is told what does not fit and nothing is lost. */
export const readNumber = (text: string): Json | undefined => {
	const trimmed = text.trim();
	if (trimmed === '') return undefined;
	return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : text;
};

/** A number, written. `1.` on the way to `1.5` stays as it is while the field has it. */
export const NumberField = ({ schema, value, ...field }: FieldProps<NumberSchema>) => {
	const [text, setText] = useState('');
	const shown = readNumber(text) === value ? text : value === undefined ? '' : String(value);
	const [least, most] = [schema.minimum, schema.maximum];
	if (schema['x-ui']?.widget === 'slider' && least !== undefined && most !== undefined) {
		return <SliderField {...{ schema, value, ...field }} least={least} most={most} />;
	}
	return (
		<TextInput
			id={field.id}
			label={field.label}
			description={field.help}
			error={field.fault}
			withAsterisk={field.isRequired}
			aria-required={field.isRequired}
			className={classes.number!}
			inputMode={schema.type === 'integer' && (least ?? -1) >= 0 ? 'numeric' : 'text'}
			autoComplete="off"
			placeholder={schema['x-ui']?.placeholder ?? defaultWords(schema) ?? undefined}
			value={shown}
			onChange={(event) => {
				setText(event.currentTarget.value);
				field.onChange(readNumber(event.currentTarget.value));
			}}
			onBlur={field.onLeave}
		/>
	);
};

const SliderField = ({ schema, value, ...field }: FieldProps<NumberSchema> & { least: number; most: number }) => {
	const at = typeof value === 'number' ? value : (schema.default ?? field.least);
	const helpId = `${field.id}-help`;
	return (
		<div className={classes.slider}>
			<label htmlFor={field.id}>{field.label}</label>
			<p id={helpId} className={classes.sliderHelp}>
				{field.help}
			</p>
			<div>
				<input
					id={field.id}
					type="range"
					min={field.least}
					max={field.most}
					step={schema.multipleOf ?? (schema.type === 'integer' ? 1 : 'any')}
					value={at}
					aria-describedby={helpId}
					aria-invalid={field.fault !== null}
					onChange={(event) => field.onChange(Number(event.currentTarget.value))}
					onBlur={field.onLeave}
				/>
				<output htmlFor={field.id}>{at}</output>
			</div>
			{field.fault !== null && <p className={classes.fault}>{field.fault}</p>}
		</div>
	);
};
