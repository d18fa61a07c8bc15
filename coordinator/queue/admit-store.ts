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
	/** Row of the budget that it was last found to wait for; null: not known. */
	budgetSeq: number | null;
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
		`SELECT t.seq, t.owner_seq AS ownerSeq, t.type_seq AS typeSeq, t.service_class AS serviceClass,
		        w.budget_seq AS budgetSeq
		 FROM budget_waits w JOIN tasks t ON t.seq = w.task_seq
		 WHERE w.owner_seq = ? AND w.task_seq > ? AND t.held_by = '${BUDGET_HOLDER}' ORDER BY w.task_seq LIMIT 1`,
	);
	const after = (ownerSeq: number, seq: number) => next.get(ownerSeq, seq) as Waiting | undefined;
	return { after, oldest: () => (people.all() as number[]).flatMap((owner) => after(owner, 0) ?? []) };
};

/** What came of one look. */
export interface Admitted {
	/** Tasks that go on. */
	altered: Altered[];
	/** Those that wait on, for another budget than before. */
	changed: Altered[];
	/** From where on the rest of the people is to be looked at; null: that was all of them. */
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
	const behind = db
		.prepare(
			`SELECT task_seq FROM budget_waits WHERE owner_seq = @ownerSeq AND task_seq >= @seq AND budget_seq IS @before
			 ORDER BY task_seq LIMIT ${MOST_TASKS}`,
		)
		.pluck();
	const wait = db.prepare('UPDATE budget_waits SET budget_seq = @budgetSeq, reason = @reason WHERE task_seq = @seq');
	const hold = db
		.prepare(
			`UPDATE tasks SET held_reason = @reason, version = version + 1
			 WHERE seq = @seq AND held_by = '${BUDGET_HOLDER}' RETURNING ${OPEN_COLUMNS}, id, state`,
		)
		.raw();
	const alteredOf = (row: unknown): Altered => {
		const values = row as unknown[];
		return { row: openRowOf(values), id: values[OPEN_WIDTH] as string, state: values[OPEN_WIDTH + 1] as TaskState };
	};
	/** What one waited for has room by now, or is gone; another has none, and those behind it wait for that too. */
	const waitFor = ({ ownerSeq, seq, budgetSeq: before }: Waiting, to: { budgetSeq: number; reason: string }) =>
		(behind.all({ ownerSeq, seq, before }) as number[]).flatMap((one) => {
			wait.run({ ...to, seq: one });
			const row = hold.get({ reason: to.reason, seq: one });
			return row === undefined ? [] : [alteredOf(row)];
		});
	return ({ from, now }: { from: number; now: number }): Admitted => {
		const gate = openGate(now, 'hold');
		const all = oldest()
			.filter(({ seq }) => seq > from)
			.sort((a, b) => a.seq - b.seq);
		const line = all.slice(0, MOST_PEOPLE);
		const last = line.at(-1)?.seq ?? null;
		const altered: Altered[] = [];
		const changed: Altered[] = [];
		for (let task = line.shift(); task !== undefined; task = line.shift()) {
			if (altered.length >= MOST_TASKS) return { altered, changed, next: from };
			const verdict = gate.ask(task);
			const { seq } = task;
			if (verdict.blocked !== null) {
				if (verdict.full && verdict.full.seq !== task.budgetSeq) {
					changed.push(...waitFor(task, { budgetSeq: verdict.full.seq, reason: verdict.blocked }));
				}
				continue;
			}
			forget.run(seq);
			gate.enter(seq, task, verdict);
			const { estimateMicro, budgeted } = verdict;
			altered.push(alteredOf(release.get({ seq, estimateMicro, budgeted })));
			const following = after(task.ownerSeq, seq);
			if (!following) continue;
			const place = line.findIndex((one) => one.seq > following.seq);
			line.splice(place === -1 ? line.length : place, 0, following);
		}
		return { altered, changed, next: all.length > MOST_PEOPLE ? last : null };
	};
});
