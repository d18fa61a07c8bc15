import { Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Json } from '../../../shared/protocol/json.ts';
import type { Parameter } from '../../../shared/protocol/parameter-schema.ts';
import type { FieldProps } from './field-props.ts';
import { defaultWords } from './field-words.ts';
import classes from './form.module.css';
import { readJson } from './form-state.ts';

const asText = (value: Json | undefined): string => (value === undefined ? '' : JSON.stringify(value, null, 2));

/** Any JSON, written as such; what is none is kept and told. */
export const JsonField = ({ schema, value, ...field }: FieldProps<Parameter>) => {
	const [written, setWritten] = useState<{ text: string; value: Json | undefined } | null>(null);
	const text =
		written !== null && JSON.stringify(written.value) === JSON.stringify(value) ? written.text : asText(value);
	const write = (next: string) => {
		const isEmpty = next.trim() === '';
		const read = isEmpty ? { value: undefined } : readJson(next);
		const isBroken = 'fault' in read;
		setWritten({ text: next, value: isBroken ? value : read.value });
		field.onBroken(isBroken ? read.fault : null);
		if (!isBroken) field.onChange(read.value);
	};
	return (
		<Textarea
			id={field.id}
			label={field.label}
			description={[field.help, 'As JSON: text stands in quotes.'].filter((one) => one !== '').join('. ')}
			error={field.fault}
			withAsterisk={field.isRequired}
			aria-required={field.isRequired}
			placeholder={schema['x-ui']?.placeholder ?? defaultWords(schema) ?? undefined}
			classNames={{ input: classes.code! }}
			autosize
			minRows={schema['x-ui']?.rows ?? 2}
			maxRows={14}
			spellCheck={false}
			value={text}
			onChange={(event) => write(event.currentTarget.value)}
			onBlur={field.onLeave}
		/>
	);
};
