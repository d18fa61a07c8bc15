import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { changeSchedule, createSchedule } from '../../../shared/client/schedules.ts';
import type { TaskSchedule } from '../../../shared/protocol/schedule.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { SchemaForm, type SchemaFormHandle } from '../../kit/form/schema-form.tsx';
import { useParameterForm } from '../../kit/form/use-parameter-form.ts';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { ClassChoice } from '../process/class-choice.tsx';
import { serverFaults } from '../process/server-faults.ts';
import { keys } from '../remote/keys.ts';
import { InputsField, inputsFault } from './inputs-field.tsx';
import { PolicyFields, USUAL_POLICY } from './policy-fields.tsx';
import { Preview } from './preview.tsx';
import { draftOfRule, newRule, ruleOf, zoneHere } from './rule-draft.ts';
import classes from './schedules.module.css';
import { TimesFields } from './times-fields.tsx';

interface ScheduleFormProps {
	types: readonly Manifest[];
	typeName: string;
	onType(name: string): void;
	/** As it is; none: a new one. */
	schedule?: TaskSchedule;
}

/** Everything about a schedule: what, when, how soon, and what becomes of times that cannot be kept. */
export const ScheduleForm = ({ types, typeName, onType, schedule }: ScheduleFormProps) => {
	const navigate = useNavigate();
	const [name, setName] = useState(schedule?.name ?? '');
	const [rule, setRule] = useState(() => (schedule ? draftOfRule(schedule) : newRule(zoneHere())));
	const [inputs, setInputs] = useState(schedule?.inputs ?? []);
	const [serviceClass, setServiceClass] = useState<string | null>(schedule?.serviceClass ?? null);
	const [policy, setPolicy] = useState(schedule ?? USUAL_POLICY);
	const type = types.find((one) => one.name === typeName);
	const times = ruleOf(rule);

	const save = async (parameters: TaskSchedule['parameters']) => {
		if (times === null || type === undefined) return;
		const { misfire, overlap, pauseAfter } = policy;
		const draft = {
			...{ name: name.trim(), ...times, type: type.name, parameters, inputs, misfire, overlap, pauseAfter },
			...(serviceClass === null ? {} : { serviceClass }),
			...(schedule?.routingKey === undefined ? {} : { routingKey: schedule.routingKey }),
			...(schedule?.results === undefined ? {} : { results: schedule.results }),
			...(schedule?.secrets === undefined ? {} : { secrets: schedule.secrets }),
			priority: schedule?.priority ?? 4,
		};
		const saved = schedule
			? await changeSchedule(http, schedule.id, draft, schedule.version)
			: await createSchedule(http, draft);
		queryClient.setQueryData(keys.schedule(saved.id), saved);
		await queryClient.invalidateQueries({ queryKey: keys.schedules });
		notifyDone(schedule ? `${saved.name} is changed` : `${saved.name} is made: ${saved.sentence}`);
		await navigate(`/schedules/${saved.id}`);
	};

	const section = (title: string, children: ReactNode) => (
		<section className={pageClasses.card} aria-label={title}>
			<h2>{title}</h2>
			{children}
		</section>
	);
	const what = (settings: ReactNode) => (
		<>
			{section(
				'Name',
				<TextInput
					aria-label="Name"
					required
					withAsterisk={false}
					maxLength={100}
					autoComplete="off"
					placeholder="Such as: check the archive"
					value={name}
					onChange={(event) => setName(event.currentTarget.value)}
				/>,
			)}
			{section(
				'What',
				<div className={classes.stack}>
					<NativeSelect
						label="Task type"
						description={type?.description}
						data={types.map(({ name: value, title }) => ({ value, label: title }))}
						value={typeName}
						onChange={(event) => {
							onType(event.currentTarget.value);
							setInputs([]);
						}}
					/>
					{settings}
					{type && type.inputs.max > 0 && <InputsField type={type} inputs={inputs} onChange={setInputs} />}
				</div>,
			)}
			{section(
				'When',
				<>
					<TimesFields rule={rule} onChange={setRule} />
					<Preview rule={rule} />
				</>,
			)}
			{section('How soon', <ClassChoice type={typeName} chosen={serviceClass} onChoose={setServiceClass} />)}
			{section('When something goes wrong', <PolicyFields policy={policy} onChange={setPolicy} />)}
		</>
	);
	if (type === undefined) return <div className={classes.form}>{what(null)}</div>;
	const missing = [
		name.trim() === '' && 'a name',
		inputsFault(type, inputs) !== null && 'its files',
		times === null && 'when it runs',
	].filter((one) => one !== false);
	return (
		<Saved
			key={type.name}
			type={type}
			parameters={schedule?.type === type.name ? schedule.parameters : {}}
			act={schedule ? 'Save the schedule' : 'Make the schedule'}
			back={schedule ? `/schedules/${schedule.id}` : '/schedules'}
			missing={missing}
			onSave={save}
		>
			{what}
		</Saved>
	);
};

interface SavedProps {
	type: Manifest;
	parameters: TaskSchedule['parameters'];
	act: string;
	back: string;
	/** What is still to be filled in. */
	missing: readonly string[];
	onSave(parameters: TaskSchedule['parameters']): Promise<void>;
	children(settings: ReactNode): ReactNode;
}

/** The form itself, with the settings of its type; another type is another form. */
const Saved = ({ type, parameters, act, back, missing, onSave, children }: SavedProps) => {
	const form = useParameterForm(type.parameters, parameters);
	const handle = useRef<SchemaFormHandle>(null);
	const save = useMutation({
		mutationFn: () => onSave(form.values),
		onError: (error) => {
			const { fields } = serverFaults(error);
			if (fields.length === 0) return;
			form.refuse(fields);
			handle.current?.showFaults();
		},
	});
	return (
		<form
			className={classes.form}
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				if (!form.check()) handle.current?.showFaults();
				else if (missing.length === 0) save.mutate();
			}}
		>
			{children(Object.keys(type.parameters.properties).length > 0 ? <SchemaForm form={form} ref={handle} /> : null)}
			{save.isError && (
				<p className={pageClasses.fault} role="alert">
					{errorText(save.error)}
				</p>
			)}
			<div className={pageClasses.acts}>
				<Button type="submit" size="md" loading={save.isPending} disabled={missing.length > 0}>
					{act}
				</Button>
				<Button component={Link} to={back} size="md" variant="default">
					Leave without saving
				</Button>
			</div>
			{missing.length > 0 && <p className={pageClasses.quiet}>Still missing: {missing.join(', ')}.</p>}
		</form>
	);
};
