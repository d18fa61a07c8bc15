import type { Json } from '../../shared/protocol/json.ts';
import type { TaskSubmission } from '../../shared/protocol/task.ts';
import { parsePath } from '../files/safe-path.ts';
import { plainOrigin, type TaskOrigin } from '../queue/task-origin-store.ts';

/**
 * Why a task is made, with what it is given and where its results go; null when there is nothing to be said. Throws
 * `bad-path` for a folder that cannot be.
 */
export const originOf = (
	{ results }: Pick<TaskSubmission, 'results'>,
	given: TaskOrigin | null,
	from: TaskOrigin | null,
): TaskOrigin | null => {
	if (results?.folder !== undefined) parsePath(results.folder);
	const filing = results === undefined || results.place === 'keep' ? null : (results as Json);
	if (filing === null && from === null) return given;
	return { ...(from ?? plainOrigin('demand')), filing, given: given?.given ?? null };
};
