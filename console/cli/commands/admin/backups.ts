import { setTimeout } from 'node:timers/promises';
import { Command } from 'commander';
import type { HttpClient } from '../../../../shared/client/http-client.ts';
import { beginBackup, checkBackup, readBackups } from '../../../../shared/client/upkeep.ts';
import type { BackupCheck, BackupsView } from '../../../../shared/protocol/backup.ts';
import { type Context, serverCommand } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliError } from '../../failure.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { bytesInWords, counted, durationInWords, localTime } from '../../terminal/words.ts';
import { followChore } from './follow-chore.ts';

interface Options extends ServerChoice {
	json?: boolean;
	wait?: boolean;
}

const ASK_EVERY_MS = 500;

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
  millrace admin backups make
  millrace admin backups check 20300102T030405678Z-0a1b2c`,
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
	command.addCommand(
		serverCommand('check')
			.description('read a backup through, every byte of it, and say what is not as it should be')
			.argument('<name>', 'of the list')
			.option('--json', 'as JSON')
			.action(async (name: string, options: Options) => {
				const http = await context.connect(options);
				const check = await followCheck(context, http, await checkBackup(http, name));
				if (options.json) context.out.json(check);
				else for (const violation of check.violations ?? []) context.out.line(violation);
				if (check.error !== null) throw new CliError(EXIT.failed, check.error);
				if (check.violations?.length !== 0) throw new CliError(EXIT.failed, `${name} is not as it should be.`);
				if (!options.json) context.out.line(`${name} is as it should be.`);
			}),
	);
	return command;
};

/** Waits until a check has ended. */
const followCheck = async (context: Context, http: HttpClient, begun: BackupCheck): Promise<BackupCheck> => {
	let now = begun;
	while (now.finishedAt === null) {
		await setTimeout(ASK_EVERY_MS, undefined, { signal: context.signal });
		const { checks } = await readBackups(http, { signal: context.signal });
		const found = checks.find(({ backup, startedAt }) => backup === begun.backup && startedAt === begun.startedAt);
		if (!found) throw new CliError(EXIT.failed, 'The coordinator was started anew and knows of no check.');
		now = found;
	}
	return now;
};
