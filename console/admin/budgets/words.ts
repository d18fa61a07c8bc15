import type { BudgetAction, BudgetView } from '../../../shared/protocol/budget.ts';
import { plural } from '../../kit/format.ts';
import type { StateLook } from '../../kit/task-words.ts';
import { catalogue } from '../../kit/words.ts';

export const words = catalogue('budgets', {
	title: 'Budgets',
	what: 'the budgets',
	cannotShow: 'The budgets cannot be shown',
	lead: 'What may be spent in a calendar month (UTC). What tasks are expected to cost is set aside when they are made.',
	noPrices: 'Nothing has a price yet, so nothing is spent: set prices first.',
	toPrices: 'To the prices',
	none: 'Nothing is limited yet',
	noneLong: 'Set what a person, a group or a service class may spend a month.',
	set: 'Set a budget',
	noneFit: 'No budget fits this filter',
	clear: 'Clear the filter',
	kind: 'For whom',
	anyKind: 'For everyone',
	state: 'State',
	anyState: 'Every state',
	owner: 'For',
	spentOf: 'Spent and set aside',
	aside: (amount: string) => `${amount} set aside`,
	amount: 'A month',
	left: 'Left',
	holds: 'Holds',
	heldTasks: (count: number) => plural(count, 'task'),
	heldOf: (count: number, owner: string) => `${plural(count, 'task')} that the budget of ${owner} holds`,
	holdsNone: 'none',
	onlyOne: 'One budget: show all',
	warnAt: 'Told at',
	action: 'When full',
	change: 'Change',
	changeOf: (owner: string) => `Change the budget of ${owner}`,
	remove: 'Remove',
	removeOf: (owner: string) => `Remove the budget of ${owner}`,
	removed: (owner: string) => `${owner}: nothing is limited any more; what waited for it alone goes on`,
	notRemoved: 'The budget is still there',
	notBack: 'The budget was not set again',
	dialogNew: 'Set a budget',
	dialogChange: (owner: string) => `Budget of ${owner}`,
	person: 'A person',
	group: 'A group',
	class: 'A service class',
	chooseGroup: 'Group',
	chooseClass: 'Service class',
	choose: 'Choose one',
	amountHint: (currency: string) => `In ${currency} for a calendar month, such as 250 or 12.50`,
	amountFault: 'It must be an amount such as 250 or 12.50',
	topUp: 'More now',
	topUpBy: (amount: string) => `+ ${amount}`,
	warnHint: 'Percent spent and set aside at which people are told',
	warnFault: 'A whole number from 1 to 100',
	save: 'Set it',
	saved: (owner: string) => `The budget of ${owner} counts`,
	cancel: 'Cancel',
	changedMeanwhile: (now: string) =>
		`Somebody changed this budget meanwhile: it is ${now} now. Look at what you want, then set it again.`,
});

export const ACTION_WORDS: Record<BudgetAction, string> = {
	warn: 'Warn: let it through',
	hold: 'Hold it until there is room',
	stop: 'Stop: refuse it',
};

/** How a budget is: with room left it can still have none for the next task, which is expected to cost more. */
export type BudgetStanding = BudgetView['state'] | 'holding';
export const standingOf = ({ state, heldTasks }: BudgetView): BudgetStanding =>
	heldTasks > 0 && state !== 'full' ? 'holding' : state;

export const BUDGET_LOOKS: Record<BudgetStanding, StateLook> = {
	ok: { word: 'In order', color: 'teal', icon: 'circleCheck' },
	warn: { word: 'Nearly full', color: 'orange', icon: 'alert' },
	holding: { word: 'Holds tasks', color: 'orange', icon: 'pause' },
	full: { word: 'Full', color: 'red', icon: 'ban' },
};
