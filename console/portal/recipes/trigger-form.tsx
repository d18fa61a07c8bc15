import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { changeTrigger, createTrigger } from '../../../shared/client/triggers.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { mediaPatternsSchema } from '../../../shared/protocol/recipe.ts';
import {
	type FiringEvent,
	IGNORED_NAMES,
	type NewTrigger,
	type TriggerView,
} from '../../../shared/protocol/trigger.ts';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import classes from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';
import { DryRunView } from './dry-run-view.tsx';
import { PatternField } from './pattern-field.tsx';
import { patternsOf, wholeFolder } from './recipe-words.ts';
import { ignoredNames, type TriggerMore, TriggerMoreFields } from './trigger-more-fields.tsx';

const EVENTS: { value: string; label: string; events: FiringEvent[] }[] = [
	{ value: 'both', label: 'A file comes or changes', events: ['upload', 'update'] },
	{ value: 'upload', label: 'A new file comes', events: ['upload'] },
	{ value: 'update', label: 'A file changes', events: ['update'] },
	{ value: 'access', label: 'Somebody looks at a file', events: ['access'] },
];

const choiceOf = (events: readonly FiringEvent[]): string =>
	EVENTS.find((one) => one.events.length === events.length && one.events.every((event) => events.includes(event)))
		?.value ?? 'both';

/** What of a trigger can be written. */
export const draftOf = ({ id, version, createdAt, lastFiredAt, ...draft }: TriggerView): NewTrigger => draft;

const faultAt = (error: unknown, field: string): string | null => {
	const fields = error instanceof CodedError ? error.fields : undefined;
	return fields?.find(({ path }) => path === field || path.startsWith(`${field}[`))?.message ?? null;
};

interface TriggerFormProps {
	recipe: string;
	/** As it is; none: a new one. */
	trigger?: TriggerView;
	onClose(): void;
}

/** Asks when the recipe is to start: for which files, where, and on what. */
export const TriggerForm = ({ recipe, trigger, onClose }: TriggerFormProps) => {
	const [folder, setFolder] = useState(trigger?.folder ?? '/');
	const [recursive, setRecursive] = useState(trigger?.recursive ?? true);
	const [kinds, setKinds] = useState((trigger?.mediaTypes ?? ['*/*']).join(', '));
	const [when, setWhen] = useState(() => (trigger ? choiceOf(trigger.events) : 'both'));
	const [includeResults, setIncludeResults] = useState(trigger?.includeResults ?? false);
	const [more, setMore] = useState<TriggerMore>({
		serviceClass: trigger?.serviceClass ?? null,
		routingKey: trigger?.routingKey ?? null,
		ignore: (trigger?.ignore ?? IGNORED_NAMES).join('\n'),
	});
	const mediaTypes = patternsOf(kinds);
	const isReady = mediaPatternsSchema.safeParse(mediaTypes).success;
	const draft: NewTrigger = {
		...(trigger ? draftOf(trigger) : {}),
		recipe,
		folder: wholeFolder(folder),
		recursive,
		mediaTypes,
		events: EVENTS.find(({ value }) => value === when)?.events ?? ['upload', 'update'],
		includeResults,
		...more,
		ignore: ignoredNames(more.ignore),
	};
	const save = useMutation({
		mutationFn: () => (trigger ? changeTrigger(http, trigger.id, draft, trigger.version) : createTrigger(http, draft)),
		onSuccess: async () => {
			await queryClient.invalidateQueries({ queryKey: keys.recipes });
			notifyDone(trigger ? 'The trigger is changed' : 'The trigger is made; it starts with the next file');
			onClose();
		},
		onError: () => queryClient.invalidateQueries({ queryKey: keys.recipes }),
	});
	const faults = {
		folder: faultAt(save.error, 'folder'),
		mediaTypes: faultAt(save.error, 'mediaTypes'),
		serviceClass: faultAt(save.error, 'serviceClass'),
		routingKey: faultAt(save.error, 'routingKey'),
		ignore: faultAt(save.error, 'ignore'),
	};
	const isToldAbove = Object.values(faults).some((fault) => fault !== null);
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (isReady) save.mutate();
			}}
		>
			<Stack>
				<TextInput
					label="Folder"
					description="Its whole path; / is everything."
					autoComplete="off"
					spellCheck={false}
					data-autofocus
					value={folder}
					error={faults.folder}
					onChange={(event) => setFolder(event.currentTarget.value)}
				/>
				<Checkbox
					label="Also in the folders in it"
					checked={recursive}
					onChange={(event) => setRecursive(event.currentTarget.checked)}
				/>
				<PatternField
					label="Kinds of files"
					description="Such as image/jpeg, image/*, or */* for any."
					value={kinds}
					fault={faults.mediaTypes}
					onChange={setKinds}
				/>
				<NativeSelect
					label="When"
					data={EVENTS.map(({ value, label }) => ({ value, label }))}
					value={when}
					onChange={(event) => setWhen(event.currentTarget.value)}
				/>
				<Checkbox
					label="Also files that tasks put out"
					description="It is never started by what came of itself."
					checked={includeResults}
					onChange={(event) => setIncludeResults(event.currentTarget.checked)}
				/>
				<TriggerMoreFields more={more} faultAt={(field) => faults[field]} onChange={setMore} />
				{isReady && (
					<DryRunView
						title="Of the files that are there now, it would fit"
						wish={{ recipe, over: { folder: draft.folder ?? '/', recursive, mediaTypes } }}
					/>
				)}
				{save.isError && !isToldAbove && (
					<p className={classes.fault} role="alert">
						{errorText(save.error)}
					</p>
				)}
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						Close without saving
					</Button>
					<Button type="submit" loading={save.isPending} disabled={!isReady}>
						{trigger ? 'Save the trigger' : 'Make the trigger'}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
