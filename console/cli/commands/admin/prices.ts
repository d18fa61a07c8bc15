import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { listPrices, setPrices, withdrawPrices } from '../../../../shared/client/usage.ts';
import { moneyInWords } from '../../../../shared/money-words.ts';
import { newPricesSchema, PRICED, type PriceVersion } from '../../../../shared/protocol/price-book.ts';
import { type Context, serverCommand } from '../../context.ts';
import { usageError } from '../../failure.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { localTime } from '../../terminal/words.ts';

interface Options extends ServerChoice {
	json?: boolean;
}

const wordsOf = ({ prices, classFactors }: PriceVersion): string =>
	[
		...PRICED.filter((one) => prices[one] > 0).map((one) => `${one} ${moneyInWords(prices[one])}`),
		...Object.entries(classFactors).map(([name, factor]) => `${name} x ${factor}`),
	].join(', ') || 'everything is free';

const list = async (context: Context, options: Options): Promise<void> => {
	const { items } = await listPrices(await context.connect(options), { signal: context.signal });
	if (options.json) context.out.json({ items });
	else if (items.length === 0) context.out.note('Nothing has a price yet: millrace admin prices set FILE');
	else {
		const columns = [
			{ title: 'VERSION' },
			{ title: 'STATE' },
			{ title: 'FROM' },
			{ title: 'CURRENCY' },
			{ title: 'PRICES' },
		];
		const rows = items.map((one) => [String(one.version), one.state, localTime(one.from), one.currency, wordsOf(one)]);
		printTable(context.out, columns, rows);
	}
};

const fileTrouble = (file: string, error: NodeJS.ErrnoException): string => {
	if (error.code === 'ENOENT') return `There is no file ${file}. What stands in one: millrace admin prices set --help`;
	return error instanceof SyntaxError ? `${file} is no JSON: ${error.message}` : `${file}: ${error.message}`;
};

const set = async (context: Context, file: string, options: Options): Promise<void> => {
	let given: unknown;
	try {
		given = JSON.parse(await readFile(file, 'utf8'));
	} catch (error) {
		throw usageError(fileTrouble(file, error as NodeJS.ErrnoException));
	}
	const prices = newPricesSchema.safeParse(given);
	if (!prices.success) {
		const [issue] = prices.error.issues;
		throw usageError(`${file}: ${issue?.path.join('.') || 'it'}: ${issue?.message}.`);
	}
	const added = await setPrices(await context.connect(options), prices.data);
	if (options.json) context.out.json(added);
	else context.out.line(`Version ${added.version} counts from ${localTime(added.from)}: ${wordsOf(added)}.`);
};

const withdraw = async (context: Context, version: string, options: Options): Promise<void> => {
	if (!/^[1-9]\d{0,8}$/.test(version)) throw usageError(`${version}: must be the number of a version.`);
	await withdrawPrices(await context.connect(options), Number(version));
	if (options.json) context.out.json({ version: Number(version), withdrawn: true });
	else context.out.line(`Version ${version} was withdrawn.`);
};

/** `millrace admin prices`: what things cost, from when on. */
export const pricesCommand = (context: Context): Command =>
	new Command('prices')
		.description('show and set what things cost')
		.addCommand(
			serverCommand('list')
				.description('every version of the price book, the newest first')
				.option('--json', 'as JSON')
				.action((options: Options) => list(context, options)),
		)
		.addCommand(
			serverCommand('set')
				.description('set prices from some time on; what was used before keeps its price')
				.argument('<file>', 'JSON: {"from", "currency", "prices", "classFactors", "note"}')
				.option('--json', 'as JSON')
				.addHelpText(
					'after',
					`
Prices are whole millionths of the currency. With {"currency": "EUR", "prices": {"cpuSecond": 20, "gibStoredMonth": 15000},
"classFactors": {"priority": "1.5"}} an hour of CPU costs 0.072 EUR, and 0.108 EUR in the class priority.
Things to price: ${PRICED.join(', ')}
Without "from" they count at once.

Example:
  millrace admin prices set prices.json`,
				)
				.action((file: string, options: Options) => set(context, file, options)),
		)
		.addCommand(
			serverCommand('withdraw')
				.description('take back a version that does not count yet')
				.argument('<version>')
				.option('--json', 'as JSON')
				.action((version: string, options: Options) => withdraw(context, version, options)),
		);
