import type { BudgetStanding, OwnBudgets } from '../../../shared/protocol/budget.ts';
import { plural } from '../../kit/format.ts';
import { costWords } from './usage-words.ts';

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

const THEN: Record<BudgetStanding['action'], string> = {
	warn: 'More goes through all the same.',
	hold: 'What it has no room for is held.',
	stop: 'What it has no room for is refused.',
};

const NAMES: Record<BudgetStanding['owner']['kind'], (name: string) => string> = {
	person: () => 'Your budget',
	group: (name) => `Budget of the group ${name}`,
	class: (name) => `Budget of the service class ${name}`,
};

/** A budget's name stands for all whom it is for: of a group it is what everybody in it has spent. */
export const budgetLimits = ({ items, currency }: OwnBudgets): Limit[] =>
	items.map(({ owner, spentMicro, reservedMicro, amountMicro, warnAtPercent, action }) => ({
		name: NAMES[owner.kind](owner.name),
		...{
			used: spentMicro,
			reserved: reservedMicro,
			most: amountMicro,
			nearAt: warnAtPercent / 100,
			note: THEN[action],
		},
		words: (value) => costWords(value, currency),
	}));

/** What one may spend oneself in a month; null: as much as one likes. */
export const ownBudget = ({ items }: OwnBudgets): number | null =>
	items.find(({ owner }) => owner.kind === 'person')?.amountMicro ?? null;

/** `3 tasks of yours wait for a budget`; null: none does. */
export const heldWords = ({ heldTasks }: OwnBudgets): string | null =>
	heldTasks === 0 ? null : `${plural(heldTasks, 'task')} of yours ${heldTasks === 1 ? 'waits' : 'wait'} for a budget`;
