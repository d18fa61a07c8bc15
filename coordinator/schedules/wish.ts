import type { Role } from '../../shared/protocol/account.ts';
import type { Json } from '../../shared/protocol/json.ts';
import type { NewTask, QueuedCap } from '../queue/submit-store.ts';

/** Whose schedule it is; the role may have changed since it was made. */
export interface WishOwner {
	seq: number;
	role: Role;
}

/** What a run makes, checked and ready to be stored in one transaction with the run itself. */
export interface PreparedWork {
	/** Public id and version of the recipe that it is made from; null: of none. */
	recipe: string | null;
	recipeVersion: number | null;
	/** As it is now, for the job's record. */
	wish: Json;
	/** Their job is filled in when it is there. None, when it is fed later or all is skipped. */
	tasks: NewTask[];
	/** What is not made: reason -> how many. */
	skips: Record<string, number>;
	/** How many tasks there will be; null: that is not known before all are made. */
	planned: number | null;
	/** The job's tasks are made page by page after the commit. */
	isFeeding: boolean;
	/** How many open tasks the owner may have that do not run; null: any number. */
	cap: QueuedCap | null;
}

/** What schedules can ask for: a kind, or all of them. */
export interface Wishes {
	/**
	 * Makes a stored wish ready for a run. Throws a CodedError when the owner may not have that, or it cannot be done any
	 * more: a new or changed schedule is refused by it, and a run of one that is there becomes `refused`.
	 */
	prepare(owner: WishOwner, wish: Json, scheduleSeq: number, now: number): Promise<PreparedWork>;
}
