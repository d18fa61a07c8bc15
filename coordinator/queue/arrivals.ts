import { newOpenRow } from './open-task.ts';
import type { OpenTasks } from './open-tasks.ts';
import type { NewTask, Submitted } from './submit-store.ts';
import type { TaskAnnouncements } from './task-announcements.ts';
import type { TaskTypes } from './task-types.ts';
import type { Timekeeper } from './timekeeper.ts';

/** More tasks than these in one commit are announced as a whole: nobody reads so many lines. */
const ANNOUNCED_ONE_BY_ONE = 100;

interface ArrivalsParts {
	open: OpenTasks;
	timekeeper: Timekeeper;
	announcements: TaskAnnouncements;
	types: TaskTypes;
}

/** Brings tasks whose rows are committed into the index, to the timekeeper and to whoever watches. */
export class Arrivals {
	readonly #o: ArrivalsParts;
	/** Tasks that came in since the start. */
	count = 0;

	constructor(parts: ArrivalsParts) {
		this.#o = parts;
	}

	accept(submitted: readonly Submitted[], tasks: readonly NewTask[], now: number): void {
		const { open, timekeeper, announcements, types } = this.#o;
		const many = submitted.length > ANNOUNCED_ONE_BY_ONE;
		for (const [i, { seq, id, state, deduplicated, held }] of submitted.entries()) {
			const task = tasks[i];
			if (!task || deduplicated) continue;
			this.count += 1;
			const { typeSeq, parameters, inputs, notBefore, expiresAt } = task;
			const given = task.origin?.given ? JSON.stringify(task.origin.given) : null;
			if (state === 'queued' && !held) open.enqueue(newOpenRow(task, seq, now), { id, parameters, inputs, given });
			if (notBefore !== null && state === 'waiting') timekeeper.noteDue(notBefore);
			if (expiresAt !== null) timekeeper.noteDue(expiresAt);
			if (!many) announcements.submitted(task, id, state, types.bySeq(typeSeq).name);
		}
		const [first] = tasks;
		if (many && first) announcements.othersChanged(first.ownerSeq);
	}
}
