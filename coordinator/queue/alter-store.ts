import type { Database } from 'better-sqlite3';
import type { TaskState } from '../../shared/protocol/task.ts';
import { type ActPart, prepareActPart, prepareForgetNotes, prepareNotes } from '../acts/act-store.ts';
import { writeOperation } from '../database/operation.ts';
import { type Alterable, judgeAlteration, judgeUndo, type Unaltered, type Wanted } from './judge-alteration.ts';
import { OPEN_COLUMNS, OPEN_WIDTH, type OpenRow, openRowOf } from './open-task.ts';

/** A task that is other than it was, as the index needs it. */
export interface Altered {
	row: OpenRow;
	id: string;
	state: TaskState;
}

/** What came of one part of an act. */
export interface AlteredPart {
	altered: Altered[];
	skipped: number;
	/** Why the last of those that were skipped was. */
	why: Unaltered | null;
}

type Stored = Parameters<typeof judgeAlteration>[0] & { ownerSeq: number };

const prepareAlter = (db: Database) => {
	const find = db.prepare(
		`SELECT t.state, u.id AS owner, t.owner_seq AS ownerSeq, t.held_at AS heldAt, t.held_by AS heldBy,
		        t.held_reason AS heldReason, t.boosted_at AS boostedAt, t.routing_key AS routingKey,
		        (SELECT reason FROM budget_waits WHERE task_seq = t.seq) AS awaitsBudget
		 FROM tasks t JOIN users u ON u.seq = t.owner_seq WHERE t.seq = ?`,
	);
	const update = db
		.prepare(
			`UPDATE tasks SET held_at = @heldAt, held_by = @heldBy, held_reason = @heldReason, boosted_at = @boostedAt,
			   routing_key = @routingKey, version = version + 1
			 WHERE seq = @seq RETURNING ${OPEN_COLUMNS}, id, state`,
		)
		.raw();
	// So that lists by queue know it. An administrator's word does not count against the owner's number of keys.
	const knowKey = db.prepare('INSERT OR IGNORE INTO routing_keys (owner_seq, key) VALUES (?, ?)');
	return {
		find: (seq: number) => find.get(seq) as Stored | undefined,
		alter(seq: number, task: Stored, to: Alterable): Altered {
			if (to.routingKey !== task.routingKey) knowKey.run(task.ownerSeq, to.routingKey);
			const row = update.get({ ...to, seq }) as unknown[];
			return { row: openRowOf(row), id: row[OPEN_WIDTH] as string, state: row[OPEN_WIDTH + 1] as TaskState };
		},
	};
};

const alterableOf = ({ heldAt, heldBy, heldReason, boostedAt, routingKey }: Alterable) => ({
	...{ heldAt, heldBy, heldReason, boostedAt, routingKey },
});

/** Alters some tasks in one transaction; those to which it cannot be done, or that are so already, are skipped. */
export const alterTasks = writeOperation('queue.alter-tasks', (db) => {
	const { find, alter } = prepareAlter(db);
	const addPart = prepareActPart(db);
	return (args: { act: number | null; seqs: readonly number[]; wanted: Wanted }): AlteredPart => {
		const altered: Altered[] = [];
		const notes: ActPart['notes'][number][] = [];
		let why: Unaltered | null = null;
		for (const seq of args.seqs) {
			const task = find(seq);
			const to = task ? judgeAlteration(task, args.wanted) : 'over';
			if (!task || typeof to === 'string') {
				why = to as Unaltered;
				continue;
			}
			notes.push({ seq, before: alterableOf(task) });
			altered.push(alter(seq, task, to));
		}
		const skipped = args.seqs.length - altered.length;
		if (args.act !== null) addPart({ act: args.act, changed: altered.length, skipped, notes });
		return { altered, skipped, why };
	};
});

/** Puts back what some tasks of an act were, where the act's word still stands; `lastSeq` is where the next part begins. */
export const undoAlterations = writeOperation('queue.undo-alterations', (db) => {
	const { find, alter } = prepareAlter(db);
	const addPart = prepareActPart(db);
	const notesOf = prepareNotes(db);
	const forget = prepareForgetNotes(db);
	return (args: {
		act: number;
		undoes: number;
		done: Wanted;
		afterSeq: number;
		limit: number;
	}): AlteredPart & { lastSeq: number | null } => {
		const notes = notesOf(args.undoes, args.afterSeq, args.limit);
		const altered: Altered[] = [];
		for (const { seq, before } of notes) {
			const task = find(seq);
			const to = task ? judgeUndo(task, args.done, before as unknown as Alterable) : null;
			if (task && to) altered.push(alter(seq, task, to));
		}
		const skipped = notes.length - altered.length;
		addPart({ act: args.act, changed: altered.length, skipped, notes: [] });
		const lastSeq = notes.at(-1)?.seq ?? null;
		// An undo that is cut and begun again must not take back what was said after its first try.
		if (lastSeq !== null) forget(args.undoes, lastSeq);
		return { altered, skipped, why: null, lastSeq: notes.length === args.limit ? lastSeq : null };
	};
});
