import { Button, Group, NativeSelect, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import { mediaPatternsSchema, type RecipeStep } from '../../../shared/protocol/recipe.ts';
import type { Filing } from '../../../shared/protocol/result.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { SchemaForm, type SchemaFormHandle } from '../../kit/form/schema-form.tsx';
import { useParameterForm } from '../../kit/form/use-parameter-form.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import classes from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTaskTypes } from '../remote/use-tasks.ts';
import { FilingFields } from './filing-fields.tsx';
import { PatternField } from './pattern-field.tsx';
import { filingFault, patternsOf } from './recipe-words.ts';

interface StepFormProps {
	/** What the button says. */
	act: string;
	/** The step as it is; none: a new one. */
	step?: RecipeStep;
	/** Whether what stands before the step is filled in. */
	isReady?: boolean;
	onSave(step: RecipeStep): Promise<unknown>;
	onClose(): void;
	/** Fields before those of the step. */
	children?: ReactNode;
}

/** Asks for one step of a recipe: the task type, its settings, which files, where outputs go. */
export const StepForm = (props: StepFormProps) => {
	const types = useTaskTypes();
	if (types.data === undefined) {
		return types.isError ? (
			<ErrorState error={types.error} what="The task types cannot be read" onRetry={() => void types.refetch()} />
		) : (
			<LoadingState what="the task types" rows={3} />
		);
	}
	// A recipe works on one file at a time.
	const fitting = types.data.items
		.filter(({ inputs }) => inputs.min <= 1 && inputs.max >= 1)
		.sort((a, b) => a.title.localeCompare(b.title));
	return <Choices {...props} types={fitting} />;
};

const Choices = ({ types, ...props }: StepFormProps & { types: readonly Manifest[] }) => {
	const [name, setName] = useState(props.step?.type ?? types[0]?.name ?? '');
	const type = types.find((one) => one.name === name);
	const select = (
		<NativeSelect
			label="What to do"
			description={type?.description}
			data={[
				// A type that is not there any more is shown as what it is, so that another can be chosen.
				...(type === undefined ? [{ value: name, label: `${name} (not there any more)` }] : []),
				...types.map(({ name: value, title }) => ({ value, label: title })),
			]}
			value={name}
			onChange={(event) => setName(event.currentTarget.value)}
		/>
	);
	if (type === undefined) return select;
	return <Settings key={type.name} {...props} type={type} select={select} />;
};

const Settings = (props: StepFormProps & { type: Manifest; select: ReactNode }) => {
	const { type, step, act, isReady = true, onSave, onClose } = props;
	const isSame = step?.type === type.name;
	const form = useParameterForm(type.parameters, isSame ? step.parameters : {});
	const handle = useRef<SchemaFormHandle>(null);
	const [kinds, setKinds] = useState((isSame ? (step.accepts ?? []) : []).join(', '));
	const [filing, setFiling] = useState<Filing>(
		(isSame ? step.results : undefined) ?? { place: 'keep', conflict: 'version' },
	);
	const [tried, setTried] = useState(false);
	const accepts = patternsOf(kinds);
	const fits = (accepts.length === 0 || mediaPatternsSchema.safeParse(accepts).success) && filingFault(filing) === null;
	const puts = type.outputs.some(({ role }) => role === 'file');
	const save = useMutation({
		mutationFn: () => {
			const {
				accepts: _,
				results: __,
				...rest
			} = isSame ? step : { priority: 4, after: [], accepts: [], results: filing };
			return onSave({
				...rest,
				type: type.name,
				parameters: form.values,
				...(accepts.length > 0 ? { accepts } : {}),
				...(puts && filing.place !== 'keep' ? { results: filing } : {}),
			});
		},
		onSuccess: onClose,
	});
	return (
		<form
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				setTried(true);
				if (!form.check()) handle.current?.showFaults();
				else if (fits && isReady) save.mutate();
			}}
		>
			<Stack>
				{props.children}
				{props.select}
				{Object.keys(type.parameters.properties).length > 0 && <SchemaForm form={form} ref={handle} />}
				<PatternField
					label="Only files of these kinds"
					description={`Left empty: ${type.inputs.mediaTypes.join(', ')}`}
					value={kinds}
					isOptional
					onChange={setKinds}
				/>
				{puts && <FilingFields filing={filing} tried={tried} onChange={setFiling} />}
				{save.isError && (
					<p className={classes.fault} role="alert">
						{errorText(save.error)}
					</p>
				)}
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						Close without saving
					</Button>
					<Button type="submit" loading={save.isPending} disabled={!isReady}>
						{act}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
