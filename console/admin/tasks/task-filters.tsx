import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listQueues } from '../../../shared/client/queues.ts';
import { listServiceClasses } from '../../../shared/client/service-classes.ts';
import { listTaskTypes } from '../../../shared/client/task-types.ts';
import { http } from '../../kit/remote/api.ts';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { STATE_CHOICES } from '../../kit/tasks/state-choices.ts';
import { keys } from '../remote/keys.ts';
import { OwnerField } from './owner-field.tsx';
import type { FilterField, TaskFilter } from './task-filter.ts';
import classes from './tasks.module.css';
import { WordField } from './word-field.tsx';
import { words } from './words.ts';

type Choice = { value: string; label: string };

/** What there is of something to choose from, by name. */
const useNames = (what: string, read: (options: { signal: AbortSignal }) => Promise<{ items: { name: string }[] }>) => {
	const { data } = useQuery({
		queryKey: keys.choices(what),
		queryFn: ({ signal }) => read({ signal }),
		staleTime: 60_000,
	});
	return [...new Set((data?.items ?? []).map(({ name }) => name))].sort();
};

const ChoiceField = (props: { field: FilterField; label: string; choices: readonly Choice[] }) => {
	const [value, setValue] = useSearchParam(props.field);
	const isKnown = props.choices.some((choice) => choice.value === value);
	return (
		<NativeSelect
			className={classes.field!}
			size="xs"
			label={props.label}
			data={isKnown ? [...props.choices] : [...props.choices, { value, label: value }]}
			value={value}
			onChange={(event) => setValue(event.currentTarget.value)}
		/>
	);
};

const asChoices = (any: string, names: readonly string[]): Choice[] => [
	{ value: '', label: any },
	...names.map((name) => ({ value: name, label: name })),
];

const TextField = ({ field, label }: { field: FilterField; label: string }) => {
	const [value, setValue] = useSearchParam(field);
	return <WordField key={value} label={label} value={value} className={classes.field!} onChange={setValue} />;
};

const pad = (number: number): string => String(number).padStart(2, '0');

/** An instant as a field for local times has it, to the minute. */
const localOf = (instant: string): string => {
	const at = new Date(instant);
	if (Number.isNaN(at.getTime())) return '';
	const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
	return `${day}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
};

const TimeField = ({ field, label }: { field: FilterField; label: string }) => {
	const [value, setValue] = useSearchParam(field);
	const local = localOf(value);
	return (
		<WordField
			key={value}
			type="datetime-local"
			label={label}
			value={local}
			className={classes.field!}
			onChange={(text) => setValue(text === '' ? '' : new Date(text).toISOString())}
		/>
	);
};

const MORE: readonly FilterField[] = ['serviceClass', 'node', 'errorCode', 'file', 'job', 'after', 'before'];

/** The filter; each value lives in the address. `ownerName` is that of the owner in it, where it is known. */
export const TaskFilters = ({ filter, ownerName }: { filter: TaskFilter; ownerName: string | null }) => {
	const types = useNames('task-types', (options) => listTaskTypes(http, options));
	const queues = useNames('queues', (options) => listQueues(http, {}, options));
	const serviceClasses = useNames('classes', (options) => listServiceClasses(http, options));
	const isMoreSet = MORE.some((field) => filter[field] !== undefined);
	const [isMoreWanted, showMore] = useState(false);
	const isMoreShown = isMoreSet || isMoreWanted;
	const [cause, setCause] = useSearchParam('cause');
	return (
		<section aria-label="Filter" className={classes.filters}>
			<ChoiceField field="state" label="State" choices={STATE_CHOICES} />
			<ChoiceField field="type" label="Type" choices={asChoices('Any type', types)} />
			<ChoiceField field="queue" label="Queue" choices={asChoices('Any queue', queues)} />
			<OwnerField name={ownerName} className={classes.field!} />
			{isMoreShown && (
				<>
					<ChoiceField field="serviceClass" label="Class" choices={asChoices('Any class', serviceClasses)} />
					<TextField field="node" label="Node" />
					<TextField field="errorCode" label="Error code" />
					<TextField field="file" label="File id" />
					<TextField field="job" label="Job id" />
					<TimeField field="after" label="Submitted from" />
					<TimeField field="before" label="Submitted before" />
				</>
			)}
			{cause !== '' && (
				<Button className={classes.toggle!} variant="light" size="xs" onClick={() => setCause('')}>
					Of one cause: show those of all
				</Button>
			)}
			<Button
				className={classes.toggle!}
				variant="subtle"
				color="gray"
				size="xs"
				aria-expanded={isMoreShown}
				disabled={isMoreSet}
				onClick={() => showMore(!isMoreShown)}
			>
				{isMoreShown ? words.fewerFilters : words.moreFilters}
			</Button>
		</section>
	);
};
