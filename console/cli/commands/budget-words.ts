import { BUDGET_END_WORDS, budgetOwnerWords } from '../../../shared/budget-words.ts';
import { moneyInWords } from '../../../shared/money-words.ts';
import type { Estimate, OwnBudgets } from '../../../shared/protocol/budget.ts';
import { durationInWords } from '../terminal/words.ts';

const money = (micro: number, currency: string | null): string =>
	`${moneyInWords(micro)}${currency === null ? '' : ` ${currency}`}`;

/** A line for each budget that counts for somebody, and one for what it holds. */
export const limitLines = ({ items, heldTasks, currency, month }: OwnBudgets): string[] => [
	...items.map((budget) => {
		const { spentMicro, amountMicro, reservedMicro, leftMicro, action } = budget;
		const spent = `${moneyInWords(spentMicro)} of ${money(amountMicro, currency)} spent in ${month}`;
		const rest = `${moneyInWords(reservedMicro)} set aside, ${moneyInWords(leftMicro)} left`;
		return `Budget of ${budgetOwnerWords(budget.owner)}: ${spent}, ${rest}; ${BUDGET_END_WORDS[action]}.`;
	}),
	...(heldTasks === 0 ? [] : [`${heldTasks} of your tasks wait for a budget; see: millrace tasks --state held`]),
];

const VERDICTS = {
	runs: 'Your budgets have room for it.',
	held: 'A budget has no room for all of it: what does not fit would be held.',
	refused: 'A budget has no room for it: it would be refused.',
};

/** What tasks would cost, for a person. */
export const estimateLines = (estimate: Estimate): string[] => {
	const { currency, amountMicro, low, high, basedOn, tasks, samples, cpuMs, wallMs, budgets, verdict } = estimate;
	const many = tasks === 1 ? '1 task' : `${tasks} tasks`;
	const used = `${durationInWords(cpuMs)} of CPU, ${durationInWords(wallMs)} at work`;
	const grounds =
		basedOn === 'history' ? `by what ${samples} such tasks have used` : 'a guess: too few such tasks have run';
	const cost =
		currency === null
			? 'nothing has a price'
			: `about ${money(amountMicro, currency)} (most likely ${moneyInWords(low)} to ${moneyInWords(high)})`;
	return [
		`${many}: ${cost}; ${used}; ${grounds}.`,
		...budgets.map((budget) => `Budget of ${budgetOwnerWords(budget.owner)}: ${moneyInWords(budget.leftMicro)} left.`),
		...(budgets.length === 0 ? [] : [VERDICTS[verdict]]),
	];
};
