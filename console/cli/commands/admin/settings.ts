import type { Command } from 'commander';
import { readSettings } from '../../../../shared/client/settings.ts';
import { settingInWords } from '../../../../shared/setting-words.ts';
import { type Context, serverCommand } from '../../context.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';

const COLUMNS = [{ title: 'OPTION' }, { title: 'VALUE' }, { title: 'WHAT' }];

/** `millrace admin settings`: what the coordinator was started with. */
export const settingsCommand = (context: Context): Command =>
	serverCommand('settings')
		.description('what the coordinator was started with (administrators)')
		.option('--json', 'as JSON')
		.addHelpText(
			'after',
			`
Of addresses, paths and secrets it tells only whether they are set. Another value counts from the next start on.

Example:
  millrace admin settings`,
		)
		.action(async (options: ServerChoice & { json?: boolean }) => {
			const view = await readSettings(await context.connect(options), { signal: context.signal });
			if (options.json) return context.out.json(view);
			const rows = view.items.map(({ name, option, about, value }) => [
				option === null ? name : `--${option}`,
				settingInWords(name, value),
				about,
			]);
			printTable(context.out, COLUMNS, rows);
		});
