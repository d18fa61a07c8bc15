import { type Command, InvalidArgumentError } from 'commander';
import { correctUsage } from '../../../../shared/client/usage.ts';
import { moneyInWords } from '../../../../shared/money-words.ts';
import { type Context, serverCommand } from '../../context.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { readAmount } from './budgets.ts';

interface Options extends ServerChoice {
	reason: string;
	key?: string;
	json?: boolean;
}

/** `-12.5` as millionths, exact. */
const readSigned = (text: string): number => (text.startsWith('-') ? -readAmount(text.slice(1)) : readAmount(text));

const readKey = (text: string): string => {
	if (/^[\x21-\x7e]{1,200}$/.test(text)) return text;
	throw new InvalidArgumentError('It must be 1 to 200 letters, digits and signs without blanks.');
};

const readReason = (text: string): string => {
	const reason = text.trim();
	if (reason !== '' && reason.length <= 500) return reason;
	throw new InvalidArgumentError('It must say in 1 to 500 characters why; the person reads it.');
};

/** `millrace admin usage correct`: adds to what somebody owes, or takes away from it. */
export const correctUsageCommand = (context: Context): Command =>
	serverCommand('correct')
		.description('add to what somebody owes, or take away from it, by a record of its own')
		.argument('<user>', 'by name or id')
		.argument('<amount>', 'in the price book’s currency, such as 1.50; below zero: they owe less', readSigned)
		.requiredOption('--reason <TEXT>', 'why; the person reads it in their usage and statement', readReason)
		.option('--key <KEY>', 'a name of your own for it: said again with the same one, it is not done again', readKey)
		.option('--json', 'as JSON')
		.addHelpText(
			'after',
			`
What was metered stays as it is. The correction counts for the month in which it is made.

Examples:
  millrace admin usage correct ada -0.25 --reason "vm-3 was broken on 3 March"
  millrace admin usage correct ada 12 --reason "disk by post" --key disk-7`,
		)
		.action(async (owner: string, amountMicro: number, { reason, key, json, ...choice }: Options) => {
			const http = await context.connect(choice);
			const corrected = await correctUsage(http, { owner, amountMicro, reason }, key);
			if (json) context.out.json(corrected);
			else {
				const { name, record, monthMicro } = corrected;
				context.out.line(
					`Record ${record}: ${moneyInWords(corrected.amountMicro)} for ${name ?? corrected.owner}, who is at ${moneyInWords(monthMicro)} in this month (UTC) now.`,
				);
			}
		});
