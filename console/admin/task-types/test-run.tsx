import { Button, Textarea } from '@mantine/core';
import { useRef } from 'react';
import { submitTask } from '../../../shared/client/tasks.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { SchemaForm, type SchemaFormHandle } from '../../kit/form/schema-form.tsx';
import { useParameterForm } from '../../kit/form/use-parameter-form.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import page from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { useTyped } from '../../kit/shell/use-typed.ts';
import { keys } from '../remote/keys.ts';
import { commandOf } from './run-command.ts';
import { namedInputs, taskInputs } from './test-inputs.ts';
import { TestOutcome } from './test-outcome.tsx';
import classes from './types.module.css';
import { words } from './words.ts';

/** Before most of one’s own work, that one need not wait for it. */
const PRIORITY = 8;

/** Tries a type out: its form, one task of one’s own, and what came out of it. The task is in the address. */
export const TestRun = ({ type }: { type: Manifest }) => {
	const { inputs, secrets } = type;
	const form = useParameterForm(type.parameters, {});
	const handle = useRef<SchemaFormHandle>(null);
	const [files, setFiles] = useSearchParam('inputs');
	const { type: typeFiles, ...typed } = useTyped(files, setFiles);
	const [task, setTask] = useSearchParam('run');
	const start = useAct({
		act: async () =>
			submitTask(http, {
				...{ type: type.name, parameters: form.values, priority: PRIORITY },
				inputs: await taskInputs(http, typed.value),
			}),
		key: keys.tasks,
		failed: words.notStarted,
		onDone: ({ id }) => setTask(id),
	});
	const named = namedInputs(typed.value);
	const isShort = named.length < inputs.min;
	const run = () => {
		if (!form.check()) {
			handle.current?.showFaults();
			return;
		}
		start.mutate(undefined, {
			onError(error) {
				const refused = error instanceof CodedError ? (error.fields ?? []) : [];
				const ours = refused.filter(({ path }) => path.startsWith('parameters.'));
				if (ours.length === 0) return;
				form.refuse(ours.map(({ path, message }) => ({ path: path.slice('parameters.'.length), message })));
				handle.current?.showFaults();
			},
		});
	};
	if (secrets.some(({ required }) => required)) {
		return (
			<section className={page.card} aria-label={words.run}>
				<h2>{words.run}</h2>
				<p className={page.quiet}>{words.needsSecrets}</p>
				<p>
					<a className={page.link} href="/process?without=files">
						{words.toPortal}
					</a>
				</p>
			</section>
		);
	}
	return (
		<section className={page.card} aria-label={words.run}>
			<h2>{words.run}</h2>
			<p className={page.quiet}>{words.runText}</p>
			<div className={classes.run}>
				{inputs.max > 0 && (
					<Textarea
						label={words.files}
						description={words.filesHint}
						autosize
						minRows={1}
						maxRows={8}
						spellCheck={false}
						required={inputs.min > 0}
						{...typed}
						onChange={(event) => typeFiles(event.currentTarget.value)}
					/>
				)}
				{Object.keys(type.parameters.properties).length > 0 && <SchemaForm form={form} ref={handle} />}
				<div className={classes.start}>
					<Button
						leftSection={<Icon name="play" size={16} />}
						disabled={isShort}
						loading={start.isPending}
						onClick={run}
					>
						{words.start}
					</Button>
					<CopyButton text={commandOf(type.name, typed.value, form.values)} what={words.asCommand} />
					{isShort && <span className={page.quiet}>{words.needsFiles(inputs.min)}</span>}
				</div>
			</div>
			{/^tsk_[0-9a-z]{26}$/.test(task) && <TestOutcome key={task} id={task} />}
		</section>
	);
};
