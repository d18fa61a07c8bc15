import { Button, Radio, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { submitAll } from '../../../shared/client/submit-all.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { SchemaForm, type SchemaFormHandle } from '../../kit/form/schema-form.tsx';
import { useParameterForm } from '../../kit/form/use-parameter-form.ts';
import { formatBytes, formatCount, plural } from '../../kit/format.ts';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../remote/api.ts';
import { errorText } from '../remote/error-text.ts';
import { keys } from '../remote/keys.ts';
import { queryClient } from '../remote/query-client.ts';
import { ClassChoice } from './class-choice.tsx';
import { Equivalent } from './equivalent.tsx';
import { tasksOf, type Wish } from './equivalents.ts';
import { fitOf, inputsOf, type Spread, usualSpread } from './fit.ts';
import classes from './process.module.css';
import type { SelectedFile } from './selected-files.ts';
import { serverFaults } from './server-faults.ts';

/** What follows the choice of a type: its settings, how soon, and what is about to happen. */
export const ProcessForm = ({ type, files: selected }: { type: Manifest; files: readonly SelectedFile[] }) => {
	const navigate = useNavigate();
	const fit = fitOf(type, selected);
	const form = useParameterForm(type.parameters, {});
	const handle = useRef<SchemaFormHandle>(null);
	const [spread, setSpread] = useState<Spread>(() => usualSpread(fit, type));
	const [serviceClass, setServiceClass] = useState<string | null>(null);
	const [started, setStarted] = useState(0);
	const wish: Wish = { type: type.name, files: fit.files, spread, parameters: form.values, serviceClass };
	const tasks = inputsOf(fit.files, spread).length;
	const left = selected.length - fit.files.length;

	const start = useMutation({
		// What is on its way already is not sent again when the rest is tried once more.
		mutationFn: () =>
			submitAll(http, tasksOf(wish).slice(started), { onStarted: (count) => setStarted(started + count) }),
		onSuccess: async (ids) => {
			await queryClient.invalidateQueries({ queryKey: keys.taskLists });
			for (const { id } of fit.files) void queryClient.invalidateQueries({ queryKey: keys.file(id) });
			notifyDone(`${plural(tasks, 'task')} submitted: ${type.title}`);
			void navigate(tasks === 1 && ids[0] !== undefined ? `/tasks/${ids[0]}` : `/tasks?type=${type.name}`);
		},
		onError(error) {
			const { fields } = serverFaults(error);
			if (fields.length === 0) return;
			form.refuse(fields);
			handle.current?.showFaults();
		},
	});
	const submit = () => {
		if (form.check()) start.mutate();
		else handle.current?.showFaults();
	};

	return (
		<form
			className={classes.steps}
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				submit();
			}}
		>
			<section className={classes.step} aria-labelledby="process-settings">
				<h2 id="process-settings">Settings</h2>
				{Object.keys(type.parameters.properties).length === 0 ? (
					<p className={classes.note}>{type.title} has nothing to set.</p>
				) : (
					<SchemaForm form={form} ref={handle} />
				)}
			</section>
			<section className={classes.step} aria-labelledby="process-class">
				<h2 id="process-class">How soon</h2>
				<ClassChoice type={type.name} chosen={serviceClass} onChoose={setServiceClass} />
			</section>
			<section className={classes.step} aria-labelledby="process-review">
				<h2 id="process-review">Review</h2>
				{fit.canEach && fit.canTogether && fit.files.length > 1 && started === 0 && (
					<Radio.Group
						label="Tasks"
						mb="md"
						value={spread}
						onChange={(value) => setSpread(value === 'together' ? 'together' : 'each')}
					>
						<Stack gap={8} mt={8}>
							<Radio value="together" label={`One task for all ${formatCount(fit.files.length)} files`} />
							<Radio value="each" label="A task for each file" />
						</Stack>
					</Radio.Group>
				)}
				<p className={classes.sentence}>
					<strong>{plural(tasks, 'task')}</strong> of {type.title} on {plural(fit.files.length, 'file')},{' '}
					{formatBytes(fit.files.reduce((sum, { size }) => sum + size, 0))} in all. Outputs stay with{' '}
					{tasks === 1 ? 'the task' : 'each task'}.
				</p>
				{left > 0 && (
					<p className={classes.sentence}>
						{plural(left, 'file is', 'files are')} left out: {type.title} does not take {left === 1 ? 'its' : 'their'}{' '}
						kind.
					</p>
				)}
				<Equivalent wish={wish} />
				{start.isError && <Failure error={start.error} wish={wish} started={started} />}
				<Button type="submit" size="md" mt="lg" loading={start.isPending}>
					{started > 0 ? `Submit the other ${formatCount(tasks - started)}` : `Submit ${plural(tasks, 'task')}`}
				</Button>
			</section>
		</form>
	);
};

/** Why nothing, or not all, was submitted: settings are told at their fields, files by name, the rest in words. */
const Failure = ({ error, wish, started }: { error: Error; wish: Wish; started: number }) => {
	const { fields, inputs, rest } = serverFaults(error);
	const all = inputsOf(wish.files, wish.spread);
	const files = inputs.map(
		({ task, input, message }) => `${all[started + task]?.[input]?.name ?? 'A file'} ${message}`,
	);
	const told = [...files, ...rest];
	return (
		<div className={classes.failure} role="alert">
			{started > 0 && <p>{plural(started, 'task')} of them are submitted, the others are not.</p>}
			{told.length > 0 ? (
				<ul>
					{told.slice(0, 10).map((one) => (
						<li key={one}>{one}</li>
					))}
				</ul>
			) : (
				<p>{fields.length > 0 ? 'Some settings were not taken; see above.' : errorText(error)}</p>
			)}
		</div>
	);
};
