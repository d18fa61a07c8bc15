import { Button, Radio, Stack } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { SchemaForm, type SchemaFormHandle } from '../../kit/form/schema-form.tsx';
import { useParameterForm } from '../../kit/form/use-parameter-form.ts';
import { formatCount, plural } from '../../kit/format.ts';
import { FilingFields } from '../recipes/filing-fields.tsx';
import { ClassChoice } from './class-choice.tsx';
import { type Draft, KEEP } from './draft.ts';
import { Equivalent } from './equivalent.tsx';
import { asCall, asCommand } from './equivalents.ts';
import { Failure } from './failure.tsx';
import { FaultSummary } from './fault-summary.tsx';
import { faultsOf, SECTIONS } from './faults.ts';
import { fitOf, inputsOf, usualSpread } from './fit.ts';
import { FolderFields } from './folder-fields.tsx';
import { MadeWords } from './made-on-upload.tsx';
import classes from './process.module.css';
import { QueueChoice } from './queue-choice.tsx';
import { Review } from './review.tsx';
import { SaveRecipe } from './save-recipe.tsx';
import { ScheduleFields } from './schedule-fields.tsx';
import { SecretFields } from './secret-fields.tsx';
import { serverFaults } from './server-faults.ts';
import { UploadFields } from './upload-fields.tsx';
import { useStart } from './use-start.ts';
import { useStartDraft } from './use-start-draft.ts';
import { recipeFault, whenFault } from './when.ts';
import { WhenChoice } from './when-choice.tsx';
import { type ChosenSecrets, isJob, isRoutingKey, type Wish } from './wish.ts';
import { isMany, type Work } from './work.ts';

interface ProcessFormProps {
	type: Manifest;
	work: Work;
	draft: Draft;
	onChange(parts: Partial<Draft>): void;
}

const Step = ({ id, title, children }: { id: string; title: string; children: ReactNode }) => (
	<section className={classes.step} aria-labelledby={id}>
		<h2 id={id}>{title}</h2>
		{children}
	</section>
);

/** What follows the choice of a type: its settings, when, how soon, where outputs go, and what is about to happen. */
export const ProcessForm = ({ type, work, draft, onChange }: ProcessFormProps) => {
	const fit = fitOf(type, work);
	const form = useParameterForm(type.parameters, draft.settings);
	const handle = useRef<SchemaFormHandle>(null);
	const missing = useRef<HTMLElement>(null);
	const [secrets, setSecrets] = useState<ChosenSecrets>({});
	/** How often starting was tried in vain: the focus goes to what is missing each time. */
	const [tries, setTries] = useState(0);
	const { values } = form;
	useEffect(() => onChange({ settings: values }), [values, onChange]);
	useEffect(() => {
		if (tries > 0) missing.current?.focus();
	}, [tries]);

	const spread = draft.spread ?? usualSpread(fit, type);
	const faultOf = (when: Draft['when']) => whenFault(when, type, work, fit, spread);
	const when = faultOf(draft.when) === null ? draft.when : 'now';
	const puts = type.outputs.some(({ role }) => role === 'file');
	const ofRecipe = isMany(work, fit.files, spread);
	const wish: Wish = {
		...{ type: type.name, work, files: fit.files, spread, parameters: values, secrets },
		...{
			serviceClass: draft.serviceClass,
			routingKey: draft.routingKey,
			kinds: draft.kinds,
			recursive: draft.recursive,
		},
		filing: puts ? draft.filing : KEEP,
	};
	const { start, there, fields } = useStartDraft({ type, work, when, ofRecipe, wish, draft, onChange });
	const faults = faultsOf(wish, start, type);
	if (there === 'other') faults.push({ section: 'when', message: 'Choose another name for the recipe' });
	const { act, submitted, made } = useStart({
		...{ type, wish, start },
		onRefused: (error) => {
			const refused = serverFaults(error).fields;
			if (refused.length === 0) return;
			form.refuse(refused);
			handle.current?.showFaults();
		},
	});
	const check = (): boolean => {
		if (form.check()) return true;
		handle.current?.showFaults();
		return false;
	};
	const submit = () => {
		const fits = check();
		if (fits && faults.length === 0) act.mutate();
		else if (fits) setTries(tries + 1);
	};
	if (made !== null) return <MadeWords {...made} />;

	const tasks = work.kind === 'nothing' ? 1 : inputsOf(fit.files, spread).length;
	const tried = tries > 0;
	const hasFolder = when === 'upload' || work.kind === 'folder';
	const word = () => {
		if (when === 'upload') return 'Start on every upload';
		if (when === 'schedule') return 'Make the schedule';
		if (isJob(wish)) return 'Start the job';
		return submitted > 0 ? `Submit the other ${formatCount(tasks - submitted)}` : `Submit ${plural(tasks, 'task')}`;
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
			<Step id={SECTIONS.settings} title="Settings">
				{Object.keys(type.parameters.properties).length === 0 ? (
					<p className={classes.note}>{type.title} has nothing to set.</p>
				) : (
					<SchemaForm form={form} ref={handle} />
				)}
				{type.secrets.length > 0 && (
					<div className={classes.part}>
						<SecretFields slots={type.secrets} chosen={secrets} tried={tried} onChange={setSecrets} />
					</div>
				)}
			</Step>
			<Step id={SECTIONS.when} title="When">
				<WhenChoice when={when} faultOf={faultOf} onChoose={(one) => onChange({ when: one })} />
				{(hasFolder || when !== 'now') && (
					<div className={classes.part}>
						{when === 'upload' && <UploadFields {...fields.upload} there={there} tried={tried} />}
						{hasFolder && <FolderFields {...draft} takes={type.inputs.mediaTypes} onChange={onChange} />}
						{when === 'schedule' && (
							<ScheduleFields {...fields.schedule} there={there} ofRecipe={ofRecipe} tried={tried} />
						)}
					</div>
				)}
			</Step>
			<Step id={SECTIONS.class} title="How soon">
				<ClassChoice
					type={type.name}
					chosen={draft.serviceClass}
					onChoose={(serviceClass) => onChange({ serviceClass })}
				/>
				<QueueChoice
					usual={type.routingKey}
					routingKey={draft.routingKey}
					onWrite={(routingKey) => onChange({ routingKey })}
				/>
			</Step>
			{puts && (
				<Step id={SECTIONS.results} title="Results">
					<div className={classes.part}>
						<FilingFields filing={draft.filing} tried={tried} onChange={(filing) => onChange({ filing })} />
					</div>
				</Step>
			)}
			<Step id="process-review" title="Review">
				{when !== 'upload' && fit.canEach && fit.canTogether && fit.files.length > 1 && submitted === 0 && (
					<Radio.Group
						label="Tasks"
						mb="md"
						value={spread}
						onChange={(value) => onChange({ spread: value === 'together' ? 'together' : 'each' })}
					>
						<Stack gap={8} mt={8}>
							<Radio value="together" label={`One task for all ${formatCount(fit.files.length)} files`} />
							<Radio value="each" label="A task for each file" />
						</Stack>
					</Radio.Group>
				)}
				<Review type={type} wish={wish} start={start} fits={form.fits && isRoutingKey(wish.routingKey)} />
				<Equivalent
					command={asCommand(wish, start)}
					call={asCall(wish, start, window.location.origin)}
					files={work.kind === 'folder' || isJob(wish) ? 0 : wish.files.length}
				/>
				{tried && <FaultSummary ref={missing} faults={faults} />}
				{act.isError && <Failure error={act.error} wish={wish} submitted={submitted} />}
				<div className={classes.acts}>
					<Button type="submit" size="md" loading={act.isPending}>
						{word()}
					</Button>
					{recipeFault(type) === null && when !== 'upload' && (
						<SaveRecipe wish={wish} usualName={type.title} check={check} />
					)}
				</div>
			</Step>
		</form>
	);
};
