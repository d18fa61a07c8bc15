import type { Database } from 'better-sqlite3';
import type { FiringEvent, FiringState } from '../../shared/protocol/trigger.ts';
import { newId } from '../database/new-id.ts';
import type { StoredInput } from '../queue/open-task.ts';
import { type NewTask, prepareSubmit, type Submitted } from '../queue/submit-store.ts';
import { plainOrigin, type TaskOrigin } from '../queue/task-origin-store.ts';
import { prepareOwnsSecret } from '../secrets/named-store.ts';
import { isInbox } from './book.ts';
import type { Plan, PlannedFiring, PlannedTask } from './plan.ts';

/** The version of a file that triggers were asked about, and under what. */
export interface FiredFile {
	ownerSeq: number;
	input: StoredInput;
	event: FiringEvent;
	isResult: boolean;
	lineage: readonly number[];
	/** Its first bytes were looked at when it was planned. */
	isSniffed: boolean;
}

/** The tasks that were made, with what they are. */
export interface Fired {
	tasks: NewTask[];
	submitted: Submitted[];
	/** Names of the tasks' types, in the same order. */
	types: string[];
}

/** Under what a firing was planned that waits for its file's type. */
export type FiringWait = Pick<FiredFile, 'isResult' | 'lineage' | 'isSniffed'>;

const newTask = (file: Pick<FiredFile, 'ownerSeq' | 'input'>, planned: PlannedTask, origin: TaskOrigin, now: number) =>
	({
		id: newId('task', now),
		ownerSeq: file.ownerSeq,
		typeSeq: planned.typeSeq,
		routingKey: planned.routingKey,
		priority: planned.priority,
		serviceClass: planned.serviceClass,
		parameters: planned.parameters,
		inputs: JSON.stringify([file.input]),
		fileSeq: file.input.fileSeq,
		jobSeq: null,
		origin,
		dedupeKey: null,
		notBefore: null,
		expiresAt: null,
		after: [],
	}) satisfies NewTask;

/** The tasks of a firing, for the transaction that makes it. */
export const tasksOf = (file: FiredFile, firing: PlannedFiring, now: number): NewTask[] =>
	firing.tasks.map((planned) => {
		const origin: TaskOrigin = {
			...plainOrigin(file.isResult ? 'result' : file.event),
			recipe: firing.recipe,
			recipeVersion: firing.recipeVersion,
			step: planned.step,
			triggerSeq: firing.triggerSeq,
			lineage: file.lineage,
			filing: planned.filing,
			given: planned.secrets === null ? null : { secrets: planned.secrets },
		};
		return newTask(file, planned, origin, now);
	});

/**
 * A firing as it can be made now. Nobody deletes a secret that a recipe names; should it be gone all the same, no task is
 * made that would wait for it in vain.
 */
export const prepareWithSecrets = (db: Database): ((ownerSeq: number, firing: PlannedFiring) => PlannedFiring) => {
	const owns = prepareOwnsSecret(db);
	return (ownerSeq, firing) => {
		const gone = firing.tasks
			.flatMap(({ secrets }) => (secrets === null ? [] : Object.values(secrets)))
			.find((id) => !owns(ownerSeq, id));
		if (gone === undefined) return firing;
		return { ...firing, state: 'skipped', reason: `The secret ${gone} is not there any more.`, tasks: [] };
	};
};

/** What a trigger has done about the version. */
interface Before {
	seq: number;
	triggerSeq: number;
	state: FiringState;
	/** Of a trigger that is still there. */
	recipe: string | null;
}

/**
 * Writes down what triggers do about a version of a file, and makes their tasks, inside somebody's transaction. What a
 * trigger has done about this version already is not done again, whether it came as an upload or as an update; looking at
 * a file stands by itself. What was left out before is tried again. An inbox stands back when the same recipe was started
 * for the version by a trigger.
 */
export const prepareFire = (db: Database): ((file: FiredFile, plan: Plan, now: number) => Fired) => {
	const insert = db.prepare(
		`INSERT OR IGNORE INTO trigger_firings (trigger_seq, file_seq, version, event, state, reason, tasks, at, waiting)
		 VALUES (@triggerSeq, @fileSeq, @version, @event, @state, @reason, @tasks, @now, @waiting)`,
	);
	const select = db.prepare(
		`SELECT g.seq, g.trigger_seq AS triggerSeq, g.state, r.id AS recipe FROM trigger_firings g
		 LEFT JOIN triggers t ON t.seq = g.trigger_seq LEFT JOIN recipes r ON r.seq = t.recipe_seq
		 WHERE g.file_seq = ? AND g.version = ? AND g.event IN ('upload', 'update')`,
	);
	const forget = db.prepare('DELETE FROM trigger_firings WHERE seq = ?');
	const submit = prepareSubmit(db);
	const withSecrets = prepareWithSecrets(db);
	return (file, plan, now) => {
		const { event, isResult, lineage, isSniffed } = file;
		const { fileSeq, version } = file.input;
		const wait: FiringWait = { isResult, lineage, isSniffed };
		const tasks: NewTask[] = [];
		const types: string[] = [];
		const before = file.event === 'access' ? [] : (select.all(fileSeq, version) as Before[]);
		const started = new Set(before.flatMap(({ state, recipe }) => (state === 'fired' ? (recipe ?? []) : [])));
		let waits = false;
		for (const planned of plan.firings) {
			const firing = withSecrets(file.ownerSeq, planned);
			const { triggerSeq, state, reason } = firing;
			const isWaiting = state === 'waits-for-type';
			const waiting = isWaiting ? JSON.stringify(wait) : null;
			const done = before.find((one) => one.triggerSeq === triggerSeq);
			if ((done && done.state !== 'skipped') || (isInbox(triggerSeq) && started.has(firing.recipe))) continue;
			if (done) forget.run(done.seq);
			const row = { triggerSeq, fileSeq, version, event, state, reason, tasks: firing.tasks.length, now, waiting };
			if (insert.run(row).changes === 0) continue;
			if (state === 'fired') started.add(firing.recipe);
			waits ||= isWaiting;
			for (const task of tasksOf(file, firing, now)) tasks.push(task);
			for (const { type } of firing.tasks) types.push(type);
		}
		if (plan.typing && waits && !types.includes(plan.typing.type)) {
			tasks.push(newTask(file, plan.typing, plainOrigin(isResult ? 'result' : event), now));
			types.push(plan.typing.type);
		}
		return { tasks, submitted: submit(tasks, now, 'hold'), types };
	};
};
