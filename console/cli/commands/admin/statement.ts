import type { Command } from 'commander';
import { type Context, serverCommand } from '../../context.ts';
import { usageError } from '../../failure.ts';
import { giveStatement, type StatementOptions, statementOptions } from '../statement.ts';
import { findUserId } from './find-user.ts';

interface Options extends StatementOptions {
	owner?: string;
	group?: string;
}

/** `millrace admin statement`: what a person, a group or everybody used in a month and what it costs. */
export const adminStatementCommand = (context: Context): Command =>
	statementOptions(serverCommand('statement'))
		.description('show what a person, a group or everybody used in a month and what it costs')
		.option('--owner <USER>', 'one person, by name or id')
		.option('--group <ID>', 'those who are in a group today, or in one within it')
		.addHelpText(
			'after',
			`
Examples:
  millrace admin statement 2026-03 --owner ada --pdf ada-march.pdf
  millrace admin statement 2026-03 --group grp_… --csv > lab-march.csv
  millrace admin statement 2026-03 --json`,
		)
		.action((month: string | undefined, options: Options) => {
			const { owner, group } = options;
			if (owner !== undefined && group !== undefined) throw usageError('Either --owner or --group.');
			return giveStatement(context, month, options, async (http) => ({
				owner: owner === undefined ? undefined : await findUserId(http, owner, context.signal),
				group,
			}));
		});
