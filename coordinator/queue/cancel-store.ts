import type { Database } from 'better-sqlite3';
import { isFinalTaskState, type TaskState } from '../../shared/protocol/task.ts';
import { type ActPart, prepareActPart } from '../acts/act-store.ts';
import { writeOperation } from '../database/operation.ts';
import type { Unaltered } from './judge-alteration.ts';
import { prepareSettleDependents } from './lease-store.ts';
import type { DroppedTask } from './open-store.ts';

/** Tasks that waited for others and end with them, in one transaction; past that the rest goes into the next. */
const MOST_DROPPED = 5_000;

/** What came of cancelling one task: it and what waited for it ended, or it runs and is to be stopped, or it stays as it is. */
type Cancelled =
	| { to: 'end'; ended: DroppedTask[]; was: TaskState }
	| { to: 'stop'; id: string; again: boolean; was: TaskState }
	| { to: 'stay'; why: Unaltered };

interface How {
	/** What runs is left alone. */
	onlyUnrun: boolean;
	/** A person's word about the own task. */
	isOwn: boolean;
}

/**
 * Cancels a task for good inside somebody's transaction: at once if it does not run, else as soon as its attempt has
 * ended, on whatever node, after whatever restart.
 */
const prepareCancel = (db: Database): ((seq: number, now: number, how: How) => Cancelled) => {
	const find = db.prepare('SELECT id, owner_seq AS ownerSeq, state, cancel_at AS cancelAt FROM tasks WHERE seq = ?');
	const end = db.prepare(
		`UPDATE tasks SET state = 'cancelled', cancel_at = @now, finished_at = @now, due_at = NULL, version = version + 1
		 WHERE seq = @seq`,
	);
	// The first act's word stands, but for a person's own later one: no undo of that act may take it back. Its time must
	// be another one then, also within the same millisecond.
	const say = db.prepare('UPDATE tasks SET cancel_at = max(@now, coalesce(cancel_at, 0) + 1) WHERE seq = @seq');
	const ask = db.prepare('UPDATE tasks SET cancel_at = coalesce(cancel_at, @now) WHERE seq = @seq');
	const settleDependents = prepareSettleDependents(db);
	return (seq, now, { onlyUnrun, isOwn }) => {
		const task = find.get(seq) as
			| { id: string; ownerSeq: number; state: TaskState; cancelAt: number | null }
			| undefined;
		if (!task) return { to: 'stay', why: 'over' };
		const { id, ownerSeq, state } = task;
		if (isFinalTaskState(state)) {
			if (state !== 'cancelled') return { to: 'stay', why: 'over' };
			if (isOwn && !onlyUnrun) say.run({ seq, now });
			return { to: 'stay', why: 'same' };
		}
		if (state === 'running') {
			if (onlyUnrun) return { to: 'stay', why: 'running' };
			(isOwn ? say : ask).run({ seq, now });
			return { to: 'stop', id, again: task.cancelAt !== null, was: state };
		}
		end.run({ seq, now });
		const { dropped } = settleDependents(seq, 'cancelled', now);
		const all = [{ seq, id }, ...dropped];
		const ended = all.map((one): DroppedTask => ({ seq: one.seq, id: one.id, ownerSeq, state: 'cancelled' }));
		return { to: 'end', ended, was: state };
	};
};

/** What came of cancelling some tasks. */
export interface CancelledPart {
	/** How many of the given tasks have been dealt with; fewer than all when very many waited for them. */
	handled: number;
	ended: DroppedTask[];
	/** Public ids of those that run and are to be stopped. */
	asked: string[];
	skipped: number;
	/** Why the last of those that were skipped was. */
	why: Unaltered | null;
}

/** Cancels some tasks in one transaction, as a part of an act, or by their owner: then `act` is null and nothing is noted. */
export const cancelTasks = writeOperation('queue.cancel-tasks', (db) => {
	const cancel = prepareCancel(db);
	const addPart = prepareActPart(db);
	return (args: { act: number | null; seqs: readonly number[]; now: number; onlyUnrun: boolean }): CancelledPart => {
		const { act, seqs, now, onlyUnrun } = args;
		const part: CancelledPart = { handled: 0, ended: [], asked: [], skipped: 0, why: null };
		let dropped = 0;
		const notes: ActPart['notes'][number][] = [];
		// What waits for a time or for other tasks would not come back as it was; a purge is not taken back.
		const note = (seq: number, was: TaskState) => {
			if (was !== 'waiting' && !onlyUnrun) notes.push({ seq, before: { state: was } });
		};
		const skip = (why: Unaltered) => {
			part.skipped += 1;
			part.why = why;
		};
		for (const seq of seqs) {
			if (dropped > MOST_DROPPED) break;
			part.handled += 1;
			const done = cancel(seq, now, { onlyUnrun, isOwn: act === null });
			if (done.to === 'stay') skip(done.why);
			else if (done.to === 'end') {
				note(seq, done.was);
				dropped += done.ended.length - 1;
				// One by one: there may be more than a call takes arguments.
				for (const task of done.ended) part.ended.push(task);
			} else {
				// Who is told already is told again: the first time may have been lost.
				part.asked.push(done.id);
				if (done.again) skip('same');
				else note(seq, done.was);
			}
		}
		const { handled, skipped } = part;
		if (act !== null) addPart({ act, changed: handled - skipped, skipped, notes });
		return part;
	};
});
