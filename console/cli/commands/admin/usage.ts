import { Command, Option } from 'commander';
import { readUsageCut } from '../../../../shared/client/usage.ts';
import { CUT_BY, type CutBy, USAGE_KINDS, type UsageCutItem } from '../../../../shared/protocol/usage.ts';
import { type Context, serverCommand } from '../../context.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { counted, durationInWords } from '../../terminal/words.ts';
import { findNode } from '../nodes.ts';
import { freeWords, type PeriodOptions, periodOf, printCsv, sumColumns, sumWords, utcInWords } from '../usage-words.ts';
import { correctUsageCommand } from './correct-usage.ts';
import { findUserId } from './find-user.ts';

interface Options extends ServerChoice, PeriodOptions {
	by: CutBy;
	zone?: string;
	owner?: string;
	group?: string;
	class?: string;
	queue?: string;
	node?: string;
	type?: string;
	kind?: string;
	json?: boolean;
	csv?: boolean;
}

/** By how much days of a zone begin before those of UTC; the server has checked it. */
const zoneMs = (zone = 'Z'): number => (zone === 'Z' ? 0 : Number(zone.slice(0, 3)) * 3_600_000);

/** What a row of the table is called. */
const titleOf = ({ by, zone }: Options, { key, name }: UsageCutItem): string => {
	if (name !== null || key === null) return name ?? 'none';
	if (by === 'day') return utcInWords(new Date(Date.parse(key) + zoneMs(zone)).toISOString()).slice(0, 10);
	if (by === 'hour') return utcInWords(key).padEnd(16, ' 00:00');
	return by === 'owner' ? `${key} (deleted)` : key;
};

const headOf = ({ by, zone = 'Z' }: Options): string => {
	if (by === 'hour') return 'HOUR (UTC)';
	return by === 'day' ? `DAY (${zone === 'Z' ? 'UTC' : zone})` : by.toUpperCase();
};

const run = async (context: Context, options: Options): Promise<void> => {
	const period = periodOf(options);
	const http = await context.connect(options);
	const { by, zone, group, queue, type, kind, owner, node } = options;
	const cut = await readUsageCut(
		http,
		{
			...{ ...period, by, zone, group, queue, type, kind, class: options.class },
			owner: owner === undefined ? undefined : await findUserId(http, owner, context.signal),
			node: node === undefined ? undefined : (await findNode(http, node, context.signal)).id,
		},
		{ signal: context.signal },
	);
	if (options.json) {
		context.out.json(cut);
		return;
	}
	if (options.csv) {
		const rows = cut.items.map(({ key, name, lost, nodes, ...sums }) => ({
			...{ keys: [cut.from, cut.to, key, name], sums },
			more: [lost.records, lost.wallMs, lost.cpuMs, nodes.bytesIn, nodes.bytesOut, cut.currency],
		}));
		const more = ['lostRecords', 'lostWallMs', 'lostCpuMs', 'nodeBytesIn', 'nodeBytesOut', 'currency'];
		printCsv(context.out, ['from', 'to', by, 'name'], rows, more);
		return;
	}
	context.out.note(
		`From ${utcInWords(cut.from)} to ${utcInWords(cut.to)} (UTC); FETCHED and RETURNED are by nodes; LOST is the platform’s own loss and charged to nobody.`,
	);
	const columns = [{ title: headOf(options) }, ...sumColumns(cut.currency), { title: 'LOST', side: 'right' as const }];
	const rowOf = (name: string, item: typeof cut.total) => [
		name,
		...sumWords(item, item.nodes),
		durationInWords(item.lost.wallMs),
	];
	const rows = cut.items.map((item) => rowOf(titleOf(options, item), item));
	printTable(context.out, columns, [...rows, rowOf('together', cut.total)]);
	if (options.by === 'group' && rows.length === 0) {
		context.out.note('No groups: nobody who used something then is in one. Make some: millrace admin group --help');
	}
	for (const line of freeWords(cut)) context.out.note(line);
	if (cut.left > 0) context.out.note(`${counted(cut.left, 'more row')} not shown; narrow it down.`);
};

/** `millrace admin usage`: what everybody has used, from any side, and corrections of it. */
export const adminUsageCommand = (context: Context): Command =>
	new Command('usage')
		.description('show what everybody has used, and correct what somebody owes')
		.addCommand(showCommand(context), { isDefault: true })
		.addCommand(correctUsageCommand(context));

const showCommand = (context: Context): Command =>
	serverCommand('show')
		.description('show what everybody has used, told apart by one thing and narrowed down by others')
		.addOption(new Option('--by <WHAT>', 'what it is told apart by').choices([...CUT_BY]).default('owner'))
		.option('--from <DAY>', 'from this day or instant on, in whole hours; 31 days back unless told')
		.option('--to <DAY>', 'up to this one, not included')
		.option('--month <MONTH>', 'a month (UTC), such as 2026-03')
		.option('--zone <ZONE>', 'in which days begin for --by day: Z, or whole hours such as +02:00')
		.option('--owner <USER>', 'one person, by name or id; who was deleted, by id')
		.option('--group <ID>', 'those who are in a group today, or in one within it')
		.option('--class <CLASS>', 'one service class')
		.option('--queue <QUEUE>', 'one queue')
		.option('--node <NODE>', 'one node, by name or id')
		.option('--type <TYPE>', 'one task type')
		.addOption(new Option('--kind <KIND>', 'one kind of fact').choices([...USAGE_KINDS]))
		.option('--json', 'as JSON')
		.option('--csv', 'as CSV')
		.addHelpText(
			'after',
			`
Examples:
  millrace admin usage --month 2026-03
  millrace admin usage --by day --owner ada --zone +02:00
  millrace admin usage --by type --node vm-2 --csv > vm-2.csv`,
		)
		.action((options: Options) => run(context, options));
