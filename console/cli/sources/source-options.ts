import { type Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from '../number-option.ts';
import type { ServerChoice } from '../settings/connection.ts';

export interface SourceOptions extends ServerChoice {
	secret: string[];
	param: string[];
	mostItems?: number | 'none';
	price?: number;
	mostSpend?: number | 'none';
	dataset?: string;
	cron?: string;
	zone?: string;
	byHand?: boolean;
	json?: boolean;
	help?: boolean;
}

const money = (text: string): number => {
	const value = /^\d{1,7}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
	if (value <= 1_000_000) return value;
	throw new InvalidArgumentError('It must be an amount such as 20 or 0.005.');
};

/** `none`: no cap. Not null, which commander takes for nothing said. */
const orNone =
	(read: (text: string) => number) =>
	(text: string): number | 'none' =>
		text === 'none' ? 'none' : read(text);

const collect = (item: string, items: string[]): string[] => [...items, item];

/** What may be said of a source when it is made and when it is changed. Its type's parameters are options too. */
export const withSourceOptions = (command: Command): Command =>
	command
		.allowUnknownOption()
		.helpOption(false)
		.option('-h, --help', 'this help; after a task type its parameters too')
		.addOption(
			new Option('--param <NAME=VALUE>', 'a parameter; repeatable').argParser(collect).default([] as string[], 'none'),
		)
		.addOption(
			new Option('--secret <SLOT=NAME>', 'a secret of yours that it is given; repeatable; see: millrace secrets')
				.argParser(collect)
				.default([] as string[], 'none'),
		)
		.option('--most-items <N>', 'in a calendar month (UTC); none: any number', orNone(wholeNumber(1, 1e9)))
		.option('--price <AMOUNT>', 'what whoever is asked takes for an item, in your currency', money)
		.option('--most-spend <AMOUNT>', 'in a calendar month (UTC), by the price; none: any amount', orNone(money));

const capOf = (most: number | 'none'): number | null => (most === 'none' ? null : most);

/** What of the options a source's caps and price are to be. */
export const capsOf = ({ mostItems, price, mostSpend }: SourceOptions) => ({
	...(mostItems === undefined ? {} : { mostItemsPerMonth: capOf(mostItems) }),
	...(price === undefined ? {} : { pricePerItem: price }),
	...(mostSpend === undefined ? {} : { mostSpendPerMonth: capOf(mostSpend) }),
});
