import { Button, Radio, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { runAgain } from '../../../shared/client/provenance.ts';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { SchemaForm, type SchemaFormHandle } from '../../kit/form/schema-form.tsx';
import { useParameterForm } from '../../kit/form/use-parameter-form.ts';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { filingWords } from '../recipes/recipe-words.ts';
import { keys } from '../remote/keys.ts';
import { againOf, asAgainCall, asAgainCommand, urlOfOtherFiles } from './again.ts';
import { Equivalent } from './equivalent.tsx';
import classes from './process.module.css';
import { serverFaults } from './server-faults.ts';
import { useLately } from './use-lately.ts';
import { tookWords } from './wait-words.ts';

const NAMED = 6;

const inputWords = ({ inputs }: TaskDetail): string => {
	const names = inputs
		.slice(0, NAMED)
		.map(({ path, version }) => `${path ?? 'a file that is gone'} (version ${version})`);
	return `${names.join(', ')}${inputs.length > NAMED ? ` and ${inputs.length - NAMED} more` : ''}`;
};

/** The settings of a task, to be changed, and whether its files are taken as they were or as they are. */
export const AgainForm = ({ task, type }: { task: TaskDetail; type: Manifest }) => {
	const navigate = useNavigate();
	const form = useParameterForm(type.parameters, task.parameters);
	const handle = useRef<SchemaFormHandle>(null);
	const [named, name] = useSearchParam('inputs');
	// The address follows a moment later, and a radio must not wait for it.
	const [inputs, setInputs] = useState<'same' | 'newest'>(named === 'newest' ? 'newest' : 'same');
	const take = (wanted: string) => {
		setInputs(wanted === 'newest' ? 'newest' : 'same');
		name(wanted === 'newest' ? 'newest' : '');
	};
	const wish = againOf(task.parameters, form.values, inputs);
	const lately = useLately(type.name);
	const others = urlOfOtherFiles(task, form.values);
	const start = useMutation({
		mutationFn: () => runAgain(http, task.id, wish),
		onSuccess: async ({ id }) => {
			await queryClient.invalidateQueries({ queryKey: keys.taskLists });
			notifyDone(`${type.title} runs again`);
			await navigate(`/tasks/${id}`);
		},
		onError: (error) => {
			const { fields } = serverFaults(error);
			if (fields.length === 0) return;
			form.refuse(fields);
			handle.current?.showFaults();
		},
	});
	return (
		<form
			className={classes.page}
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				if (form.check()) start.mutate();
				else handle.current?.showFaults();
			}}
		>
			<Link className={pageClasses.back!} to={`/tasks/${task.id}`}>
				The task
			</Link>
			<h1 className={classes.title}>{type.title} again</h1>
			<p className={classes.names}>{task.inputs.length === 0 ? type.description : inputWords(task)}</p>
			<section className={classes.step} aria-labelledby="again-settings">
				<h2 id="again-settings">Settings</h2>
				{Object.keys(type.parameters.properties).length === 0 ? (
					<p className={classes.note}>{type.title} has nothing to set.</p>
				) : (
					<SchemaForm form={form} ref={handle} />
				)}
			</section>
			{task.inputs.length > 0 && (
				<section className={classes.step} aria-labelledby="again-files">
					<h2 id="again-files">Files</h2>
					<Radio.Group aria-label="Files" value={inputs} onChange={take}>
						<Stack gap={12}>
							<Radio value="same" label="As they were" description="The very versions that the task worked on." />
							<Radio value="newest" label="As they are now" description="The newest versions of the same files." />
						</Stack>
					</Radio.Group>
					{others !== null && (
						<p className={classes.after}>
							<Link className={pageClasses.link!} to={others}>
								Choose everything anew
							</Link>
							: another type, when it runs, the class, or where outputs go.
						</p>
					)}
				</section>
			)}
			<section className={classes.step} aria-labelledby="again-review">
				<h2 id="again-review">Review</h2>
				<p className={classes.sentence}>
					<strong>1 task</strong> of {type.title}, in the same class{' '}
					{wish.parameters === undefined ? 'and with the same settings' : 'with other settings'}.{' '}
					{filingWords(task.results ?? undefined)}.
					{task.secrets.length > 0 && ` It is given the same secrets (${task.secrets.join(', ')}).`}
				</p>
				<p className={classes.note}>
					{lately.data && (tookWords(lately.data.items) ?? 'How long it takes is not known yet.')}
				</p>
				<Equivalent
					command={asAgainCommand(task.id, task.parameters, wish)}
					call={asAgainCall(task.id, wish, window.location.origin)}
					files={0}
				/>
				{start.isError && (
					<p className={classes.failure} role="alert">
						{serverFaults(start.error).fields.length > 0
							? 'Some settings were not taken; see above.'
							: errorText(start.error)}
					</p>
				)}
				<div className={classes.acts}>
					<Button type="submit" size="md" loading={start.isPending}>
						Run again
					</Button>
				</div>
			</section>
		</form>
	);
};
