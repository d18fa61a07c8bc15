import type { BudgetAction, BudgetKind } from './protocol/budget.ts';

/** Whose a budget is: `ada`, `the group staff`, `the service class gold`. */
export const budgetOwnerWords = ({ kind, name }: { kind: BudgetKind; name: string }): string => {
	if (kind === 'person') return name;
	return kind === 'group' ? `the group ${name}` : `the service class ${name}`;
};

/** Which budget that is, in words that go on with "has no room". */
export const budgetWords = (owner: { kind: BudgetKind; name: string }): string =>
	`the budget of ${budgetOwnerWords(owner)}`;

/** What happens at its end, in words that end a sentence. */
export const BUDGET_END_WORDS: Record<BudgetAction, string> = {
	warn: 'more goes through all the same',
	hold: 'what it has no room for is held',
	stop: 'what it has no room for is refused',
};
