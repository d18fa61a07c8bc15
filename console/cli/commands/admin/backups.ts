import { Command } from 'commander';
import { beginBackup, readBackups } from '../../../../shared/client/upkeep.ts';
import type { BackupsView } from '../../../../shared/protocol/backup.ts';
import { type Context, serverCommand } from '../../context.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { bytesInWords, counted, durationInWords, localTime } from '../../terminal/words.ts';
import { followChore } from './follow-chore.ts';

interface Options extends ServerChoice {
	json?: boolean;
	wait?: boolean;
}

const COLUMNS = [
	{ title: 'BACKUP' },
	{ title: 'TAKEN' },
	{ title: 'CONTENTS', side: 'right' as const },
	{ title: 'SIZE', side: 'right' as const },
	{ title: 'LOST', side: 'right' as const },
];

const tell = ({ out }: Context, view: BackupsView): void => {
	if (view.folder === null) {
		out.note('The coordinator does not back up by itself. Start it with --backup-to DIR.');
	} else {
		out.note(`Every ${durationInWords(view.everyMs)} to ${view.folder}, the newest ${view.keep} are kept.`);
	}
	if (view.trouble !== null) out.note(view.trouble);
	const rows = view.items.map((item) => [
		item.name,
		localTime(item.takenAt),
		String(item.contents),
		bytesInWords(item.bytes),
		String(item.missing),
	]);
	if (rows.length > 0) printTable(out, COLUMNS, rows);
	else if (view.trouble === null && view.folder !== null)
		out.note('There is no backup yet: millrace admin backups make');
	const [last] = view.runs;
	if (last?.error) out.note(`The last one failed, ${localTime(last.finishedAt)}: ${last.error}`);
	else if (last)
		out.note(`The last one copied ${counted(last.copiedContents, 'content')} (${bytesInWords(last.copiedBytes)}).`);
};

/** `millrace admin backups`: those that the coordinator makes by itself. */
export const backupsCommand = (context: Context): Command => {
	const command = new Command('backups')
		.description('backups that the coordinator makes by itself; make one now (administrators)')
		.addHelpText(
			'after',
			`
Into any folder, on the coordinator’s machine: coordinator backup --to DIR. Back from one: coordinator restore --help

Examples:
  millrace admin backups
  millrace admin backups make`,
		);
	command.addCommand(
		serverCommand('list')
			.description('whole backups in the coordinator’s folder, newest first, and how the last one went')
			.option('--json', 'as JSON')
			.action(async (options: Options) => {
				const view = await readBackups(await context.connect(options), { signal: context.signal });
				if (options.json) context.out.json(view);
				else tell(context, view);
			}),
		{ isDefault: true },
	);
	command.addCommand(
		serverCommand('make')
			.description('make one now and wait for its end')
			.option('--no-wait', 'do not wait for its end')
			.option('--json', 'as JSON')
			.action(async (options: Options) => {
				const http = await context.connect(options);
				const begun = await beginBackup(http);
				const chore = options.wait === false ? begun : await followChore(context, http, begun);
				if (options.json) context.out.json(chore);
				else context.out.line(options.wait === false ? 'The backup has begun.' : (chore.last?.words ?? 'Done.'));
			}),
	);
	return command;
};
