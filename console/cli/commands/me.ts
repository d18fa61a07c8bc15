import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { exportPerson } from '../../../shared/client/rights.ts';
import { type Context, serverCommand } from '../context.ts';
import { saveBody } from '../download/save-body.ts';
import { usageError } from '../failure.ts';
import type { ServerChoice } from '../settings/connection.ts';

export interface ExportOptions extends ServerChoice {
	to: string;
	json?: boolean;
}

/** Saves what is kept about somebody; null: about oneself. */
export const saveExport = async (
	context: Context,
	options: ExportOptions,
	find: (http: Awaited<ReturnType<Context['connect']>>) => Promise<string | null>,
): Promise<void> => {
	if (existsSync(options.to)) throw usageError(`${options.to} is there already; choose another name with --to.`);
	const http = await context.connect(options);
	const answer = await exportPerson(http, await find(http), { signal: context.signal });
	await saveBody(answer, options.to, context.signal);
	if (options.json) context.out.json({ path: options.to });
	else context.out.line(`${options.to} has all that is kept; README.txt in it explains what is what.`);
};

/** `millrace me export`: what is kept about you. */
export const meCommand = (context: Context): Command =>
	new Command('me').description('what is kept about you').addCommand(
		serverCommand('export')
			.description('download all that is kept about you as a zip: your files, and records of all you did')
			.option('--to <FILE>', 'where to', 'millrace-export.zip')
			.option('--json', 'as JSON')
			.addHelpText(
				'after',
				`
Example:
  millrace me export --to ~/mine.zip

Your token needs the scope admin, which means your whole account and is for everybody: millrace login --admin`,
			)
			.action((options: ExportOptions) => saveExport(context, options, async () => null)),
	);
