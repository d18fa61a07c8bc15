import { Argument, type Command } from 'commander';
import { readHistory } from '../../../../shared/client/history.ts';
import type { HistoryKind } from '../../../../shared/protocol/history.ts';
import { type Context, serverCommand } from '../../context.ts';
import { usageError } from '../../failure.ts';
import { type HistoryOptions, wishOf, withHistoryOptions } from '../../monitoring/history-options.ts';
import { printHistory } from '../../monitoring/history-table.ts';
import { findNode } from '../nodes.ts';

const KINDS = ['coordinator', 'queue', 'class', 'node'] as const satisfies readonly HistoryKind[];
type Kind = (typeof KINDS)[number];

/** `millrace admin history`: how queues, classes, nodes and the coordinator were doing. */
export const historyCommand = (context: Context): Command =>
	withHistoryOptions(
		serverCommand('history')
			.description('how the coordinator, a queue, a service class or a node was doing')
			.addArgument(new Argument('[what]', 'of what (default: coordinator)').choices(KINDS))
			.argument('[name]', 'of which one'),
	)
		.addHelpText(
			'after',
			`
Examples:
  millrace admin history                          commits, event loop, disk, all tasks together
  millrace admin history queue priority --since 6h
  millrace admin history class standard --measures waitP50Ms,waitP95Ms
  millrace admin history node vm-2 --resolution hour --since 30d --json

Kept are seconds for an hour, minutes for a week, hours for a year.`,
		)
		.action(async (what: Kind = 'coordinator', name: string | undefined, options: HistoryOptions) => {
			if (what !== 'coordinator' && name === undefined) {
				throw usageError(`Of which ${what}? Write: millrace admin history ${what} NAME`);
			}
			const http = await context.connect(options);
			const id = what === 'node' ? (await findNode(http, name ?? '', context.signal)).id : (name ?? '');
			const found = await readHistory(http, what, id, wishOf(options), { signal: context.signal });
			if (options.json) context.out.json(found);
			else printHistory(context.out, name ?? 'The coordinator', found);
		});
