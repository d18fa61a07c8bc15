import { writeOperation } from '../database/operation.ts';
import { prepareDropHappening } from '../happenings/happening-store.ts';
import type { StoredInput } from '../queue/open-task.ts';
import {
	type Excess,
	type NewTask,
	prepareExcess,
	prepareSubmit,
	type QueuedCap,
	type Submitted,
} from '../queue/submit-store.ts';
import { prepareApply } from '../recipes/apply-store.ts';
import { addCounts } from './skips.ts';

/**
 * Makes a page's tasks and moves the job's cursor past it, in one transaction: each page is made once, however often it
 * is tried. `moved`: somebody else has made it, or the job was paused or cancelled meanwhile, and nothing is made.
 */
export const feedPage = writeOperation('jobs.feed-page', (db) => {
	const move = db.prepare(
		`UPDATE jobs SET cursor = @after WHERE seq = @seq AND cursor IS @before AND state = 'feeding' AND fed_at IS NULL`,
	);
	const skipsOf = db.prepare('SELECT skips FROM jobs WHERE seq = ?').pluck();
	const skip = db.prepare('UPDATE jobs SET skipped = skipped + ?, skips = ? WHERE seq = ?');
	const end = db.prepare(`UPDATE jobs SET state = 'running', fed_at = ? WHERE seq = ?`);
	const excess = prepareExcess(db);
	const submit = prepareSubmit(db);
	const apply = prepareApply(db);
	/** Only of files for which the trigger has not fired since the page was read. */
	const appliedOnly = (tasks: readonly NewTask[], of: { triggerSeq: number; again: boolean; now: number }) => {
		const byFile = new Map<string, NewTask[]>();
		for (const task of tasks) byFile.set(task.inputs, [...(byFile.get(task.inputs) ?? []), task]);
		return [...byFile].flatMap(([inputs, own]) => {
			const [{ fileSeq, version }] = JSON.parse(inputs) as [StoredInput & { fileSeq: number }];
			return apply({ ...of, fileSeq, version, tasks: own.length }) ? own : [];
		});
	};
	return (args: {
		seq: number;
		ownerSeq: number;
		before: string | null;
		/** Null: it was the last page. */
		after: string | null;
		tasks: NewTask[];
		/** The tasks are those of a trigger that is applied to files that are there already. */
		applied: { triggerSeq: number; again: boolean } | null;
		skips: Record<string, number>;
		cap: QueuedCap | null;
		now: number;
	}): 'moved' | { excess: Excess } | { tasks: NewTask[]; submitted: Submitted[] } => {
		const { seq, ownerSeq, before, after, applied, skips, cap, now } = args;
		const tooMany = cap && excess(ownerSeq, args.tasks, cap);
		if (tooMany) return { excess: tooMany };
		if (move.run({ seq, before, after: after ?? before }).changes === 0) return 'moved';
		const tasks = applied === null ? args.tasks : appliedOnly(args.tasks, { ...applied, now });
		const submitted = submit(tasks, now, 'hold');
		const skipped = Object.values(skips).reduce((sum, count) => sum + count, 0);
		if (skipped > 0) {
			skip.run(skipped, JSON.stringify(addCounts(JSON.parse(skipsOf.get(seq) as string), skips)), seq);
		}
		if (after === null) end.run(now, seq);
		return { tasks, submitted };
	};
});

/** It is known by now that these jobs have room. */
export const dropHungry = writeOperation('jobs.drop-hungry', (db) => {
	const drop = prepareDropHappening(db);
	return (seqs: readonly number[]): null => {
		for (const seq of seqs) drop(seq);
		return null;
	};
});
