import { fullJitterBackoff } from '../../shared/backoff.ts';
import type { Failure } from '../../shared/protocol/agent-link.ts';
import type { TaskState } from '../../shared/protocol/task.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';

/** How an attempt ended, from whichever side: told by the agent, or found out by the coordinator (`lost`). */
export type AttemptEnd =
	| { state: 'succeeded' }
	| { state: 'failed'; failure: Failure }
	| { state: 'cancelled' }
	| { state: 'returned'; reason: string; draining: boolean }
	| { state: 'lost'; reason: string };

export interface AfterAttempt {
	attemptState: 'succeeded' | 'failed' | 'cancelled' | 'returned' | 'lost';
	next: { state: TaskState; dueAt: number | null; avoidNode: string | null };
	reason: string | null;
	error: { code: string; message: string } | null;
	/** What to add to the task's two budgets. */
	failures: 0 | 1;
	losses: 0 | 1;
	/** False when it was the platform's doing: then nobody pays. */
	charged: boolean;
}

/** A node that gives work back is not asked for the same task again at once. */
const RETURN_BACKOFF = { firstMs: 250, mostMs: 30_000 };

/**
 * The state machine's only fork: what becomes of a task after an attempt. Two budgets: `failures` are the task's own,
 * `losses` are workers that died under it; giving work back spends neither.
 */
export const afterAttempt = (
	task: { failures: number; losses: number; attempt: number; node: string; retry: Manifest['retry'] },
	end: AttemptEnd,
	now: number,
	random: () => number,
): AfterAttempt => {
	switch (end.state) {
		case 'succeeded':
			return { ...NOTHING, attemptState: 'succeeded', next: { state: 'succeeded', dueAt: null, avoidNode: null } };
		case 'cancelled':
			return {
				...NOTHING,
				attemptState: 'cancelled',
				next: { state: 'cancelled', dueAt: null, avoidNode: null },
				reason: 'cancelled',
			};
		case 'returned': {
			const base = { ...NOTHING, attemptState: 'returned' as const, reason: end.reason, charged: false };
			if (end.draining) return { ...base, next: { state: 'queued', dueAt: null, avoidNode: null } };
			const delay = fullJitterBackoff(RETURN_BACKOFF, task.attempt, random);
			return { ...base, next: { state: 'retrying', dueAt: now + delay, avoidNode: task.node } };
		}
		case 'lost':
			return lost(task, end.reason, now, random);
		case 'failed': {
			const { failure } = end;
			if (failure.class === 'crash') return lost(task, failure.message, now, random);
			const error = { code: failure.code, message: failure.message };
			const base = {
				...NOTHING,
				attemptState: 'failed' as const,
				reason: `${failure.code}: ${failure.message}`,
				error,
				failures: 1 as const,
			};
			const hopeless = failure.class === 'permanent' || failure.class === 'input';
			if (hopeless || task.failures + 1 >= task.retry.maxFailures) {
				return { ...base, next: { state: 'failed', dueAt: null, avoidNode: null } };
			}
			const backoff = { firstMs: task.retry.backoffMs, mostMs: task.retry.backoffMaxMs };
			const delay = Math.max(fullJitterBackoff(backoff, task.failures + 1, random), failure.retryAfterMs ?? 0);
			return { ...base, next: { state: 'retrying', dueAt: now + delay, avoidNode: null } };
		}
	}
};

const NOTHING = { reason: null, error: null, failures: 0, losses: 0, charged: true } as const;

const lost = (
	task: { losses: number; node: string; retry: Manifest['retry'] },
	reason: string,
	now: number,
	random: () => number,
): AfterAttempt => {
	const base = { ...NOTHING, attemptState: 'lost' as const, reason, losses: 1 as const, charged: false };
	if (task.losses + 1 >= task.retry.maxWorkerLosses) {
		const message = `${task.losses + 1} workers were lost while they ran it; the last: ${reason}`;
		return {
			...base,
			error: { code: 'worker-lost', message },
			next: { state: 'quarantined', dueAt: null, avoidNode: null },
		};
	}
	// The first loss is most likely the node's: again at once, elsewhere. A second one waits a little.
	if (task.losses === 0) return { ...base, next: { state: 'queued', dueAt: null, avoidNode: task.node } };
	const delay = fullJitterBackoff({ firstMs: 1_000, mostMs: 10_000 }, task.losses, random);
	return { ...base, next: { state: 'retrying', dueAt: now + delay, avoidNode: task.node } };
};
