import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { BUDGET_HOLDER } from '../../shared/protocol/budget.ts';
import type { TaskState } from '../../shared/protocol/task.ts';
import { prepareGate, type WhenFull } from '../budgets/gate-store.ts';
import { writeOperation } from '../database/operation.ts';
import { prepareAnswers } from './answer-store.ts';
import type { Idempotency } from './idempotency.ts';
import { prepareRoutingKeys } from './routing-key-store.ts';
import { prepareTaskOrigin, type TaskOrigin } from './task-origin-store.ts';

/** A task that has been checked and is ready to be stored. */
export interface NewTask {
	id: string;
	ownerSeq: number;
	typeSeq: number;
	routingKey: string;
	priority: number;
	/** Asked for by its owner; null: the owner's own, whichever that is when it stands in line. */
	serviceClass: string | null;
	/** JSON text. */
	parameters: string;
	inputs: string;
	fileSeq: number | null;
	jobSeq: number | null;
	/** Null: somebody submitted it. */
	origin: TaskOrigin | null;
	dedupeKey: string | null;
	/** Milliseconds since 1970, or null. */
	notBefore: number | null;
	expiresAt: number | null;
	/** Public ids of tasks that must succeed first. */
	after: readonly string[];
}

export interface Submitted {
	seq: number;
	/** The id that the caller gets: another one's when the dedupe key was taken. */
	id: string;
	state: TaskState;
	deduplicated: boolean;
	/** A budget has no room for it: it does not stand in line. */
	held: boolean;
}

/** Tasks that may wait for one other: when it fails they all end in one transaction. */
const MOST_DEPENDENTS = 10_000;

/** Ids for the caller, and what is new: empty when the whole request was a repeat. */
export interface SubmitAnswer {
	ids: string[];
	submitted: Submitted[];
}

/** Open tasks of the person that do not run, and how many more were wanted. */
export interface Excess {
	pending: number;
	fresh: number;
}

/** Stores tasks inside somebody's transaction, through the gate of budgets; all or, if one is refused, none. */
export const prepareSubmit = (
	db: Database,
): ((tasks: readonly NewTask[], now: number, whenFull?: WhenFull) => Submitted[]) => {
	const insert = db.prepare(
		`INSERT INTO tasks (id, owner_seq, type_seq, state, routing_key, priority, parameters, inputs, file_seq, dedupe_key,
		                    created_at, due_at, expires_at, queued_at, blockers, service_class, job_seq, estimate_micro, budgeted)
		 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const hold = db.prepare('UPDATE tasks SET held_at = ?, held_by = ?, held_reason = ? WHERE seq = ?');
	const byDedupeKey = db.prepare(
		'SELECT seq, id, state FROM tasks WHERE owner_seq = ? AND dedupe_key = ? AND finished_at IS NULL',
	);
	const predecessor = db.prepare('SELECT seq, state FROM tasks WHERE id = ? AND owner_seq = ?');
	const insertDependency = db.prepare('INSERT OR IGNORE INTO task_dependencies (task_seq, after_seq) VALUES (?, ?)');
	const countDependents = db
		.prepare(`SELECT count(*) FROM (SELECT 1 FROM task_dependencies WHERE after_seq = ? LIMIT ${MOST_DEPENDENTS + 1})`)
		.pluck();
	const knowRoutingKey = prepareRoutingKeys(db);
	const insertOrigin = prepareTaskOrigin(db);
	const openGate = prepareGate(db);

	const openPredecessors = (task: NewTask, index: number): number[] => {
		const open: number[] = [];
		for (const id of task.after) {
			const row = predecessor.get(id, task.ownerSeq) as { seq: number; state: TaskState } | undefined;
			const path = `tasks[${index}].after`;
			if (!row) {
				throw new CodedError('not-found', `The task ${id} to wait for does not exist.`, {
					fields: [{ path, message: 'unknown task' }],
				});
			}
			if (row.state === 'succeeded') continue;
			if (['failed', 'cancelled', 'expired', 'quarantined'].includes(row.state)) {
				throw new CodedError('wrong-state', `The task ${id} to wait for is ${row.state}.`, {
					fields: [{ path, message: `is ${row.state}` }],
				});
			}
			open.push(row.seq);
		}
		return open;
	};

	return (tasks, now, whenFull = 'as-set') => {
		const answers: Submitted[] = [];
		if (tasks.length === 0) return answers;
		const gate = openGate(now, whenFull);
		/** How many wait for each of those that are waited for here. */
		const dependents = new Map<number, number>();
		for (const [index, task] of tasks.entries()) {
			if (task.dedupeKey !== null) {
				const there = byDedupeKey.get(task.ownerSeq, task.dedupeKey) as
					| { seq: number; id: string; state: TaskState }
					| undefined;
				if (there) {
					answers.push({ ...there, deduplicated: true, held: false });
					continue;
				}
			}
			const blockers = task.after.length === 0 ? [] : openPredecessors(task, index);
			const due = task.notBefore !== null && task.notBefore > now ? task.notBefore : null;
			const state: TaskState = due === null && blockers.length === 0 ? 'queued' : 'waiting';
			knowRoutingKey(task, index);
			const verdict = gate.ask(task);
			const { lastInsertRowid } = insert.run(
				task.id,
				task.ownerSeq,
				task.typeSeq,
				state,
				task.routingKey,
				task.priority,
				task.parameters,
				task.inputs,
				task.fileSeq,
				task.dedupeKey,
				now,
				due,
				task.expiresAt,
				state === 'queued' ? now : null,
				blockers.length,
				task.serviceClass,
				task.jobSeq,
				verdict.estimateMicro,
				verdict.budgeted,
			);
			const seq = Number(lastInsertRowid);
			gate.enter(seq, task, verdict);
			const held = verdict.blocked !== null;
			if (held) hold.run(now, BUDGET_HOLDER, verdict.blocked, seq);
			if (task.origin) insertOrigin(seq, task.origin);
			for (const after of blockers) {
				const count = (dependents.get(after) ?? (countDependents.get(after) as number)) + 1;
				if (count > MOST_DEPENDENTS) {
					const field = { path: `tasks[${index}].after`, message: `at most ${MOST_DEPENDENTS} tasks may wait for one` };
					throw new CodedError('invalid', `At most ${MOST_DEPENDENTS} tasks may wait for one.`, { fields: [field] });
				}
				dependents.set(after, count);
				insertDependency.run(seq, after);
			}
			answers.push({ seq, id: task.id, state, deduplicated: false, held });
		}
		return answers;
	};
};

/** How many open tasks a person may have that do not run, by the person's class. */
export interface QueuedCap {
	serviceClass: string;
	most: number;
}

/**
 * Why these tasks would be too many, told before anything is written: nothing has to be undone then, however many
 * submits of one person come at once. Null when there is room for all of them.
 */
export const prepareExcess = (
	db: Database,
): ((ownerSeq: number, tasks: readonly Pick<NewTask, 'dedupeKey'>[], cap: QueuedCap) => Excess | null) => {
	const pendingOf = db.prepare('SELECT pending FROM task_counts WHERE owner_seq = ?').pluck();
	const known = db
		.prepare('SELECT 1 FROM tasks WHERE owner_seq = ? AND dedupe_key = ? AND finished_at IS NULL')
		.pluck();
	return (ownerSeq, tasks, cap) => {
		const pending = (pendingOf.get(ownerSeq) as number | undefined) ?? 0;
		if (pending + tasks.length <= cap.most) return null;
		const own = new Set<string>();
		let fresh = 0;
		for (const { dedupeKey } of tasks) {
			// What is open already is not made again.
			if (dedupeKey !== null && (own.has(dedupeKey) || known.get(ownerSeq, dedupeKey) !== undefined)) continue;
			if (dedupeKey !== null) own.add(dedupeKey);
			fresh += 1;
		}
		return fresh > 0 && pending + fresh > cap.most ? { pending, fresh } : null;
	};
};

/** Stores a request's tasks; with an idempotency key a repeat gets the first answer and stores nothing. */
export const submitTasks = writeOperation('queue.submit', (db) => {
	const submit = prepareSubmit(db);
	const excess = prepareExcess(db);
	const answers = prepareAnswers(db);
	return (args: {
		tasks: NewTask[];
		now: number;
		idempotency: Idempotency | null;
		ownerSeq: number;
		/** Null: as many as the person likes. */
		cap: QueuedCap | null;
	}): SubmitAnswer | Excess => {
		const { idempotency } = args;
		const answered = answers.find(args.ownerSeq, idempotency);
		if (answered) return { ids: answered, submitted: [] };
		const tooMany = args.cap && excess(args.ownerSeq, args.tasks, args.cap);
		if (tooMany) return tooMany;
		const submitted = submit(args.tasks, args.now);
		const ids = submitted.map((task) => task.id);
		answers.remember(args.ownerSeq, idempotency, ids, args.now);
		return { ids, submitted };
	};
});
