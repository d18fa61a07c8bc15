import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { readStatement, type StatementWish, sendStatement } from '../../../shared/client/statements.ts';
import { moneyInWords } from '../../../shared/money-words.ts';
import { monthSchema, type Statement, type StatementLine } from '../../../shared/protocol/statement.ts';
import { type Context, serverCommand } from '../context.ts';
import { saveBody } from '../download/save-body.ts';
import { usageError } from '../failure.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { printTable } from '../terminal/table.ts';
import { movedBy, sumColumns, sumWords, utcInWords } from './usage-words.ts';

export interface StatementOptions extends ServerChoice {
	json?: boolean;
	csv?: boolean;
	pdf?: string;
}

const isWork = ({ kind }: StatementLine): boolean => kind === 'attempt';

const print = (context: Context, statement: Statement): void => {
	const { issuer, of, month, state, from, to, asOf, prices, currency } = statement;
	const isClosed = state === 'closed';
	context.out.note(
		`${issuer}: ${of.name ?? of.id ?? 'everybody'}, ${month} (${utcInWords(from)} to ${utcInWords(to)}, not included; UTC), ${isClosed ? 'closed' : `so far, as of ${utcInWords(asOf)}`}.`,
	);
	if (prices.length > 0) {
		context.out.note(
			`Prices: ${prices.map(({ version, from: since }) => `version ${version} from ${utcInWords(since)}`).join(', ')}; ${currency}.`,
		);
	}
	const rows = statement.lines.map((line) => [line.what, line.class ?? '', ...sumWords(line, movedBy([line], isWork))]);
	const columns = [{ title: 'WHAT' }, { title: 'CLASS' }, ...sumColumns(currency)];
	printTable(context.out, columns, [
		...rows,
		['total', '', ...sumWords(statement.total, movedBy(statement.lines, isWork))],
	]);
	for (const { at, amountMicro, reason } of statement.corrections) {
		context.out.line(`Correction of ${utcInWords(at)}: ${moneyInWords(amountMicro)}, ${reason}`);
	}
};

/** Shows a statement or writes it in one of its forms. */
export const giveStatement = async (
	context: Context,
	month: string | undefined,
	options: StatementOptions,
	find: (http: HttpClient) => Promise<StatementWish>,
): Promise<void> => {
	const asked = month ?? new Date().toISOString().slice(0, 7);
	if (!monthSchema.safeParse(asked).success) throw usageError(`${asked}: must be a month such as 2026-03.`);
	const chosen = [options.json, options.csv, options.pdf].filter((one) => one !== undefined && one !== false);
	if (chosen.length > 1) throw usageError('Choose one of --json, --csv and --pdf.');
	if (options.pdf !== undefined && existsSync(options.pdf)) {
		throw usageError(`${options.pdf} is there already; choose another name with --pdf.`);
	}
	const http = await context.connect(options);
	const of = await find(http);
	const signal = { signal: context.signal };
	if (options.pdf !== undefined) {
		await saveBody(await sendStatement(http, asked, of, 'pdf', signal), options.pdf, context.signal);
		context.out.line(`${options.pdf} has the statement of ${asked}.`);
	} else if (options.csv) {
		const answer = await sendStatement(http, asked, of, 'csv', signal);
		for await (const piece of answer.body ?? []) await context.out.bytes(piece);
	} else {
		const statement = await readStatement(http, asked, of, signal);
		if (options.json) context.out.json(statement);
		else print(context, statement);
	}
};

/** A command with what all statements have in common. */
export const statementOptions = (command: Command): Command =>
	command
		.argument('[month]', 'a month (UTC), such as 2026-03; this one unless told')
		.option('--json', 'as JSON')
		.option('--csv', 'as CSV')
		.option('--pdf <FILE>', 'as PDF into a file');

/** `millrace statement`: what one used in a month and what it costs. */
export const statementCommand = (context: Context): Command =>
	statementOptions(serverCommand('statement'))
		.description('show what you used in a month and what it costs')
		.addHelpText(
			'after',
			`
Of a month that is closed (five minutes after its end) it is the same whenever you ask for it.

Examples:
  millrace statement
  millrace statement 2026-03 --pdf march.pdf
  millrace statement 2026-03 --csv > march.csv`,
		)
		.action((month: string | undefined, options: StatementOptions) =>
			giveStatement(context, month, options, async () => 'own'),
		);
