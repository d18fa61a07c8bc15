import { Switch, Textarea, TextInput } from '@mantine/core';
import { memo } from 'react';
import { plainSettings } from '../../../shared/protocol/service-class.ts';
import page from '../../kit/shell/page.module.css';
import { type ClassField, FIELD_GROUPS } from './class-fields.ts';
import classes from './classes.module.css';
import { settingWords, valueAt } from './setting-values.ts';
import type { ClassEditor } from './use-class-editor.ts';
import { words } from './words.ts';

const PLAIN = plainSettings();

/** The id of a setting's control. */
export const fieldId = (path: string): string => `class-${path}`;

interface FieldProps {
	field: ClassField;
	text: string;
	fault: string | undefined;
	onChange(path: string, text: string): void;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`.replace(/\.\.$/, '.');

/** What a setting does, and what it is when nothing is said. */
const helpOf = (field: ClassField): string =>
	field.kind === 'text' || field.kind === 'switch'
		? field.help
		: `${field.help} ${words.plain(settingWords(field, valueAt(PLAIN, field.path)))}`;

/** Inputs beside each other stand in line, however long what is said of them is. */
const ORDER: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'error', 'description'];

/** One setting: what it is called, what it does, what a plain class has, and what does not fit. */
const SettingField = memo(({ field, text, fault, onChange }: FieldProps) => {
	const { path, label, kind, unit } = field;
	const shared = {
		id: fieldId(path),
		label,
		description: helpOf(field),
		error: fault === undefined ? undefined : sentence(fault),
	};
	if (kind === 'switch') {
		const toggle = (isOn: boolean) => onChange(path, String(isOn));
		return <Switch {...shared} checked={text === 'true'} onChange={(event) => toggle(event.currentTarget.checked)} />;
	}
	if (kind === 'rate') return <RateField {...{ field, text, fault, onChange }} />;
	const control = {
		...shared,
		value: text,
		autoComplete: 'off',
		spellCheck: false,
		inputWrapperOrder: ORDER,
		onChange: (event: { currentTarget: { value: string } }) => onChange(path, event.currentTarget.value),
	};
	if (kind === 'text' || kind === 'names' || kind === 'types') {
		return (
			<Textarea
				{...control}
				{...(kind === 'text' ? { className: classes.whole! } : {})}
				autosize
				minRows={kind === 'text' ? 1 : 2}
				maxRows={10}
			/>
		);
	}
	return (
		<TextInput
			{...control}
			{...(unit === undefined
				? {}
				: { rightSection: <span className={classes.unit}>{unit}</span>, rightSectionWidth: 96 })}
		/>
	);
});

/** Two numbers: so many a minute, and so many at once after a rest. */
const RateField = ({ field, text, fault, onChange }: FieldProps) => {
	const [minute = '', burst = ''] = text.split(':');
	const part = (label: string, value: string, write: (value: string) => string, id?: string) => (
		<TextInput
			{...(id === undefined ? {} : { id })}
			aria-label={`${field.label}, ${label}`}
			aria-invalid={fault !== undefined}
			value={value}
			autoComplete="off"
			rightSection={<span className={classes.unit}>{label}</span>}
			rightSectionWidth={84}
			onChange={(event) => onChange(field.path, write(event.currentTarget.value.replaceAll(':', '')))}
		/>
	);
	return (
		<fieldset className={classes.rate}>
			<legend>{field.label}</legend>
			<div>
				{part(words.perMinute, minute, (value) => `${value}:${burst}`, fieldId(field.path))}
				{part(words.atOnce, burst, (value) => `${minute}:${value}`)}
			</div>
			{fault !== undefined && <p className={page.fault}>{sentence(fault)}</p>}
			<p className={classes.help}>{helpOf(field)}</p>
		</fieldset>
	);
};

/** Every setting of a class, grouped by what it is about. */
export const ClassForm = ({ editor }: { editor: ClassEditor }) => (
	<>
		{FIELD_GROUPS.map(({ title, fields }) => (
			<section key={title} className={page.card} aria-label={title}>
				<h2>{title}</h2>
				<div className={classes.fields}>
					{fields.map((field) => (
						<SettingField
							key={field.path}
							field={field}
							text={editor.draft[field.path] ?? ''}
							fault={editor.faults[field.path]}
							onChange={editor.set}
						/>
					))}
				</div>
			</section>
		))}
	</>
);
