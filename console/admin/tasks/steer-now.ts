import { steerTasks } from '../../../shared/client/task-steering.ts';
import type { TaskVerb } from '../../../shared/protocol/act.ts';
import { notifyError } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { actWords, followAct } from './follow-act.tsx';
import { words } from './words.ts';

/** An act on tasks that are named takes at most so many. */
export const MOST_NAMED = 1_000;

/** Does it at once to these tasks, and tells how it went and how it is undone. */
export const steerNow = async (verb: Exclude<TaskVerb, 'move'>, ids: readonly string[]): Promise<void> => {
	try {
		await followAct(await steerTasks(http, { verb, ids: [...ids] }), actWords(verb));
	} catch (error) {
		notifyError(words.notDone, errorText(error));
	}
};
