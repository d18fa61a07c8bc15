import type { Command } from 'commander';
import { readOwnBudgets } from '../../../shared/client/budgets.ts';
import { readOwnUsage } from '../../../shared/client/usage.ts';
import { moneyInWords } from '../../../shared/money-words.ts';
import { USAGE_KINDS, type UsageAnswer } from '../../../shared/protocol/usage.ts';
import { ownUsageCsv } from '../../../shared/usage-csv.ts';
import { type Context, serverCommand } from '../context.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { printTable } from '../terminal/table.ts';
import { localTime } from '../terminal/words.ts';
import { limitLines } from './budget-words.ts';
import { freeWords, movedBy, type PeriodOptions, periodOf, sumColumns, sumWords } from './usage-words.ts';

interface Options extends ServerChoice, PeriodOptions {
	json?: boolean;
	csv?: boolean;
}

const run = async (context: Context, options: Options): Promise<void> => {
	const period = periodOf(options);
	const { signal } = context;
	const http = await context.connect(options);
	const usage = await readOwnUsage(http, period, { signal });
	const { items } = usage;
	if (options.json) context.out.json(usage);
	else if (options.csv) context.out.verbatim(ownUsageCsv(usage));
	else {
		if (items.length === 0) context.out.note('Nothing was used in this time.');
		else show(context, usage);
		for (const line of limitLines(await readOwnBudgets(http, { signal }))) context.out.line(line);
	}
};

/** Everything that is no task type is a kind of its own. */
const isWork = ({ what }: UsageAnswer['items'][number]): boolean => !(USAGE_KINDS as readonly string[]).includes(what);

const show = ({ out }: Context, { items, total, corrections, ...money }: UsageAnswer): void => {
	const rows = items.map((item) => [item.day, item.what, ...sumWords(item, movedBy([item], isWork))]);
	printTable(
		out,
		[{ title: 'DAY (UTC)' }, { title: 'WHAT' }, ...sumColumns(money.currency)],
		[...rows, ['together', '', ...sumWords(total, movedBy(items, isWork))]],
	);
	for (const line of freeWords(money)) out.note(line);
	for (const { at, amountMicro, reason } of corrections) {
		out.line(`Correction of ${localTime(at)}: ${moneyInWords(amountMicro)}, ${reason}`);
	}
};

/** `millrace usage`: what one has used oneself. */
export const usageCommand = (context: Context): Command =>
	serverCommand('usage')
		.description('show what you have used, by day and kind of work; the last 31 days unless told')
		.option('--from <DAY>', 'from this day or instant on')
		.option('--to <DAY>', 'up to this one, not included')
		.option('--month <MONTH>', 'a month (UTC), such as 2026-03')
		.option('--json', 'as JSON')
		.option('--csv', 'as CSV')
		.addHelpText(
			'after',
			`
What the platform lost (a machine that died) is not in it: it costs you nothing. Below it: the budgets that count for you.

Examples:
  millrace usage
  millrace usage --month 2026-03 --csv > march.csv`,
		)
		.action((options: Options) => run(context, options));
