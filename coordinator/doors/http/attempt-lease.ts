import { CodedError } from '../../../shared/coded-error.ts';
import type { Agents } from '../../agents/agents.ts';
import type { Lease } from '../../queue/open-task.ts';
import type { TaskQueue } from '../../queue/task-queue.ts';

export interface AttemptRooms {
	agents: Pick<Agents, 'nodes'>;
	queue: Pick<TaskQueue, 'liveAttempt'>;
}

/** The live attempt that a request's token is of. Throws `unauthenticated`, `stale-attempt` or `node-revoked`. */
export const attemptLease =
	({ agents, queue }: AttemptRooms) =>
	(params: { task: string; attempt: number }, authorization: string | undefined): Lease => {
		const token = /^Attempt ([0-9a-f]{32})$/.exec(authorization ?? '')?.[1];
		if (token === undefined)
			throw new CodedError('unauthenticated', 'Send the header `Authorization: Attempt <token>`.');
		const lease = queue.liveAttempt({ task: params.task, attempt: params.attempt, token });
		if (!lease) throw new CodedError('stale-attempt');
		if (!agents.nodes.isTrusted(lease.node)) throw new CodedError('node-revoked');
		return lease;
	};
