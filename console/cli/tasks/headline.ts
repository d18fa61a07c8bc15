import type { TaskDetail, TaskSummary } from '../../../shared/protocol/task.ts';
import { durationInWords, localTime } from '../terminal/words.ts';

/** What the task does to what: `thumbnail of /a.jpg`. */
const subject = ({ type, inputs }: TaskSummary): string => {
	const [first, ...others] = inputs;
	if (first === undefined) return type;
	const more = others.length === 0 ? '' : ` and ${others.length} more`;
	return `${type} of ${first.path ?? first.file}${more}`;
};

const between = (from: string | null, to: string | null): string | null =>
	from === null || to === null ? null : durationInWords(Math.max(0, Date.parse(to) - Date.parse(from)));

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const lastNode = (task: TaskDetail): string | null => task.node ?? task.attempts.at(-1)?.node ?? null;

/** How a running task is: `40 %, resizing`. */
const progressOf = ({ progress, phase }: TaskSummary): string => {
	const parts = [progress === null ? null : `${Math.round(progress * 100)} %`, phase].filter((part) => part !== null);
	return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
};

/** One sentence that says how the task is, and when it waits, why. Holds words of the server. */
export const headline = (task: TaskDetail): string => {
	const what = subject(task);
	const node = lastNode(task);
	const on = node === null ? '' : ` on ${node}`;
	switch (task.state) {
		case 'waiting':
		case 'queued':
		case 'retrying': {
			if (task.cancelRequested) return `${what} is being cancelled.`;
			const why =
				task.waitingBecause ??
				(task.notBefore === null ? null : `It may not start before ${localTime(task.notBefore)}`);
			return why === null ? `${what} is ${task.state}.` : `${what} is ${task.state}: ${sentence(why)}`;
		}
		case 'running':
			if (task.cancelRequested) return `${what} is being cancelled${on}.`;
			return `${what} is running${on}${progressOf(task)}.`;
		case 'succeeded': {
			const took = between(task.startedAt, task.finishedAt);
			return `${what} was done${on}${took === null ? '' : ` in ${took}`}.`;
		}
		case 'failed':
		case 'quarantined': {
			const how = task.state === 'failed' ? 'failed' : 'was set aside (quarantined)';
			return `${what} ${how}${task.error === null ? '.' : `: ${sentence(task.error.message)}`}`;
		}
		case 'cancelled':
			return `${what} was cancelled.`;
		case 'expired':
			return `${what} expired before it could start.`;
	}
};
