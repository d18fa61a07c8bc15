import { BUDGET_END_WORDS, budgetOwnerWords } from '../../../shared/budget-words.ts';
import type { OwnBudgets } from '../../../shared/protocol/budget.ts';
import { plural } from '../../kit/format.ts';
import { costWords } from '../../kit/money.ts';

/** Something of which only so much may be used. */
export interface Limit {
	name: string;
	used: number;
	/** Set aside for what has not ended. */
	reserved?: number;
	most: number;
	words(value: number): string;
	/** From which share on it is near its end. */
	nearAt?: number;
	/** What happens at its end. */
	note?: string;
}

const sentence = (words: string): string => `${words[0]!.toUpperCase()}${words.slice(1)}.`;

/** A budget's name stands for all whom it is for: of a group it is what everybody in it has spent. */
export const budgetLimits = ({ items, currency }: OwnBudgets): Limit[] =>
	items.map(({ owner, spentMicro, reservedMicro, amountMicro, warnAtPercent, action }) => ({
		name: owner.kind === 'person' ? 'Your budget' : `Budget of ${budgetOwnerWords(owner)}`,
		...{
			used: spentMicro,
			reserved: reservedMicro,
			most: amountMicro,
			nearAt: warnAtPercent / 100,
			note: sentence(BUDGET_END_WORDS[action]),
		},
		words: (value) => costWords(value, currency),
	}));

/** What one may spend oneself in a month; null: as much as one likes. */
export const ownBudget = ({ items }: OwnBudgets): number | null =>
	items.find(({ owner }) => owner.kind === 'person')?.amountMicro ?? null;

/** `3 tasks of yours wait for a budget`; null: none does. */
export const heldWords = ({ heldTasks }: OwnBudgets): string | null =>
	heldTasks === 0 ? null : `${plural(heldTasks, 'task')} of yours ${heldTasks === 1 ? 'waits' : 'wait'} for a budget`;
