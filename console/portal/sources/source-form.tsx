import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { changeSource, createSource } from '../../../shared/client/sources.ts';
import { freeNameSchema } from '../../../shared/protocol/free-name.ts';
import type { SourceView } from '../../../shared/protocol/source.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { SchemaForm, type SchemaFormHandle } from '../../kit/form/schema-form.tsx';
import { useParameterForm } from '../../kit/form/use-parameter-form.ts';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { missingSecrets } from '../process/faults.ts';
import { SecretFields } from '../process/secret-fields.tsx';
import { serverFaults } from '../process/server-faults.ts';
import type { ChosenSecrets } from '../process/wish.ts';
import { keys } from '../remote/keys.ts';
import { newRule, ruleOf } from '../schedules/rule-draft.ts';
import scheduleClasses from '../schedules/schedules.module.css';
import { LimitFields, type Limits, limitsFault, NO_LIMITS } from './limit-fields.tsx';
import { WhenFields } from './when-fields.tsx';

interface SourceFormProps {
	types: readonly Manifest[];
	type: Manifest;
	onType(name: string): void;
	name: string;
	onName(name: string): void;
	/** As it is; none: a new one. */
	source?: SourceView;
}

const zoneHere = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** Its secrets as the fields have them, which show them by their ids. */
const chosenOf = (source: SourceView | undefined): ChosenSecrets =>
	Object.fromEntries(Object.entries(source?.secrets ?? {}).map(([slot, id]) => [slot, { id, name: '' }]));

/** Everything about a source: what it reads, with which secrets, when, and what it may take in a month. */
export const SourceForm = ({ types, type, onType, name, onName, source }: SourceFormProps) => {
	const navigate = useNavigate();
	const form = useParameterForm(type.parameters, source?.parameters ?? {});
	const handle = useRef<SchemaFormHandle>(null);
	const [secrets, setSecrets] = useState(() => chosenOf(source));
	const [isTimed, setTimed] = useState(true);
	const [rule, setRule] = useState(() => newRule(zoneHere()));
	const [limits, setLimits] = useState<Limits>(source ?? NO_LIMITS);
	const [tried, setTried] = useState(false);
	const times = ruleOf(rule);
	const missing = [
		!freeNameSchema.safeParse(name).success && 'a name',
		missingSecrets(type, secrets).length > 0 && 'its secret',
		!source && isTimed && times === null && 'when it runs',
		limitsFault(limits) !== null && 'the price of an item',
	].filter((one) => one !== false);

	const save = useMutation({
		mutationFn: async () => {
			const { mostItemsPerMonth, pricePerItem, mostSpendPerMonth } = limits;
			const change = {
				...{ name: name.trim(), parameters: form.values, mostItemsPerMonth, pricePerItem, mostSpendPerMonth },
				secrets: Object.fromEntries(Object.entries(secrets).map(([slot, { id }]) => [slot, id])),
			};
			if (source) return changeSource(http, source.id, change, source.version);
			const { cron, timeZone } = times ?? {};
			const schedule = isTimed && cron !== undefined && timeZone !== undefined ? { cron, timeZone } : null;
			return createSource(http, { ...change, type: type.name, schedule });
		},
		onSuccess: async (saved) => {
			queryClient.setQueryData(keys.source(saved.id), saved);
			await queryClient.invalidateQueries({ queryKey: keys.sources });
			notifyDone(
				source ? `${saved.name} is changed` : `${saved.name} is made; it brings its items into ${saved.dataset.name}`,
			);
			await navigate(`/sources/${saved.id}`);
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
			className={scheduleClasses.form}
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				setTried(true);
				if (!form.check()) handle.current?.showFaults();
				else if (missing.length === 0) save.mutate();
			}}
		>
			<Section title="Name">
				<TextInput
					aria-label="Name"
					required
					withAsterisk={false}
					maxLength={100}
					autoComplete="off"
					placeholder="Such as: news of water mills"
					value={name}
					onChange={(event) => onName(event.currentTarget.value)}
				/>
			</Section>
			<Section title="What it reads">
				<div className={scheduleClasses.stack}>
					{!source && (
						<NativeSelect
							label="Kind of source"
							description={type.description}
							data={types.map((one) => ({ value: one.name, label: one.title }))}
							value={type.name}
							onChange={(event) => onType(event.currentTarget.value)}
						/>
					)}
					<SchemaForm form={form} ref={handle} />
				</div>
			</Section>
			{type.secrets.length > 0 && (
				<Section title="Secrets">
					<div className={scheduleClasses.stack}>
						<SecretFields slots={type.secrets} chosen={secrets} tried={tried} onChange={setSecrets} />
					</div>
				</Section>
			)}
			{!source && (
				<Section title="When">
					<WhenFields isTimed={isTimed} rule={rule} onTimed={setTimed} onRule={setRule} />
				</Section>
			)}
			<Section title="Limits">
				<LimitFields limits={limits} onChange={setLimits} />
			</Section>
			{save.isError && (
				<p className={pageClasses.fault} role="alert">
					{errorText(save.error)}
				</p>
			)}
			<div className={pageClasses.acts}>
				<Button type="submit" size="md" loading={save.isPending}>
					{source ? 'Save the source' : 'Make the source'}
				</Button>
				<Button component={Link} to={source ? `/sources/${source.id}` : '/sources'} size="md" variant="default">
					Leave without saving
				</Button>
			</div>
			{tried && missing.length > 0 && (
				<p className={pageClasses.fault} role="alert">
					Still missing: {missing.join(', ')}.
				</p>
			)}
		</form>
	);
};

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
	<section className={pageClasses.card} aria-label={title}>
		<h2>{title}</h2>
		{children}
	</section>
);
