import { BUDGET_HOLDER } from '../../shared/protocol/budget.ts';
import type { TaskState } from '../../shared/protocol/task.ts';
import { nodeOf } from './node-of.ts';

/** A row of `tasks` with its owner's public id. */
export interface TaskRow {
	seq: number;
	id: string;
	ownerSeq: number;
	owner: string;
	ownerName: string;
	typeSeq: number;
	state: TaskState;
	version: number;
	routingKey: string;
	priority: number;
	/** The service class asked for at submit. */
	askedClass: string | null;
	inputs: string;
	createdAt: number;
	dueAt: number | null;
	expiresAt: number | null;
	queuedAt: number | null;
	startedAt: number | null;
	finishedAt: number | null;
	blockers: number;
	failures: number;
	attempt: number;
	/** Where it runs, or ran last once it is over. */
	node: string | null;
	cancelAt: number | null;
	heldAt: number | null;
	/** Name of who holds it, and whether that is its owner. */
	heldBy: string | null;
	heldByOwner: 0 | 1;
	heldByBudget: 0 | 1;
	heldReason: string | null;
	boostedAt: number | null;
	errorCode: string | null;
	errorMessage: string | null;
	estimateMicro: number | null;
}

/** Of `tasks t JOIN users u`, as a `TaskRow`. */
export const TASK_COLUMNS = `t.seq, t.id, t.owner_seq AS ownerSeq, u.id AS owner, u.username AS ownerName, t.type_seq AS typeSeq, t.state, t.version,
	t.routing_key AS routingKey, t.priority, t.service_class AS askedClass, t.inputs, t.created_at AS createdAt, t.due_at AS dueAt,
	t.expires_at AS expiresAt, t.queued_at AS queuedAt, t.started_at AS startedAt, t.finished_at AS finishedAt,
	t.blockers, t.failures, t.attempt, t.cancel_at AS cancelAt, t.held_at AS heldAt,
	t.held_reason AS heldReason, t.boosted_at AS boostedAt, coalesce(t.held_by = u.id, 0) AS heldByOwner,
	coalesce(t.held_by = '${BUDGET_HOLDER}', 0) AS heldByBudget, t.estimate_micro AS estimateMicro,
	coalesce((SELECT username FROM users h WHERE h.id = t.held_by), t.held_by) AS heldBy, t.error_code AS errorCode,
	t.error_message AS errorMessage,
	${nodeOf('t')} AS node`;
