import type { Me } from '../../../shared/protocol/account.ts';
import { BUDGET_HOLDER } from '../../../shared/protocol/budget.ts';
import type { TaskDetail, TaskState } from '../../../shared/protocol/task.ts';
import { formatDuration, formatPercent } from '../format.ts';

type HeadlineFacts = Pick<
	TaskDetail,
	'state' | 'waitingBecause' | 'node' | 'phase' | 'progress' | 'startedAt' | 'finishedAt' | 'error' | 'cancelRequested'
>;

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** How a task is, in one sentence: for a person who wants to know whether to wait, to act, or to be glad. */
export const headlineOf = (task: HeadlineFacts): string => {
	const because = task.waitingBecause === null ? null : sentence(task.waitingBecause);
	switch (task.state) {
		case 'waiting':
			return because ?? 'Waits for its time, or for other tasks.';
		case 'queued':
			return because ?? 'In the queue; begins as soon as a node is free.';
		case 'retrying':
			return because ?? `Tries again shortly${task.error ? ` after: ${sentence(task.error.message)}` : '.'}`;
		case 'running': {
			if (task.cancelRequested) return 'Is being stopped.';
			const parts = [task.node ? `Runs on ${task.node}` : 'Runs'];
			if (task.progress !== null) parts.push(formatPercent(task.progress));
			if (task.phase) parts.push(task.phase);
			return sentence(parts.join(', '));
		}
		case 'succeeded':
			return `Done${tookOf(task)}.`;
		case 'failed':
			return `Failed${tookOf(task)}: ${sentence(task.error?.message ?? 'no reason was given')}`;
		case 'cancelled':
			return 'Was cancelled.';
		case 'expired':
			return 'Expired before it could begin.';
		case 'quarantined':
			return `Set aside, because workers died under it: ${sentence(task.error?.message ?? 'no reason was given')}`;
	}
};

const tookOf = ({ startedAt, finishedAt }: HeadlineFacts): string =>
	startedAt === null || finishedAt === null
		? ''
		: ` after ${formatDuration(Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)))}`;

const CANCELLABLE: readonly TaskState[] = ['waiting', 'queued', 'running', 'retrying'];
const HOLDABLE: readonly TaskState[] = ['waiting', 'queued', 'retrying'];
const RETRYABLE: readonly TaskState[] = ['failed', 'cancelled', 'expired', 'quarantined'];

export const canCancel = (task: { state: TaskState; cancelRequested: boolean }): boolean =>
	CANCELLABLE.includes(task.state) && !task.cancelRequested;

export const canRetry = (task: { state: TaskState }): boolean => RETRYABLE.includes(task.state);

type Holdable = Pick<TaskDetail, 'state' | 'held' | 'owner' | 'cancelRequested'>;
type Person = Pick<Me, 'id' | 'username' | 'role'>;

/** Owners hold their own, operators any. */
export const canHold = (task: Holdable, me: Person): boolean =>
	task.held === null &&
	HOLDABLE.includes(task.state) &&
	!task.cancelRequested &&
	(me.role !== 'user' || task.owner === me.id);

/** Owners end the hold that is theirs; what operators hold is for operators, and what a budget holds goes on by itself. */
export const canRelease = ({ held, owner }: Pick<Holdable, 'held' | 'owner'>, me: Person): boolean =>
	held !== null && held.by !== BUDGET_HOLDER && (me.role !== 'user' || (owner === me.id && held.by === me.username));
