import {
	type AttemptState,
	isFinalTaskState,
	type TaskState,
	type TaskSummary,
} from '../../../shared/protocol/task.ts';
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

const WORDS: Partial<Record<TaskState | AttemptState, string>> = { succeeded: 'done', returned: 'given back' };

/** A state in the words that the portal uses too; `--json` has the API's. */
export const stateWord = (state: TaskState | AttemptState): string => WORDS[state] ?? state;

/** A state as a coloured word; colour never says anything that the word does not. */
export const stateCell = (state: TaskState): Cell => ({ text: stateWord(state), style: STYLES[state] });

/** In lists: `held` stands for a state in which it waits, and what goes before others is marked. */
export const shortState = (task: TaskSummary): Cell => {
	if (isFinalTaskState(task.state)) return stateCell(task.state);
	const { text, style } = stateCell(task.state);
	if (task.held !== null && task.state !== 'running') return { text: 'held', style: 'yellow' };
	const progress = task.state === 'running' && task.progress !== null ? ` ${Math.round(task.progress * 100)} %` : '';
	const held = task.held === null ? '' : ', held';
	return { text: `${text}${progress}${task.boosted ? ', boosted' : ''}${held}`, style };
};
