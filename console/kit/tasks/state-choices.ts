import { TASK_STATES } from '../../../shared/protocol/task.ts';
import { TASK_LOOKS } from '../task-words.ts';

/** What a list of tasks may be narrowed to: a state, or what several have in common. */
export const STATE_CHOICES = [
	{ value: '', label: 'Any state' },
	{ value: 'open', label: 'Not finished' },
	{ value: 'final', label: 'Finished' },
	{ value: 'unsuccessful', label: 'Failed in any way' },
	{ value: 'held', label: 'Held' },
	...TASK_STATES.map((state) => ({ value: state, label: TASK_LOOKS[state].word })),
];
