import { Command } from 'commander';
import type { Context } from '../../context.ts';
import { explainCommand } from './explain.ts';
import { whatIfCommand } from './what-if.ts';

/** `millrace admin`: what administrators and operators decide, one file a subject. */
export const adminCommand = (context: Context): Command =>
	new Command('admin')
		.description('decide how work is done (operators and administrators)')
		.addHelpText(
			'after',
			`
Your token needs the scope admin: millrace login --admin`,
		)
		.addCommand(explainCommand(context))
		.addCommand(whatIfCommand(context));
