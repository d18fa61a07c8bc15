import { Command } from 'commander';
import type { Context } from '../../context.ts';

/** `millrace admin`: what administrators and operators decide, one file a subject. */
export const adminCommand = (_context: Context): Command =>
	new Command('admin').description('decide how work is done (operators and administrators)').addHelpText(
		'after',
		`
Your token needs the scope admin: millrace login --admin`,
	);
