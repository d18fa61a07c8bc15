import { resolve } from 'node:path';
import { Command } from 'commander';
import { explained } from '../backup/refused.ts';
import { type Restored, restoreBackup } from '../backup/restore.ts';
import { OPERATIONS } from '../operations.ts';
import { explaining } from './explaining.ts';

interface Options {
	from: string;
	data: string;
	backup?: string;
	leaveOutDamaged?: boolean;
	json?: boolean;
}

const wordsOf = ({ manifest, attempts, damaged }: Restored, data: string): string =>
	[
		`${data} is as it was on ${manifest.takenAt} (backup ${manifest.name}).`,
		`${manifest.contents.count - damaged.length} contents were restored and checked.`,
		...(damaged.length > 0 ? [`${damaged.length} were damaged in the backup and read as lost now.`] : []),
		...(manifest.missing.count > 0 ? [`${manifest.missing.count} were lost before it was taken.`] : []),
		...(attempts > 0 ? [`${attempts} attempts that ran then were ended; their tasks are in line again.`] : []),
		'',
		'Before you start it:',
		...(manifest.withKey ? [] : ['- Put secret.key back into it, or people’s secrets cannot be opened.']),
		'- Be sure that the old coordinator is stopped for good: two would both do what is scheduled.',
		'Afterwards:',
		'- What was revoked or taken from people since then is valid again: nodes, tokens, roles, users. Do it again.',
		'- Nodes that joined since then have to join again. Everybody signs in again.',
	].join('\n');

/** `coordinator restore`: makes a data folder of a backup. */
export const restoreCommand = (): Command =>
	new Command('restore')
		.description('make a new data folder of a backup')
		.requiredOption('--from <DIR>', 'folder of backups')
		.requiredOption('--data <DIR>', 'the data folder to make; it must be empty or not there')
		.option('--backup <NAME>', 'which one (default: the newest that is whole)')
		.option('--leave-out-damaged', 'go on when some content is damaged in the backup; it reads as lost then')
		.option('--json', 'print what was restored')
		.addHelpText(
			'after',
			`
Every byte is checked. When it is cut off, run the same command again: it goes on. What ran on agents when the backup was
taken is ended and runs anew; nothing is completed twice.

Example:
  coordinator restore --from /mnt/backup/millrace --data /var/lib/millrace
  coordinator start --data /var/lib/millrace`,
		)
		.action(async (options: Options) => {
			const [folder, data] = [resolve(options.from), resolve(options.data)];
			const restored = await explaining(data, () =>
				restoreBackup({
					...{ folder, data, name: options.backup, operations: OPERATIONS },
					leaveOutDamaged: options.leaveOutDamaged === true,
				}).catch((error: unknown) => {
					throw explained(error, folder);
				}),
			);
			process.stdout.write(options.json ? `${JSON.stringify(restored)}\n` : `${wordsOf(restored, data)}\n`);
		});
