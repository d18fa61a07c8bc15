import { Command, InvalidArgumentError, Option } from 'commander';
import { budgetOwnerWords } from '../../../../shared/budget-words.ts';
import { addBudget, changeBudget, listBudgets, readBudget, removeBudget } from '../../../../shared/client/budgets.ts';
import { answeredJson, type HttpClient } from '../../../../shared/client/http-client.ts';
import { eachItem } from '../../../../shared/client/page.ts';
import { CodedError } from '../../../../shared/coded-error.ts';
import { moneyInWords } from '../../../../shared/money-words.ts';
import {
	BUDGET_ACTIONS,
	type BudgetAction,
	type BudgetOwner,
	type BudgetView,
} from '../../../../shared/protocol/budget.ts';
import { readMoney } from '../../../../shared/read-money.ts';
import { type Context, serverCommand } from '../../context.ts';
import { usageError } from '../../failure.ts';
import { wholeNumber } from '../../number-option.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { findUserId } from './find-user.ts';
import { findGroup } from './group.ts';

interface OwnerOptions {
	person?: string;
	group?: string;
	class?: string;
}

interface Options extends ServerChoice, OwnerOptions {
	json?: boolean;
	amount?: number;
	warnAt?: number;
	action?: BudgetAction;
}

const COLUMNS = [
	{ title: 'FOR' },
	{ title: 'AMOUNT', side: 'right' as const },
	{ title: 'SPENT', side: 'right' as const },
	{ title: 'SET ASIDE', side: 'right' as const },
	{ title: 'LEFT', side: 'right' as const },
	{ title: 'HOLDS', side: 'right' as const },
	{ title: 'STATE' },
	{ title: 'WHEN FULL' },
	{ title: 'ID' },
];

/** `12.5` as millionths; exact, where a floating-point number would not be. */
export const readAmount = (text: string): number => {
	const micro = readMoney(text);
	if (micro === null || micro < 0) throw new InvalidArgumentError('It must be an amount such as 250 or 12.50.');
	return micro;
};

const rowOf = (budget: BudgetView): string[] => [
	budgetOwnerWords(budget.owner),
	moneyInWords(budget.amountMicro),
	moneyInWords(budget.spentMicro),
	moneyInWords(budget.reservedMicro),
	moneyInWords(budget.leftMicro),
	String(budget.heldTasks),
	budget.state,
	budget.action,
	budget.id,
];

const readAll = async (http: HttpClient, signal: AbortSignal): Promise<BudgetView[]> => {
	const budgets: BudgetView[] = [];
	const pages = (cursor?: string) =>
		listBudgets(http, { limit: 1_000, ...(cursor === undefined ? {} : { cursor }) }, { signal });
	for await (const budget of eachItem(pages)) budgets.push(budget);
	return budgets;
};

/** For whom it is to be: exactly one of the three. */
const readOwner = async (http: HttpClient, options: OwnerOptions, signal: AbortSignal): Promise<BudgetOwner> => {
	const { person, group, class: serviceClass } = options;
	if ([person, group, serviceClass].filter((one) => one !== undefined).length !== 1) {
		throw usageError('Say for whom: one of --person NAME, --group NAME and --class NAME.');
	}
	if (person !== undefined) return { person: await findUserId(http, person, signal) };
	return group !== undefined ? { group: (await findGroup(http, group, signal)).id } : { class: serviceClass };
};

const isOf = (budget: BudgetView, { person, group, class: serviceClass }: BudgetOwner): boolean =>
	budget.owner.id === (person ?? group ?? serviceClass) &&
	budget.owner.kind === (person !== undefined ? 'person' : group !== undefined ? 'group' : 'class');

const findBudget = async (http: HttpClient, options: OwnerOptions, signal: AbortSignal): Promise<BudgetView> => {
	const owner = await readOwner(http, options, signal);
	const found = (await readAll(http, signal)).find((budget) => isOf(budget, owner));
	if (!found) throw new CodedError('not-found', 'There is no such budget; see: millrace admin budgets list');
	return found;
};

const list = async (context: Context, options: Options): Promise<void> => {
	const budgets = await readAll(await context.connect(options), context.signal);
	if (options.json) context.out.json({ items: budgets.map((budget) => answeredJson(budget)) });
	else if (budgets.length === 0) context.out.note('Nothing is limited yet: millrace admin budgets set');
	else printTable(context.out, COLUMNS, budgets.map(rowOf));
};

const show = async (context: Context, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const { id } = await findBudget(http, options, context.signal);
	const budget = await readBudget(http, id, { signal: context.signal });
	if (options.json) context.out.json(budget);
	else printTable(context.out, COLUMNS, [rowOf(budget)]);
};

const set = async (context: Context, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const { amount, warnAt, action } = options;
	const owner = await readOwner(http, options, context.signal);
	const there = (await readAll(http, context.signal)).find((budget) => isOf(budget, owner));
	const settings = {
		...(warnAt === undefined ? {} : { warnAtPercent: warnAt }),
		...(action === undefined ? {} : { action }),
	};
	if (!there && amount === undefined) throw usageError('How much may be spent a month? Give --amount.');
	const budget = there
		? await changeBudget(
				http,
				there.id,
				{ ...settings, ...(amount === undefined ? {} : { amountMicro: amount }) },
				there.version,
			)
		: await addBudget(http, { ...settings, owner, amountMicro: amount ?? 0 });
	if (options.json) context.out.json(budget);
	else {
		const figures = `${moneyInWords(budget.amountMicro)} a month, ${moneyInWords(budget.leftMicro)} left`;
		context.out.line(`${budgetOwnerWords(budget.owner)}: ${figures}; when it is full: ${budget.action}.`);
	}
};

const remove = async (context: Context, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const budget = await findBudget(http, options, context.signal);
	await removeBudget(http, budget.id, budget.version);
	if (options.json) context.out.json({ id: budget.id, removed: true });
	else context.out.line(`${budgetOwnerWords(budget.owner)}: nothing is limited any more.`);
};

/** `millrace admin budgets`: what may be spent in a month. */
export const budgetsCommand = (context: Context): Command => {
	const command = new Command('budgets').description(
		'budgets: what people, groups and service classes may spend a month',
	);
	const add = (name: string, description: string, isOfOne = true): Command => {
		const made = serverCommand(name).description(description);
		if (isOfOne) {
			made
				.option('--person <NAME>', 'of a person, by name or id')
				.option('--group <NAME>', 'of a group, by name or id')
				.option('--class <NAME>', 'of a service class');
		}
		command.addCommand(made.option('--json', 'as JSON'));
		return made;
	};
	add('list', 'every budget, with what is left of it this month (UTC)', false).action((options: Options) =>
		list(context, options),
	);
	add('show', 'one budget').action((options: Options) => show(context, options));
	add('set', 'make a budget or change it; what is left out stays as it is')
		.option('--amount <AMOUNT>', 'in the currency of the price book, such as 250 or 12.50', readAmount)
		.option('--warn-at <PERCENT>', 'spent and set aside at which people are told (default: 80)', wholeNumber(1, 100))
		.addOption(
			new Option('--action <WHAT>', 'what becomes of work that it has no room for (default: hold)').choices(
				BUDGET_ACTIONS,
			),
		)
		.addHelpText(
			'after',
			`
warn lets it through, hold keeps it until there is room (the budget is raised, other work has cost less than expected, the next
month), stop refuses it.

Examples:
  millrace admin budgets set --person ada --amount 50
  millrace admin budgets set --group lab --amount 1000 --warn-at 70 --action stop
  millrace admin budgets set --person ada --amount 80        tops it up: held tasks go on`,
		)
		.action((options: Options) => set(context, options));
	add('remove', 'take a budget away').action((options: Options) => remove(context, options));
	return command;
};
