import { isFinalTaskState } from '../../shared/protocol/task.ts';
import type { Waiting } from '../../shared/protocol/waiting.ts';
import type { WaitingReason } from '../scheduler/waiting-reason.ts';
import { waitingSentence } from '../scheduler/waiting-sentence.ts';
import type { TaskWhole } from './task-read-store.ts';

const at = (ms: number): string => new Date(ms).toISOString();

/** For a person who reads it in a log or a terminal: `2026-03-01 07:30 UTC`, with seconds where there are any. */
export const timeInWords = (ms: number): string => {
	const [day, time = ''] = at(ms).split('T');
	const clock = time.slice(0, 8);
	return `${day} ${clock.endsWith(':00') ? clock.slice(0, 5) : clock} UTC`;
};

const names = (ids: readonly string[]): string =>
	ids.length === 1 ? `task ${ids[0]}` : `${ids.length} tasks, among them ${ids[0]},`;

/** Of tasks that it waits for so many are named. */
const MOST_NAMED = 20;

type Words = Pick<TaskWhole, 'row' | 'openBefore' | 'attempts'>;

/** Why a task has not started, or null when it is not waiting: the rule, what is ahead, what unblocks it. */
export const waitingWords = (task: Words, explain: (seq: number) => WaitingReason | null): Waiting | null => {
	const { row } = task;
	if (row.heldAt !== null && row.state !== 'running' && !isFinalTaskState(row.state)) return held(row, row.heldAt);
	switch (row.state) {
		case 'waiting':
			return row.blockers > 0 ? afterOthers(task) : notBefore(task);
		case 'retrying': {
			const reason = task.attempts.at(-1)?.reason ?? 'the last attempt did not succeed';
			const when = row.dueAt === null ? 'soon' : `at ${timeInWords(row.dueAt)}`;
			return outOfLine('retry', `Attempt ${row.attempt} ended (${reason}); it is queued again ${when}.`, {
				attempt: row.attempt,
				reason,
				dueAt: row.dueAt === null ? null : at(row.dueAt),
			});
		}
		case 'queued': {
			const reason = explain(row.seq);
			return reason ? waitingInLine(reason) : outOfLine('starting', 'It is being handed to a node at this moment.', {});
		}
		default:
			return null;
	}
};

const outOfLine = (rule: Waiting['rule'], because: string, facts: Waiting['facts']): Waiting => ({
	...{ rule, because, facts },
	queue: null,
	ahead: null,
});

/** Who holds it, why, and what lets it go. */
const held = ({ heldBy, heldByOwner, heldByBudget, heldReason }: Words['row'], heldAt: number): Waiting => {
	if (heldByBudget === 1) {
		const words = `It is held since ${timeInWords(heldAt)}, because ${heldReason} has no room for it; it goes into line by itself when other work has ended, the budget is raised or the next month begins.`;
		return outOfLine('budget', words, { since: at(heldAt), budget: heldReason });
	}
	const isOwners = heldByOwner === 1;
	const why = heldReason === null ? '' : ` (“${heldReason}”)`;
	const who = isOwners ? 'its owner' : `${heldBy}, who looks after this system,`;
	const whoFrees = isOwners ? 'its owner or an operator' : 'an operator or administrator';
	const because = `It is held by ${who} since ${timeInWords(heldAt)}${why}; it goes into line when ${whoFrees} releases it.`;
	return outOfLine('held', because, { since: at(heldAt), by: heldBy, byOwner: isOwners, reason: heldReason });
};

const afterOthers = ({ row, openBefore }: Words): Waiting => {
	const time = row.dueAt === null ? '' : ` and not before ${timeInWords(row.dueAt)}`;
	const because = `It waits for ${names(openBefore)} to succeed${time}; it is queued as soon as that has happened.`;
	return outOfLine('after', because, { tasks: openBefore.slice(0, MOST_NAMED), count: openBefore.length });
};

const notBefore = ({ row }: Words): Waiting | null => {
	if (row.dueAt === null) return null;
	const because = `It is not to start before ${timeInWords(row.dueAt)}; it is queued at that time.`;
	return outOfLine('not-before', because, { dueAt: at(row.dueAt) });
};

/** What the scheduler says of a task in line. */
export const waitingInLine = (reason: WaitingReason): Waiting => {
	const { rule, ...rest } = reason;
	const { queue = null, ahead = null, ...facts } = rest as { queue?: string; ahead?: Waiting['ahead'] };
	const known = 'holders' in reason ? { ...facts, holders: reason.holders.length } : facts;
	return { rule, because: waitingSentence(reason), queue, ahead, facts: known as Waiting['facts'] };
};
