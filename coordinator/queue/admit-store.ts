import type { Database } from 'better-sqlite3';
import { BUDGET_HOLDER } from '../../shared/protocol/budget.ts';
import type { TaskState } from '../../shared/protocol/task.ts';
import { type Costly, prepareGate } from '../budgets/gate-store.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import type { Altered } from './alter-store.ts';
import { OPEN_COLUMNS, OPEN_WIDTH, openRowOf } from './open-task.ts';

/** People whose tasks are looked at, and tasks that are let go on, in one transaction. */
const MOST_PEOPLE = 200;
const MOST_TASKS = 500;

/** Whether any task waits for a budget. */
export const readAwaitsBudget = readOperation('queue.read-awaits-budget', (db) => {
	const select = db.prepare('SELECT 1 FROM budget_waits LIMIT 1').pluck();
	return (_: null): boolean => select.get() !== undefined;
});

interface Waiting extends Costly {
	seq: number;
}

const prepareWaiting = (db: Database) => {
	// Each person once, however many tasks they have: by the key, in steps.
	const people = db
		.prepare(
			`WITH RECURSIVE p (owner) AS (
			   SELECT min(owner_seq) FROM budget_waits
			   UNION ALL SELECT (SELECT min(owner_seq) FROM budget_waits WHERE owner_seq > owner) FROM p WHERE owner IS NOT NULL)
			 SELECT owner FROM p WHERE owner IS NOT NULL`,
		)
		.pluck();
	const next = db.prepare(
		`SELECT t.seq, t.owner_seq AS ownerSeq, t.type_seq AS typeSeq, t.service_class AS serviceClass
		 FROM budget_waits w JOIN tasks t ON t.seq = w.task_seq
		 WHERE w.owner_seq = ? AND w.task_seq > ? AND t.held_by = '${BUDGET_HOLDER}' ORDER BY w.task_seq LIMIT 1`,
	);
	const after = (ownerSeq: number, seq: number) => next.get(ownerSeq, seq) as Waiting | undefined;
	return { after, oldest: () => (people.all() as number[]).flatMap((owner) => after(owner, 0) ?? []) };
};

/** Tasks that go on, and from where on the rest of the people is to be looked at; null: that was all of them. */
export interface Admitted {
	altered: Altered[];
	next: number | null;
}

/**
 * Lets tasks go on for which budgets have room by now, the oldest first. Of a person whose oldest has no room none goes: what
 * is small must not overtake for ever what is large.
 */
export const admitHeld = writeOperation('queue.admit-held', (db) => {
	const { oldest, after } = prepareWaiting(db);
	const openGate = prepareGate(db);
	const forget = db.prepare('DELETE FROM budget_waits WHERE task_seq = ?');
	const release = db
		.prepare(
			`UPDATE tasks SET held_at = NULL, held_by = NULL, held_reason = NULL, version = version + 1,
			   estimate_micro = @estimateMicro, budgeted = @budgeted
			 WHERE seq = @seq RETURNING ${OPEN_COLUMNS}, id, state`,
		)
		.raw();
	return ({ from, now }: { from: number; now: number }): Admitted => {
		const gate = openGate(now, 'hold');
		const all = oldest()
			.filter(({ seq }) => seq > from)
			.sort((a, b) => a.seq - b.seq);
		const line = all.slice(0, MOST_PEOPLE);
		const last = line.at(-1)?.seq ?? null;
		const altered: Altered[] = [];
		for (let task = line.shift(); task !== undefined; task = line.shift()) {
			if (altered.length >= MOST_TASKS) return { altered, next: from };
			const verdict = gate.ask(task);
			if (verdict.blocked !== null) continue;
			const { seq } = task;
			forget.run(seq);
			gate.enter(seq, task, verdict);
			const { estimateMicro, budgeted } = verdict;
			const row = release.get({ seq, estimateMicro, budgeted }) as unknown[];
			altered.push({ row: openRowOf(row), id: row[OPEN_WIDTH] as string, state: row[OPEN_WIDTH + 1] as TaskState });
			const following = after(task.ownerSeq, seq);
			if (!following) continue;
			const place = line.findIndex((one) => one.seq > following.seq);
			line.splice(place === -1 ? line.length : place, 0, following);
		}
		return { altered, next: all.length > MOST_PEOPLE ? last : null };
	};
});
