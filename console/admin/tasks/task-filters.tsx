import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listQueues } from '../../../shared/client/queues.ts';
import { listServiceClasses } from '../../../shared/client/service-classes.ts';
import { listTaskTypes } from '../../../shared/client/task-types.ts';
import { http } from '../../kit/remote/api.ts';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { ChoiceField, choicesOf } from '../../kit/tasks/choice-field.tsx';
import { STATE_CHOICES } from '../../kit/tasks/state-choices.ts';
import type { FilterField, TaskFilter } from '../../kit/tasks/task-filter.ts';
import { keys } from '../remote/keys.ts';
import { OwnerField } from './owner-field.tsx';
import classes from './tasks.module.css';
import { WordField } from './word-field.tsx';
import { words } from './words.ts';

/** What there is of something to choose from, by name. */
const useNames = (what: string, read: (options: { signal: AbortSignal }) => Promise<{ items: { name: string }[] }>) => {
	const { data } = useQuery({
		queryKey: keys.choices(what),
		queryFn: ({ signal }) => read({ signal }),
		staleTime: 60_000,
	});
	return [...new Set((data?.items ?? []).map(({ name }) => name))].sort();
};

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
	const [, setBudget] = useSearchParam('budget');
	const look = { className: classes.field! };
	return (
		<section aria-label={words.filter} className={classes.filters}>
			<ChoiceField {...look} field="state" label={words.state} choices={STATE_CHOICES} />
			<ChoiceField {...look} field="type" label={words.type} choices={choicesOf(words.anyType, types)} />
			<ChoiceField {...look} field="queue" label={words.queue} choices={choicesOf(words.anyQueue, queues)} />
			<OwnerField name={ownerName} className={classes.field!} />
			{isMoreShown && (
				<>
					<ChoiceField
						{...look}
						field="serviceClass"
						label={words.class}
						choices={choicesOf(words.anyClass, serviceClasses)}
					/>
					<TextField field="node" label={words.node} />
					<TextField field="errorCode" label={words.errorCode} />
					<TextField field="file" label={words.fileId} />
					<TextField field="job" label={words.jobId} />
					<TimeField field="after" label={words.after} />
					<TimeField field="before" label={words.before} />
				</>
			)}
			{cause !== '' && (
				<Button className={classes.toggle!} variant="light" size="xs" onClick={() => setCause('')}>
					{words.ofOneCause}
				</Button>
			)}
			{filter.budget !== undefined && (
				<Button className={classes.toggle!} variant="light" size="xs" onClick={() => setBudget('')}>
					{words.ofOneBudget}
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
