import type { TaskVerb } from '../../shared/protocol/act.ts';
import { BUDGET_HOLDER } from '../../shared/protocol/budget.ts';
import { isFinalTaskState, type TaskState } from '../../shared/protocol/task.ts';

/** What somebody may say about a task in line without ending it. */
export const ALTERATIONS = ['hold', 'release', 'boost', 'unboost', 'move'] as const satisfies readonly TaskVerb[];
export type Alteration = (typeof ALTERATIONS)[number];

/** What of a task an act can alter. */
export interface Alterable {
	heldAt: number | null;
	heldBy: string | null;
	heldReason: string | null;
	boostedAt: number | null;
	routingKey: string;
}

/** An alteration to be made. */
export interface Wanted {
	verb: Alteration;
	/** Public id of who asks. */
	by: string;
	/** It is only an owner who asks: what an administrator holds stays held. */
	asOwner: boolean;
	at: number;
	reason: string | null;
	routingKey: string | null;
}

/** Why a task is left as it is: it is over, it runs, it is so already, somebody else holds it, or a budget does. */
export type Unaltered = 'over' | 'running' | 'same' | 'held-by-other' | 'held-by-budget';

/**
 * What a task is to be after the alteration, or why it stays as it is. Whoever holds a task is noted: an owner may
 * release the own hold alone, so an administrator's hold on top of it becomes the administrator's. A budget's hold gives way
 * to people's, and stands again when they release it and there is no room yet.
 */
export const judgeAlteration = (
	task: Alterable & { state: TaskState; owner: string; awaitsBudget: string | null },
	wanted: Wanted,
): Alterable | Unaltered => {
	if (isFinalTaskState(task.state)) return 'over';
	const { heldAt, heldBy, heldReason, boostedAt, routingKey } = task;
	const now: Alterable = { heldAt, heldBy, heldReason, boostedAt, routingKey };
	switch (wanted.verb) {
		case 'hold': {
			const isOwners = heldBy === task.owner && wanted.by !== task.owner && !wanted.asOwner;
			if (heldAt !== null && !isOwners && heldBy !== BUDGET_HOLDER) return 'same';
			return { ...now, heldAt: wanted.at, heldBy: wanted.by, heldReason: wanted.reason };
		}
		case 'release':
			if (heldAt === null) return 'same';
			if (heldBy === BUDGET_HOLDER) return 'held-by-budget';
			if (wanted.asOwner && heldBy !== wanted.by) return 'held-by-other';
			return task.awaitsBudget === null
				? { ...now, heldAt: null, heldBy: null, heldReason: null }
				: { ...now, heldAt: wanted.at, heldBy: BUDGET_HOLDER, heldReason: task.awaitsBudget };
		case 'boost':
		case 'unboost': {
			if (task.state === 'running') return 'running';
			if ((boostedAt !== null) === (wanted.verb === 'boost')) return 'same';
			return { ...now, boostedAt: wanted.verb === 'boost' ? wanted.at : null };
		}
		case 'move':
			if (task.state === 'running') return 'running';
			if (wanted.routingKey === null || routingKey === wanted.routingKey) return 'same';
			return { ...now, routingKey: wanted.routingKey };
	}
};

/** What a task was before an act, put back; null when the act's word does not stand any more. */
export const judgeUndo = (
	task: Alterable & { state: TaskState },
	done: Wanted,
	before: Alterable,
): Alterable | null => {
	if (isFinalTaskState(task.state)) return null;
	const { heldAt, heldBy, heldReason, boostedAt, routingKey } = task;
	const now: Alterable = { heldAt, heldBy, heldReason, boostedAt, routingKey };
	const held = { heldAt: before.heldAt, heldBy: before.heldBy, heldReason: before.heldReason };
	switch (done.verb) {
		case 'hold':
			return heldAt === done.at && heldBy === done.by ? { ...now, ...held } : null;
		case 'release':
			return heldAt === null ? { ...now, ...held } : null;
		case 'boost':
			return boostedAt === done.at && task.state !== 'running' ? { ...now, boostedAt: before.boostedAt } : null;
		case 'unboost':
			return boostedAt === null && task.state !== 'running' ? { ...now, boostedAt: before.boostedAt } : null;
		case 'move':
			if (task.state === 'running' || routingKey !== done.routingKey) return null;
			return { ...now, routingKey: before.routingKey };
	}
};
