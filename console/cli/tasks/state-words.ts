import type { TaskState } from '../../../shared/protocol/task.ts';
import type { Style } from '../terminal/output.ts';
import type { Cell } from '../terminal/table.ts';

const STYLES: Record<TaskState, Style | undefined> = {
	waiting: 'dim',
	queued: undefined,
	running: 'blue',
	retrying: 'yellow',
	succeeded: 'green',
	failed: 'red',
	cancelled: 'dim',
	expired: 'yellow',
	quarantined: 'red',
};

/** A state as a coloured word; colour never says anything that the word does not. */
export const stateCell = (state: TaskState): Cell => ({ text: state, style: STYLES[state] });
