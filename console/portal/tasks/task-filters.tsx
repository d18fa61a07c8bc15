import { Button } from '@mantine/core';
import { Icon } from '../../kit/icons.tsx';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { ChoiceField, choicesOf } from '../../kit/tasks/choice-field.tsx';
import { STATE_CHOICES } from '../../kit/tasks/state-choices.ts';
import type { FilterField } from '../../kit/tasks/task-filter.ts';
import { useTaskTypeNames } from '../remote/use-tasks.ts';
import { QueueFilter } from './queue-filter.tsx';
import classes from './tasks.module.css';
import { words } from './words.ts';

/** The filter; each value lives in the address. */
export const TaskFilters = () => {
	const [queue, setQueue] = useSearchParam('queue');
	const types = useTaskTypeNames();
	const select = { className: classes.select!, isBare: true };
	return (
		<>
			<ChoiceField {...select} field="state" label={words.state} choices={STATE_CHOICES} />
			<ChoiceField {...select} field="type" label={words.type} choices={choicesOf(words.anyType, types)} />
			<QueueFilter key={queue} queue={queue} onChange={setQueue} />
			<Narrowed field="file" word={words.ofOneFile} toAll={words.showAllFiles} />
			<Narrowed field="job" word={words.ofOneJob} toAll={words.showAllJobs} />
		</>
	);
};

/** What the list was narrowed to elsewhere: shown while it is so, and taken away here. */
const Narrowed = ({ field, word, toAll }: { field: FilterField; word: string; toAll: string }) => {
	const [value, setValue] = useSearchParam(field);
	if (value === '') return null;
	return (
		<Button variant="light" rightSection={<Icon name="close" size={14} />} onClick={() => setValue('')}>
			{word}
			<span className="millrace-off-screen">{toAll}</span>
		</Button>
	);
};
