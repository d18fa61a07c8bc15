import { formatCount, plural } from '../format.ts';
import { catalogue } from '../words.ts';

/** What every list of tasks says. */
export const words = catalogue('task-list', {
	title: 'Tasks',
	loading: 'the tasks',
	failed: 'The tasks cannot be shown',
	noneTitle: 'No tasks yet',
	noneFitTitle: 'No task fits this filter',
	noneFit: 'There may be others.',
	noneSoFarTitle: 'None so far',
	noneSoFar: 'None of the newest tasks fits. There are older ones that have not been looked at.',
	lookFurther: 'Look further',
	clearFilter: 'Clear the filter',
	loadMore: 'Load more',
	selected: (count: number) => `${formatCount(count)} selected`,
	shown: (count: number, hasMore: boolean) => (hasMore ? `${formatCount(count)} and more` : plural(count, 'task')),
	fresh: (count: number, most: number) =>
		`${count > most ? `More than ${formatCount(most)}` : formatCount(count)} new – show`,
	mayBeFresh: 'There may be new ones – show',
	task: 'Task',
	state: 'State',
	queue: 'Queue',
	noQueue: 'none',
	node: 'Node',
	took: 'Took',
	submitted: 'Submitted',
});
