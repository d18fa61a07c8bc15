import type { HttpClient } from '../../../shared/client/http-client.ts';
import { readTask } from '../../../shared/client/tasks.ts';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError } from '../failure.ts';
import { ProgressBar } from '../terminal/progress-bar.ts';
import { counted } from '../terminal/words.ts';
import { headline } from './headline.ts';
import type { TaskFollower } from './task-follower.ts';
import { WaitingNotes } from './waiting-notes.ts';

/** `lines`: each task as a line of JSON. `collect`: none is told, all are answered. */
type Way = 'text' | 'lines' | 'collect';

/**
 * Waits until the followed tasks have ended and tells how. Throws with exit code 6 when one did not succeed, unless
 * `quiet` (then something worse is told by the caller).
 */
export const reportTasks = async (
	{ out, stderr, signal }: Context,
	http: HttpClient,
	follower: TaskFollower,
	way: Way,
	quiet = false,
): Promise<TaskDetail[]> => {
	{
		const open = () => `Waiting for ${counted(follower.openCount, 'task')} …`;
		using _bar = new ProgressBar(stderr, out, open);
		using _notes = new WaitingNotes({ http, follower, out, signal });
		await follower.allEnded();
	}
	const details: TaskDetail[] = [];
	let bad = 0;
	for (const [id, state] of follower.ends) {
		if (state !== 'succeeded') bad += 1;
		if (way === 'text' && state === 'succeeded') continue;
		const task = await readTask(http, id, { signal });
		if (way === 'collect') details.push(task);
		else if (way === 'lines') out.jsonLine({ kind: 'task', task });
		else out.error(`${id}: ${headline(task)}`);
	}
	const total = follower.ends.size;
	if (way === 'text') out.note(`${counted(total, 'task')}: ${total - bad} done${bad > 0 ? `, ${bad} not` : ''}`);
	if (bad > 0 && !quiet && way !== 'collect') throw tasksFailed(bad);
	return details;
};

export const tasksFailed = (count: number): CliError =>
	new CliError(EXIT.taskFailed, `${counted(count, 'task')} did not succeed. See why with: millrace task ID --log`);
