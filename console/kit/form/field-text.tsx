import { Textarea, TextInput } from '@mantine/core';
import type { Parameter } from '../../../shared/protocol/parameter-schema.ts';
import type { FieldProps } from './field-props.ts';
import { defaultWords } from './field-words.ts';

type TextSchema = Extract<Parameter, { type: 'string' }>;

const MODES = { uri: 'url', email: 'email', 'date-time': 'text' } as const;

/** Text on one line, or on several. An empty field is a value left out. */
export const TextField = ({ schema, value, ...field }: FieldProps<TextSchema>) => {
	const ui = schema['x-ui'];
	const shared = {
		id: field.id,
		label: field.label,
		description: field.help,
		error: field.fault,
		withAsterisk: field.isRequired,
		'aria-required': field.isRequired,
		value: typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value),
		placeholder: ui?.placeholder ?? defaultWords(schema) ?? undefined,
		autoComplete: 'off',
		spellCheck: false,
		onChange: (event: { currentTarget: { value: string } }) =>
			field.onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value),
		onBlur: field.onLeave,
	};
	if (ui?.widget === 'textarea') return <Textarea {...shared} autosize minRows={ui.rows ?? 3} maxRows={14} />;
	return <TextInput {...shared} inputMode={schema.format === undefined ? 'text' : MODES[schema.format]} />;
};
