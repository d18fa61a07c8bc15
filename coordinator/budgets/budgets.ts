import {
	type BudgetChange,
	type BudgetStanding,
	type BudgetView,
	type Estimate,
	type NewBudget,
	newBudgetSchema,
	type OwnBudgets,
} from '../../shared/protocol/budget.ts';
import { monthOf } from '../accounting/month.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { pageBySeq, readSeqCursor } from '../database/seq-cursor.ts';
import type { VersionCondition } from '../qos/version-condition.ts';
import {
	addBudget,
	changeBudget,
	type HoldingStanding,
	listBudgets,
	readBudget,
	readBudgetsOf,
	removeBudget,
	watchBudgets,
} from './budget-store.ts';
import { leftOf, stateOf } from './fits.ts';
import { forecastTasks } from './forecast-store.ts';
import type { Costly } from './gate-store.ts';
import type { Standing } from './standing-store.ts';
import { weighTasks } from './weigh-tasks.ts';

/** Budgets that are looked at in one transaction. */
const WATCHED_AT_ONCE = 200;

/** What may be spent in a month, by people, groups and service classes. Who is let through is decided in the gate. */
export class Budgets {
	readonly #ledger: Ledger;
	readonly #catchUp: () => Promise<void>;
	readonly #currency: () => string | null;
	readonly #now: () => number;

	constructor(options: {
		ledger: Ledger;
		/** Resolves when all that was metered is in the sums. */
		catchUp: () => Promise<void>;
		/** Null: nothing has a price. */
		currency: () => string | null;
		now?: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#catchUp = options.catchUp;
		this.#currency = options.currency;
		this.#now = options.now ?? Date.now;
	}

	/** In the order in which they were made. */
	async list(page: {
		limit: number;
		cursor?: string | undefined;
	}): Promise<{ items: BudgetView[]; nextCursor: string | null }> {
		await this.#catchUp();
		const after = readSeqCursor(page.cursor) ?? 0;
		const rows = await this.#ledger.read(listBudgets, { after, limit: page.limit + 1, now: this.#now() });
		return pageBySeq(rows, page.limit, viewOf);
	}

	/** Throws `not-found`. */
	async get(id: string): Promise<BudgetView> {
		await this.#catchUp();
		return viewOf(await this.#ledger.read(readBudget, { id, now: this.#now() }));
	}

	/** What counts for a person. */
	async of(ownerSeq: number): Promise<OwnBudgets> {
		await this.#catchUp();
		const now = this.#now();
		const { standings, heldTasks } = await this.#ledger.read(readBudgetsOf, { ownerSeq, now });
		const { start, next } = monthOf(now);
		return {
			month: new Date(start).toISOString().slice(0, 7),
			monthEndsAt: new Date(next).toISOString(),
			currency: this.#currency(),
			heldTasks,
			items: standings.map(standingView),
		};
	}

	/** Throws `not-found`, and `conflict` when there is one already. */
	async add(asked: NewBudget, by: Doer): Promise<BudgetView> {
		return this.get(await this.#ledger.write(addBudget, { ...newBudgetSchema.parse(asked), by, now: this.#now() }));
	}

	/** Throws `not-found` and `precondition-failed`. */
	async change(id: string, change: BudgetChange, condition: VersionCondition, by: Doer): Promise<BudgetView> {
		await this.#ledger.write(changeBudget, { id, change, condition, by, now: this.#now() });
		return this.get(id);
	}

	/** Throws `not-found` and `precondition-failed`. */
	remove(id: string, condition: VersionCondition, by: Doer): Promise<void> {
		return this.#ledger.write(removeBudget, { id, condition, by, now: this.#now() });
	}

	/** What tasks that could be submitted are expected to cost together, and whether budgets have room for that now. */
	async estimate(tasks: readonly Costly[]): Promise<Estimate> {
		await this.#catchUp();
		const kinds = new Map<string, { kind: Costly; count: number }>();
		for (const { ownerSeq, typeSeq, serviceClass } of tasks) {
			const key = `${ownerSeq} ${typeSeq} ${serviceClass ?? ''}`;
			const { count = 0 } = kinds.get(key) ?? {};
			kinds.set(key, { kind: { ownerSeq, typeSeq, serviceClass }, count: count + 1 });
		}
		const each = [...kinds.values()];
		const args = { kinds: each.map(({ kind }) => kind), now: this.#now() };
		const forecasts = await this.#ledger.read(forecastTasks, args);
		const counted = each.flatMap(({ count }, i) => {
			const forecast = forecasts[i];
			return forecast ? [{ forecast, count }] : [];
		});
		return weighTasks(counted, this.#currency());
	}

	/** Tells people of budgets that have come near their end by what needs no task, such as storage. */
	async watch(): Promise<void> {
		for (let after: number | null = 0; after !== null; ) {
			const args: { after: number; limit: number; now: number } = { after, limit: WATCHED_AT_ONCE, now: this.#now() };
			after = await this.#ledger.write(watchBudgets, args, { patient: true });
		}
	}
}

const standingView = (standing: Standing): BudgetStanding => {
	const { id, kind, ownerId, name, amountMicro, spentMicro, reservedMicro, warnAtPercent, action } = standing;
	return {
		...{ id, owner: { kind, id: ownerId, name }, amountMicro, spentMicro, reservedMicro },
		...{ leftMicro: leftOf(standing), warnAtPercent, action, state: stateOf(standing) },
	};
};

const viewOf = (standing: HoldingStanding): BudgetView => ({
	...standingView(standing),
	heldTasks: standing.heldTasks,
	version: standing.version,
	createdAt: new Date(standing.createdAt).toISOString(),
	updatedAt: new Date(standing.updatedAt).toISOString(),
});
