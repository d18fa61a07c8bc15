import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { BudgetAction, BudgetChange, BudgetOwner } from '../../shared/protocol/budget.ts';
import { prepareCatchUp } from '../accounting/fold-store.ts';
import { prepareGeneration } from '../accounting/month-sums-store.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { newId } from '../database/new-id.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { prepareClassOf } from '../qos/class-of-task-store.ts';
import { requireVersion, type VersionCondition } from '../qos/version-condition.ts';
import { isNear } from './fits.ts';
import { prepareTellBudget } from './notice-store.ts';
import { prepareStandings, type Standing } from './standing-store.ts';

/** Nobody has so many people whose spending is told apart; each costs a look when its people submit. */
const MOST_BUDGETS = 10_000;

/** With how many open tasks wait for room in it. */
export type HoldingStanding = Standing & { heldTasks: number };

const prepareHolding = (db: Database): ((standing: Standing) => HoldingStanding) => {
	const held = db.prepare('SELECT count(*) FROM budget_waits WHERE budget_seq = ?').pluck();
	return (standing) => ({ ...standing, heldTasks: held.get(standing.seq) as number });
};

/** A page in the order in which they were made, for whoever has caught up. */
export const listBudgets = readOperation('budgets.list', (db) => {
	const page = db.prepare('SELECT seq FROM budgets WHERE seq > ? ORDER BY seq LIMIT ?').pluck();
	const generation = prepareGeneration(db);
	const standings = prepareStandings(db);
	const holding = prepareHolding(db);
	return ({ after, limit, now }: { after: number; limit: number; now: number }): HoldingStanding[] => {
		const looked = standings(generation(), now);
		return (page.all(after, limit) as number[]).flatMap((seq) => looked.find(seq) ?? []).map(holding);
	};
});

const prepareSeqOf = (db: Database): ((id: string) => number) => {
	const find = db.prepare('SELECT seq FROM budgets WHERE id = ?').pluck();
	return (id) => {
		const seq = find.get(id) as number | undefined;
		if (seq === undefined) throw new CodedError('not-found', `There is no budget ${id}.`);
		return seq;
	};
};

/** Throws `not-found`. */
export const readBudget = readOperation('budgets.read', (db) => {
	const seqOf = prepareSeqOf(db);
	const generation = prepareGeneration(db);
	const standings = prepareStandings(db);
	const holding = prepareHolding(db);
	return ({ id, now }: { id: string; now: number }): HoldingStanding =>
		holding(standings(generation(), now).find(seqOf(id))!);
});

/** Those that count for a person, and how many of their tasks wait for one. */
export const readBudgetsOf = readOperation('budgets.read-of', (db) => {
	const waiting = db.prepare('SELECT count(*) FROM budget_waits WHERE owner_seq = ?').pluck();
	const generation = prepareGeneration(db);
	const standings = prepareStandings(db);
	const classOf = prepareClassOf(db);
	return ({ ownerSeq, now }: { ownerSeq: number; now: number }) => ({
		standings: standings(generation(), now).of(ownerSeq, classOf(now)(ownerSeq, null)),
		heldTasks: waiting.get(ownerSeq) as number,
	});
});

const prepareOwner = (db: Database) => {
	const person = db.prepare('SELECT seq FROM users WHERE id = ?').pluck();
	const group = db.prepare('SELECT seq FROM groups WHERE id = ?').pluck();
	const serviceClass = db.prepare('SELECT name FROM service_classes WHERE name = ?').pluck();
	const found = <T>(value: unknown, what: string): T => {
		if (value === undefined) throw new CodedError('not-found', `There is no ${what}.`);
		return value as T;
	};
	return (owner: BudgetOwner) => ({
		userSeq: owner.person === undefined ? null : found<number>(person.get(owner.person), `user ${owner.person}`),
		groupSeq: owner.group === undefined ? null : found<number>(group.get(owner.group), `group ${owner.group}`),
		serviceClass:
			owner.class === undefined ? null : found<string>(serviceClass.get(owner.class), `service class ${owner.class}`),
	});
};

const audited = ({
	amountMicro,
	warnAtPercent,
	action,
}: Pick<Standing, 'amountMicro' | 'warnAtPercent' | 'action'>) => ({
	...{ amountMicro, warnAtPercent, action },
});

/** Makes a budget; throws `conflict` when there is one for whom it is. */
export const addBudget = writeOperation('budgets.add', (db) => {
	const ownerOf = prepareOwner(db);
	const there = db
		.prepare(
			'SELECT id FROM budgets WHERE user_seq = @userSeq OR group_seq = @groupSeq OR service_class = @serviceClass',
		)
		.pluck();
	const count = db.prepare('SELECT count(*) FROM budgets').pluck();
	const insert = db.prepare(
		`INSERT INTO budgets (id, user_seq, group_seq, service_class, amount_micro, warn_at_percent, action, created_at, updated_at)
		 VALUES (@id, @userSeq, @groupSeq, @serviceClass, @amountMicro, @warnAtPercent, @action, @now, @now)`,
	);
	const audit = prepareAudit(db);
	return (args: {
		owner: BudgetOwner;
		amountMicro: number;
		warnAtPercent: number;
		action: BudgetAction;
		by: Doer;
		now: number;
	}): string => {
		const { owner, by, now, ...settings } = args;
		const for_ = ownerOf(owner);
		const before = there.get(for_) as string | undefined;
		if (before !== undefined) {
			throw new CodedError('conflict', `There is a budget for that already, ${before}: change it instead.`);
		}
		if ((count.get() as number) >= MOST_BUDGETS) {
			throw new CodedError('too-many-things', `There are ${MOST_BUDGETS} budgets; there can be no more.`);
		}
		const id = newId('budget', now);
		insert.run({ ...for_, ...settings, id, now });
		const detail = { for: owner.person ?? owner.group ?? owner.class ?? null, after: audited(settings) };
		audit({ at: now, ...by, action: 'budget.add', object: id, outcome: 'done', detail });
		return id;
	};
});

const prepareFind = (db: Database) => {
	const find = db.prepare(
		`SELECT seq, version, amount_micro AS amountMicro, warn_at_percent AS warnAtPercent, action FROM budgets WHERE id = ?`,
	);
	return (id: string) => {
		const row = find.get(id) as
			| Pick<Standing, 'seq' | 'version' | 'amountMicro' | 'warnAtPercent' | 'action'>
			| undefined;
		if (!row) throw new CodedError('not-found', `There is no budget ${id}.`);
		return row;
	};
};

/** Throws `not-found` and `precondition-failed`. */
export const changeBudget = writeOperation('budgets.change', (db) => {
	const find = prepareFind(db);
	const update = db.prepare(
		`UPDATE budgets SET amount_micro = @amountMicro, warn_at_percent = @warnAtPercent, action = @action,
		   version = version + 1, updated_at = @now WHERE seq = @seq`,
	);
	// A budget that was raised may be used up once more, and people are to hear of it.
	const forget = db.prepare('DELETE FROM budget_notices WHERE budget_seq = ?');
	const audit = prepareAudit(db);
	return (args: { id: string; change: BudgetChange; condition: VersionCondition; by: Doer; now: number }): void => {
		const { id, change, condition, by, now } = args;
		const { seq, version, ...before } = find(id);
		requireVersion(condition, version);
		const after = {
			amountMicro: change.amountMicro ?? before.amountMicro,
			warnAtPercent: change.warnAtPercent ?? before.warnAtPercent,
			action: change.action ?? before.action,
		};
		update.run({ ...after, seq, now });
		if (after.amountMicro > before.amountMicro) forget.run(seq);
		audit({ at: now, ...by, action: 'budget.change', object: id, outcome: 'done', detail: { before, after } });
	};
});

/** Throws `not-found` and `precondition-failed`. */
export const removeBudget = writeOperation('budgets.remove', (db) => {
	const find = prepareFind(db);
	const remove = db.prepare('DELETE FROM budgets WHERE seq = ?');
	const audit = prepareAudit(db);
	return ({ id, condition, by, now }: { id: string; condition: VersionCondition; by: Doer; now: number }): void => {
		const { seq, version, ...before } = find(id);
		requireVersion(condition, version);
		remove.run(seq);
		audit({ at: now, ...by, action: 'budget.remove', object: id, outcome: 'done', detail: { before } });
	};
});

/** Looks whether the next budgets have come near their end by what needs no gate, such as storage; answers where to go on. */
export const watchBudgets = writeOperation('budgets.watch', (db) => {
	const page = db.prepare('SELECT seq, user_seq AS userSeq FROM budgets WHERE seq > ? ORDER BY seq LIMIT ?');
	const catchUp = prepareCatchUp(db);
	const standings = prepareStandings(db);
	const tell = prepareTellBudget(db);
	return ({ after, limit, now }: { after: number; limit: number; now: number }): number | null => {
		const rows = page.all(after, limit) as { seq: number; userSeq: number | null }[];
		if (rows.length === 0) return null;
		const looked = standings(catchUp(), now);
		for (const { seq, userSeq } of rows) {
			const standing = looked.find(seq);
			if (standing && isNear(standing)) tell(standing, 'near', userSeq, now);
		}
		return rows.length < limit ? null : rows.at(-1)!.seq;
	};
});

/** A budget has refused work of somebody, whose transaction is undone. */
export const tellRefused = writeOperation('budgets.tell-refused', (db) => {
	const find = db.prepare('SELECT seq FROM budgets WHERE id = ?');
	const tell = prepareTellBudget(db);
	return ({ id, ownerSeq, now }: { id: string; ownerSeq: number; now: number }): void => {
		const budget = find.get(id) as { seq: number } | undefined;
		if (budget) tell(budget, 'full', ownerSeq, now);
	};
});
