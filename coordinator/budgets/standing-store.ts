import type { Database } from 'better-sqlite3';
import type { BudgetAction, BudgetKind } from '../../shared/protocol/budget.ts';
import { monthOf } from '../accounting/month.ts';
import { prepareSpent } from '../accounting/month-sums-store.ts';

/** A budget, with what was spent of it this month and what is set aside. */
export interface Standing {
	seq: number;
	id: string;
	version: number;
	kind: BudgetKind;
	/** Public id; of a class its name. */
	ownerId: string;
	name: string;
	amountMicro: number;
	warnAtPercent: number;
	action: BudgetAction;
	reservedMicro: number;
	spentMicro: number;
	createdAt: number;
	updatedAt: number;
}

type Row = Omit<Standing, 'spentMicro'> & { userSeq: number | null; groupSeq: number | null };

const SELECT = `SELECT b.seq, b.id, b.version,
	CASE WHEN b.user_seq IS NOT NULL THEN 'person' WHEN b.group_seq IS NOT NULL THEN 'group' ELSE 'class' END AS kind,
	coalesce(u.id, g.id, b.service_class) AS ownerId, coalesce(u.username, g.name, b.service_class) AS name,
	b.amount_micro AS amountMicro, b.warn_at_percent AS warnAtPercent, b.action, b.reserved_micro AS reservedMicro,
	b.user_seq AS userSeq, b.group_seq AS groupSeq, b.created_at AS createdAt, b.updated_at AS updatedAt
	FROM budgets b LEFT JOIN users u ON u.seq = b.user_seq LEFT JOIN groups g ON g.seq = b.group_seq`;

/** Groups that somebody is in, and those that these lie in. */
const GROUPS = `WITH RECURSIVE up (seq) AS (
	  SELECT group_seq FROM group_members WHERE user_seq = @ownerSeq
	  UNION SELECT g.parent_seq FROM up JOIN groups g ON g.seq = up.seq WHERE g.parent_seq IS NOT NULL)`;

/** Looks at budgets for the time of one call; each is the same object whoever it counts for. */
export interface Standings {
	of(ownerSeq: number, serviceClass: string): Standing[];
	/** By its row; null: there is none. */
	find(seq: number): Standing | null;
}

/** `generation`: the set of sums that counts. What of it was not folded is not seen. */
export const prepareStandings = (db: Database): ((generation: number, now: number) => Standings) => {
	const counting = db
		.prepare(
			`${GROUPS} SELECT seq FROM budgets WHERE user_seq = @ownerSeq
			 UNION ALL SELECT b.seq FROM up JOIN budgets b ON b.group_seq = up.seq
			 UNION ALL SELECT seq FROM budgets WHERE service_class = @serviceClass`,
		)
		.pluck();
	const bySeq = db.prepare(`${SELECT} WHERE b.seq = ?`);
	const spent = prepareSpent(db);
	return (generation, now) => {
		const month = spent(generation, monthOf(now).start);
		const known = new Map<number, Standing | null>();
		const people = new Map<string, Standing[]>();

		const spentOf = ({ userSeq, groupSeq, name }: Row): number => {
			if (userSeq !== null) return month.byPerson(userSeq);
			return groupSeq === null ? month.inClass(name) : month.byGroup(groupSeq);
		};
		const find = (seq: number): Standing | null => {
			let standing = known.get(seq);
			if (standing === undefined) {
				const row = bySeq.get(seq) as Row | undefined;
				const { userSeq: _, groupSeq: __, ...rest } = row ?? ({} as Row);
				standing = row ? { ...rest, spentMicro: spentOf(row) } : null;
				known.set(seq, standing);
			}
			return standing;
		};
		return {
			find,
			of(ownerSeq, serviceClass) {
				const key = `${ownerSeq} ${serviceClass}`;
				let standings = people.get(key);
				if (!standings) {
					standings = (counting.all({ ownerSeq, serviceClass }) as number[]).flatMap((seq) => find(seq) ?? []);
					people.set(key, standings);
				}
				return standings;
			},
		};
	};
};
