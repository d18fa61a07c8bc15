import { NativeSelect, Radio, Stack, Switch } from '@mantine/core';
import type { Parameter } from '../../../shared/protocol/parameter-schema.ts';
import type { FieldProps } from './field-props.ts';

type ChoiceSchema = Extract<Parameter, { type: 'string' | 'integer' | 'number' }>;

/** One of few. The default is among them and says that it is; choosing it again leaves the value out. */
export const ChoiceField = ({ schema, value, ...field }: FieldProps<ChoiceSchema>) => {
	const choices: readonly (string | number)[] = schema.enum ?? [];
	const preset = schema.default;
	const choose = (text: string) => {
		const chosen = choices.find((one) => String(one) === text);
		field.onChange(chosen === preset ? undefined : chosen);
	};
	const wordsOf = (one: string | number) => (one === preset ? `${one} (default)` : String(one));
	const shown = value === undefined ? String(preset ?? '') : String(value);
	const shared = {
		label: field.label,
		description: field.help,
		error: field.fault,
		withAsterisk: field.isRequired,
	};
	if (schema['x-ui']?.widget === 'radio') {
		return (
			<Radio.Group id={field.id} value={shown} onChange={choose} onBlur={field.onLeave} {...shared}>
				<Stack gap={8} mt={8}>
					{choices.map((one) => (
						<Radio key={one} value={String(one)} label={wordsOf(one)} />
					))}
				</Stack>
			</Radio.Group>
		);
	}
	const unset = field.isRequired ? 'Choose…' : 'Not set';
	const options = choices.map((one) => ({ value: String(one), label: wordsOf(one) }));
	return (
		<NativeSelect
			id={field.id}
			{...shared}
			aria-required={field.isRequired}
			data={preset === undefined ? [{ value: '', label: unset }, ...options] : options}
			value={shown}
			onChange={(event) => choose(event.currentTarget.value)}
			onBlur={field.onLeave}
		/>
	);
};

type BooleanSchema = Extract<Parameter, { type: 'boolean' }>;

/** On or off. */
export const SwitchField = ({ schema, value, ...field }: FieldProps<BooleanSchema>) => (
	<Switch
		id={field.id}
		label={field.label}
		description={field.help}
		error={field.fault}
		checked={typeof value === 'boolean' ? value : (schema.default ?? false)}
		onChange={(event) => field.onChange(event.currentTarget.checked)}
		onBlur={field.onLeave}
	/>
);
