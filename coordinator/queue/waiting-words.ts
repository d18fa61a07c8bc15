import type { WaitingReason } from '../scheduler/waiting-reason.ts';
import { waitingSentence } from '../scheduler/waiting-sentence.ts';
import type { TaskWhole } from './task-read-store.ts';

const at = (ms: number): string => new Date(ms).toISOString();

const names = (ids: readonly string[]): string =>
	ids.length === 1 ? `task ${ids[0]}` : `${ids.length} tasks, among them ${ids[0]},`;

/** One sentence why a task has not started, or null when it is not waiting: the rule, what is ahead, what unblocks it. */
export const waitingWords = (
	task: Pick<TaskWhole, 'row' | 'openBefore' | 'attempts'>,
	explain: (seq: number) => WaitingReason | null,
): string | null => {
	const { row, openBefore, attempts } = task;
	switch (row.state) {
		case 'waiting':
			if (row.blockers > 0) {
				const time = row.dueAt === null ? '' : ` and not before ${at(row.dueAt)}`;
				return `It waits for ${names(openBefore)} to succeed${time}; it is queued as soon as that has happened.`;
			}
			return row.dueAt === null ? null : `It is not to start before ${at(row.dueAt)}; it is queued at that time.`;
		case 'retrying': {
			const reason = attempts.at(-1)?.reason ?? 'the last attempt did not succeed';
			const when = row.dueAt === null ? 'soon' : `at ${at(row.dueAt)}`;
			return `Attempt ${row.attempt} ended (${reason}); it is queued again ${when}.`;
		}
		case 'queued': {
			const reason = explain(row.seq);
			return reason ? waitingSentence(reason) : 'It is being handed to a node at this moment.';
		}
		default:
			return null;
	}
};
