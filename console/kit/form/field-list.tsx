import { Checkbox, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Json } from '../../../shared/protocol/json.ts';
import type { Parameter } from '../../../shared/protocol/parameter-schema.ts';
import { readNumber } from './field-number.tsx';
import type { FieldProps } from './field-props.ts';

type ListSchema = Extract<Parameter, { type: 'array' }>;

const TRUTHS = new Map([
	['true', true],
	['yes', true],
	['false', false],
	['no', false],
]);

const readItem = (text: string, { type }: ListSchema['items']): Json => {
	if (type === 'string') return text;
	if (type === 'boolean') return TRUTHS.get(text.toLowerCase()) ?? text;
	return readNumber(text) ?? text;
};

/** A line is an entry; empty lines are none. */
export const readList = (text: string, items: ListSchema['items']): Json[] | undefined => {
	const lines = text.split('\n').filter((line) => line.trim() !== '');
	return lines.length === 0 ? undefined : lines.map((line) => readItem(line.trim(), items));
};

const asText = (value: Json | undefined): string =>
	Array.isArray(value)
		? value.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join('\n')
		: value === undefined
			? ''
			: JSON.stringify(value);

/** A list: boxes to tick where the choices are known, else an entry on each line. */
export const ListField = ({ schema, value, ...field }: FieldProps<ListSchema>) => {
	const [text, setText] = useState('');
	const { items } = schema;
	const shared = {
		label: field.label,
		error: field.fault,
		withAsterisk: field.isRequired,
	};
	if ('enum' in items && items.enum !== undefined) {
		const choices: readonly (string | number)[] = items.enum;
		const given = Array.isArray(value) ? value : (schema.default ?? []);
		const choose = (texts: string[]) => field.onChange(choices.filter((one) => texts.includes(String(one))));
		return (
			<Checkbox.Group
				id={field.id}
				description={field.help}
				{...shared}
				value={given.map(String)}
				onChange={choose}
				onBlur={field.onLeave}
			>
				<Stack gap={8} mt={8}>
					{choices.map((one) => (
						<Checkbox key={one} value={String(one)} label={String(one)} />
					))}
				</Stack>
			</Checkbox.Group>
		);
	}
	const isSame = JSON.stringify(readList(text, items)) === JSON.stringify(value);
	return (
		<Textarea
			id={field.id}
			{...shared}
			description={[field.help, 'One on each line.'].filter((one) => one !== '').join('. ')}
			aria-required={field.isRequired}
			placeholder={schema['x-ui']?.placeholder ?? (schema.default ? asText(schema.default as Json[]) : undefined)}
			autosize
			minRows={schema['x-ui']?.rows ?? 2}
			maxRows={14}
			spellCheck={false}
			value={isSame ? text : asText(value)}
			onChange={(event) => {
				setText(event.currentTarget.value);
				field.onChange(readList(event.currentTarget.value, items));
			}}
			onBlur={field.onLeave}
		/>
	);
};
