import { Tabs, Textarea } from '@mantine/core';
import { type Ref, useEffect, useId, useImperativeHandle, useRef, useState } from 'react';
import classes from './form.module.css';
import { FormField } from './form-field.tsx';
import { formSections } from './form-sections.ts';
import { fieldOf, JSON_PATH } from './form-state.ts';
import { FormSummary } from './form-summary.tsx';
import type { ParameterForm } from './use-parameter-form.ts';

/** What the page around a form can ask of it. */
export interface SchemaFormHandle {
	/** Brings the error summary into view and gives it the focus. */
	showFaults(): void;
}

type Tab = 'fields' | 'json';

/** A form for the parameters of a task type, by their schema; the same values may be written as JSON. */
export const SchemaForm = ({ form, ref }: { form: ParameterForm; ref?: Ref<SchemaFormHandle> }) => {
	const idPrefix = useId();
	const [tab, setTab] = useState<Tab>('fields');
	const [isOpen, setOpen] = useState(false);
	const summary = useRef<HTMLElement>(null);
	/** Where the focus goes once it is there to be had. */
	const [goal, setGoal] = useState<{ id: string } | null>(null);
	const { schema, state, told } = form;
	const { sections, advanced } = formSections(schema, state.values);

	useEffect(() => {
		if (goal === null) return;
		const target = goal.id === '' ? summary.current : document.getElementById(goal.id);
		const control = target?.matches('input, textarea, select')
			? target
			: target?.querySelector('input, textarea, select');
		(goal.id === '' ? target : ((control as HTMLElement | null) ?? target))?.focus();
	}, [goal]);
	useImperativeHandle(ref, () => ({ showFaults: () => setGoal({ id: '' }) }), []);

	const jsonId = `${idPrefix}-json`;
	const go = (path: string) => {
		const field = fieldOf(schema, path);
		const [name = ''] = field.split('.');
		const isField = Object.hasOwn(schema.properties, name);
		setTab(isField ? 'fields' : 'json');
		if (advanced.includes(name)) setOpen(true);
		setGoal({ id: isField ? `${idPrefix}-${field}` : jsonId });
	};
	const field = (name: string) => <FormField key={name} form={form} idPrefix={idPrefix} name={name} />;
	const jsonFaults = told.filter(
		({ path }) => path === JSON_PATH || !Object.hasOwn(schema.properties, path.split('.')[0] ?? ''),
	);
	const more = advanced.some((name) => told.some(({ path }) => fieldOf(schema, path).split('.')[0] === name));

	return (
		<>
			{state.tried && <FormSummary ref={summary} schema={schema} faults={told} onGo={go} />}
			<Tabs value={tab} onChange={(next) => setTab(next as Tab)} keepMounted={false}>
				<Tabs.List className={classes.tabs!}>
					<Tabs.Tab value="fields">Form</Tabs.Tab>
					<Tabs.Tab value="json">JSON</Tabs.Tab>
				</Tabs.List>
				<Tabs.Panel value="fields">
					{sections.map(({ title, names }) =>
						title === null ? (
							<div key="" className={classes.fields}>
								{names.map(field)}
							</div>
						) : (
							<fieldset key={title} className={classes.group}>
								<legend>{title}</legend>
								{names.map(field)}
							</fieldset>
						),
					)}
					{advanced.length > 0 && (
						<details
							className={classes.more}
							open={isOpen || more}
							onToggle={(event) => setOpen(event.currentTarget.open)}
						>
							<summary>More settings</summary>
							<div className={classes.fields}>{advanced.map(field)}</div>
						</details>
					)}
				</Tabs.Panel>
				<Tabs.Panel value="json">
					<Textarea
						id={jsonId}
						label="Settings as JSON"
						description="The same as in the form. What is left out has its default."
						classNames={{ input: classes.code! }}
						autosize
						minRows={6}
						maxRows={24}
						spellCheck={false}
						error={
							jsonFaults.length === 0
								? null
								: jsonFaults.map(({ path, message }) => `${path || 'This'} ${message}`).join('; ')
						}
						value={state.json ?? JSON.stringify(state.values, null, 2)}
						onChange={(event) => form.act({ kind: 'json', text: event.currentTarget.value })}
					/>
				</Tabs.Panel>
			</Tabs>
		</>
	);
};
