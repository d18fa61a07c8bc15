import { isFinalTaskState } from '../../shared/protocol/task.ts';
import type { Waiting } from '../../shared/protocol/waiting.ts';
import type { Obstacle, WaitingReason } from '../scheduler/waiting-reason.ts';
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

type Words = Pick<TaskWhole, 'row' | 'openBefore' | 'budget' | 'attempts'>;

/** Why a task has not started, or null when it is not waiting: the rule, what is ahead, what unblocks it. */
export const waitingWords = (task: Words, explain: (seq: number) => WaitingReason | null): Waiting | null => {
	const { row } = task;
	const [first] = outOfLineWords(task);
	if (first !== undefined) return first;
	if (row.state !== 'queued') return null;
	const reason = explain(row.seq);
	return reason ? waitingInLine(reason) : outOfLine('starting', 'It is being handed to a node at this moment.', {});
};

/** All that keeps a task out of line, in the order in which it has to go; empty for one that is in line, runs or is over. */
export const outOfLineWords = (task: Words): Waiting[] => {
	const { row } = task;
	if (row.state === 'running' || isFinalTaskState(row.state)) return [];
	const reasons: (Waiting | null)[] = row.heldAt === null ? [] : held(task, row.heldAt);
	if (row.state === 'retrying') reasons.push(retry(task));
	if (row.state === 'waiting') reasons.push(row.blockers > 0 ? afterOthers(task) : null, notBefore(task));
	return reasons.filter((one) => one !== null);
};

const retry = ({ row, attempts }: Words): Waiting => {
	const reason = attempts.at(-1)?.reason ?? 'the last attempt did not succeed';
	const when = row.dueAt === null ? 'soon' : `at ${timeInWords(row.dueAt)}`;
	return outOfLine('retry', `Attempt ${row.attempt} ended (${reason}); it is queued again ${when}.`, {
		attempt: row.attempt,
		reason,
		dueAt: row.dueAt === null ? null : at(row.dueAt),
	});
};

const outOfLine = (rule: Waiting['rule'], because: string, facts: Waiting['facts']): Waiting => ({
	...{ rule, because, facts },
	queue: null,
	ahead: null,
});

/** Who holds it, why, and what lets it go. A person's hold stands above a budget's, which stands again after it. */
const held = ({ row, budget }: Words, heldAt: number): Waiting[] => {
	const { heldBy, heldByOwner, heldByBudget, heldReason } = row;
	if (heldByBudget === 1) return [heldByBudgetOf(heldReason, budget?.id ?? null, heldAt)];
	const isOwners = heldByOwner === 1;
	const why = heldReason === null ? '' : ` (“${heldReason}”)`;
	const who = isOwners ? 'its owner' : `${heldBy}, who looks after this system,`;
	const whoFrees = isOwners ? 'its owner or an operator' : 'an operator or administrator';
	const because = `It is held by ${who} since ${timeInWords(heldAt)}${why}; it goes into line when ${whoFrees} releases it.`;
	const held = outOfLine('held', because, { since: at(heldAt), by: heldBy, byOwner: isOwners, reason: heldReason });
	return budget === null ? [held] : [held, heldByBudgetOf(budget.reason, budget.id, null)];
};

/** `since`: from when on it alone holds the task; null: it does not yet. */
const heldByBudgetOf = (budget: string | null, budgetId: string | null, since: number | null): Waiting => {
	const goesOn = 'it goes into line by itself when other work has ended, the budget is raised or the next month begins';
	const because =
		since === null
			? `When it is released it is held on, because ${budget} has no room for it; ${goesOn}.`
			: `It is held since ${timeInWords(since)}, because ${budget} has no room for it; ${goesOn}.`;
	return outOfLine('budget', because, { since: since === null ? null : at(since), budget, budgetId });
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
export const waitingInLine = (reason: Obstacle): Waiting => {
	const { rule, ...rest } = reason;
	const { queue = null, ahead = null, ...facts } = rest as { queue?: string; ahead?: Waiting['ahead'] };
	const known = 'holders' in reason ? { ...facts, holders: reason.holders.length } : facts;
	return { rule, because: waitingSentence(reason), queue, ahead, facts: known as Waiting['facts'] };
};
