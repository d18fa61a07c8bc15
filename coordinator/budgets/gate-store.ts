import type { Database } from 'better-sqlite3';
import { budgetWords } from '../../shared/budget-words.ts';
import { CodedError } from '../../shared/coded-error.ts';
import { moneyInWords } from '../../shared/money-words.ts';
import { prepareCatchUp } from '../accounting/fold-store.ts';
import { prepareClassOf } from '../qos/class-of-task-store.ts';
import { prepareEstimates } from './estimate-store.ts';
import { fits, isNear, REFUSED_BY } from './fits.ts';
import { prepareTellBudget } from './notice-store.ts';
import { prepareStandings, type Standing } from './standing-store.ts';

/** What of a task budgets go by. */
export interface Costly {
	ownerSeq: number;
	typeSeq: number;
	/** Asked for with it; null: its owner's. */
	serviceClass: string | null;
}

/** What becomes of a task that is to be open. */
export interface Verdict {
	/** Null: nothing has a price. */
	estimateMicro: number | null;
	/** Which budget has no room for it, in words; null: all that count for it have. */
	blocked: string | null;
	/** Something is to be written for it: 1, else 0. */
	budgeted: 0 | 1;
	counting: readonly Standing[];
	full: Standing | null;
}

/**
 * What becomes of work for which there is no room in a budget that refuses it. Whoever asks for work is told so; what
 * follows from something by itself is made and held, since nobody could ask for it again.
 */
export type WhenFull = 'as-set' | 'hold';

/** The one gate to the line, for the time of one call within a transaction. */
export interface Gate {
	/** Throws `budget-exceeded`. What it lets through counts from then on. */
	ask(task: Costly): Verdict;
	/** Writes down what was decided about a task that is stored. */
	enter(seq: number, task: Costly, verdict: Verdict): void;
}

/**
 * Decides in the writer's transaction, one after another, whether there is room for what tasks are expected to cost: what was
 * spent this month, to the last record, and what is set aside for others that have not ended, stay within the amount.
 */
export const prepareGate = (db: Database): ((now: number, whenFull: WhenFull) => Gate) => {
	const hasBudgets = db.prepare('SELECT 1 FROM budgets LIMIT 1').pluck();
	const hasPrices = db.prepare('SELECT 1 FROM price_book LIMIT 1').pluck();
	const reserve = db.prepare('INSERT INTO budget_reservations (task_seq, budget_seq, amount_micro) VALUES (?, ?, ?)');
	const wait = db.prepare('INSERT INTO budget_waits (owner_seq, task_seq, reason, budget_seq) VALUES (?, ?, ?, ?)');
	const catchUp = prepareCatchUp(db);
	const standings = prepareStandings(db);
	const classes = prepareClassOf(db);
	const estimates = prepareEstimates(db);
	const tell = prepareTellBudget(db);

	return (now, whenFull) => {
		const isLimited = hasBudgets.get() !== undefined;
		if (!isLimited && hasPrices.get() === undefined) return OPEN;
		const classOf = classes(now);
		const estimate = estimates(now);
		// Only now: the sums are brought up to the last record when they are needed.
		let looked: ReturnType<typeof standings> | null = null;
		const countingFor = (ownerSeq: number, serviceClass: string): readonly Standing[] => {
			if (!isLimited) return [];
			looked ??= standings(catchUp(), now);
			return looked.of(ownerSeq, serviceClass);
		};
		return {
			ask({ ownerSeq, typeSeq, serviceClass }) {
				const name = classOf(ownerSeq, serviceClass);
				const estimateMicro = estimate(typeSeq, name).amountMicro;
				const counting = countingFor(ownerSeq, name);
				const more = estimateMicro ?? 0;
				const without = counting.filter((one) => one.action !== 'warn' && !fits(one, more));
				const full = without.find(({ action }) => action === 'stop') ?? without[0] ?? null;
				if (full?.action === 'stop' && whenFull === 'as-set') throw exceeded(full, more);
				if (full) return { estimateMicro, blocked: budgetWords(full), budgeted: 1, counting, full };
				for (const one of counting) one.reservedMicro += more;
				return { estimateMicro, blocked: null, budgeted: counting.length > 0 && more > 0 ? 1 : 0, counting, full };
			},
			enter(seq, { ownerSeq }, { estimateMicro, blocked, counting, full }) {
				if (blocked !== null && full) {
					wait.run(ownerSeq, seq, blocked, full.seq);
					tell(full, 'full', ownerSeq, now);
					return;
				}
				for (const one of counting) {
					if (estimateMicro) reserve.run(seq, one.seq, estimateMicro);
					if (isNear(one)) tell(one, 'near', ownerSeq, now);
					if (!fits(one, 0)) tell(one, 'full', ownerSeq, now);
				}
			},
		};
	};
};

/** Nothing has a price and nothing is limited. */
const OPEN: Gate = {
	ask: () => ({ estimateMicro: null, blocked: null, budgeted: 0, counting: [], full: null }),
	enter: () => {},
};

const exceeded = (standing: Standing, more: number): CodedError => {
	const { amountMicro, spentMicro, reservedMicro } = standing;
	const words = budgetWords(standing);
	const figures = `${moneyInWords(spentMicro)} of ${moneyInWords(amountMicro)} are spent this month and ${moneyInWords(reservedMicro)} set aside; this may cost ${moneyInWords(more)} more`;
	return new CodedError(
		'budget-exceeded',
		`${words[0]!.toUpperCase()}${words.slice(1)} has no room for that: ${figures}. Wait until work has ended, or ask an administrator to raise it.`,
		{ fields: [{ path: REFUSED_BY, message: standing.id }] },
	);
};
