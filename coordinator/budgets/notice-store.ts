import type { Database } from 'better-sqlite3';
import { monthOf } from '../accounting/month.ts';
import { prepareAdministrators } from '../accounts/administrator-store.ts';
import { prepareHappening } from '../happenings/happening-store.ts';
import type { Standing } from './standing-store.ts';

/** What people are told of a budget: it is nearly used up, or has no room for more. */
export type BudgetNews = 'near' | 'full';

/** Sees to it, in somebody's transaction, that administrators and whoever's work it is are told: each once a month. */
export const prepareTellBudget = (db: Database) => {
	const administrators = prepareAdministrators(db);
	const note = db.prepare(
		'INSERT OR IGNORE INTO budget_notices (budget_seq, month, what, user_seq) VALUES (?, ?, ?, ?)',
	);
	const happen = prepareHappening(db);
	/** `of` null: it is nobody's work that brought it about. */
	return ({ seq }: Pick<Standing, 'seq'>, what: BudgetNews, of: number | null, now: number): void => {
		const month = monthOf(now).start;
		const tell = (userSeq: number): boolean => {
			if (note.run(seq, month, what, userSeq).changes === 0) return false;
			happen({ at: now, kind: 'budget.told', ownerSeq: userSeq, ref: seq, detail: { what } });
			return true;
		};
		// Nobody new: then the administrators were told with the first one.
		if (of !== null && !tell(of)) return;
		for (const administrator of administrators()) if (administrator !== of) tell(administrator);
	};
};
