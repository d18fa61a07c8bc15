import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { bytesInWords } from '../../shared/byte-words.ts';
import { backUpAndRecord } from '../backup/backup-and-record.ts';
import { listBackups } from '../backup/backup-folder.ts';
import { explained } from '../backup/refused.ts';
import { BadSetting, coordinatorConfig } from '../config/coordinator-config.ts';
import { explaining } from './explaining.ts';
import { openLedger } from './open-ledger.ts';

interface Options {
	data?: string;
	to: string;
	withKey?: boolean;
	copy?: boolean;
	check?: boolean;
	keep?: string;
	list?: boolean;
	json?: boolean;
}

const keepOf = (text: string | undefined): number | null => {
	if (text === undefined) return null;
	const keep = Number(text);
	if (!Number.isInteger(keep) || keep < 1) throw new BadSetting(`--keep ${text}: must be a whole number from 1.`);
	return keep;
};

/** `coordinator backup`: works on the data folder, whether the coordinator runs or not. */
export const backupCommand = (): Command =>
	new Command('backup')
		.description('back up the ledger and all content, while the coordinator runs or when it is stopped')
		.requiredOption('--to <DIR>', 'folder for backups, at best on another disk; all backups there share their content')
		.option('--data <DIR>', 'the coordinator’s data folder (default: data)')
		.option('--keep <N>', 'afterwards remove all but the newest N backups (default: keep all)')
		.option('--copy', 'copy content also where a hard link would do')
		.option(
			'--check',
			'read the content that is in the folder too, and copy anew what is damaged (default: once a week)',
		)
		.option('--with-key', 'include the key that opens people’s secrets: then whoever reads the backup can read them')
		.option('--list', 'make none, list those that are there')
		.option('--json', 'print the backup’s manifest and what was copied')
		.addHelpText(
			'after',
			`
Run it as the account that the coordinator runs as. What is in the folder already is not copied again. A backup that is
cut off counts for nothing; the next one clears it away. Not in it: the key of people’s secrets (DATA/secret.key, keep it
elsewhere), settings, TLS certificates, unfinished uploads, directories that datasets are linked to.

Examples:
  coordinator backup --to /mnt/backup/millrace --keep 14
  coordinator backup --to /mnt/backup/millrace --check
  coordinator backup --to /mnt/backup/millrace --list
  coordinator verify --from /mnt/backup/millrace`,
		)
		.action(async (options: Options) => {
			const config = coordinatorConfig(options.data === undefined ? {} : { data: options.data });
			const folder = resolve(options.to);
			const keep = keepOf(options.keep);
			if (options.list) return list(folder, options.json === true);
			if (!existsSync(join(config.data, 'ledger.db'))) {
				throw new BadSetting(`--data ${config.data}: there is no ledger in it, so there is nothing to back up.`);
			}
			const key = options.withKey ? (config.secretKey ?? join(config.data, 'secret.key')) : null;
			const taken = await explaining(config.data, async () => {
				await using ledger = openLedger(config.data);
				const how = { link: !options.copy, check: options.check === true };
				return await backUpAndRecord({ data: config.data, folder, key, ...how, keep }, ledger);
			});
			if (options.json) {
				process.stdout.write(`${JSON.stringify({ ...taken.manifest, copied: taken.copied, mended: taken.mended })}\n`);
				return;
			}
			const { manifest, copied, mended } = taken;
			const { contents, missing, ledger } = manifest;
			process.stdout.write(
				`${manifest.name} is whole: ledger ${bytesInWords(ledger.bytes)}, ${contents.count} contents with ${bytesInWords(contents.bytes)}, of which ${copied.count} were new (${bytesInWords(copied.bytes)}).\n`,
			);
			if (mended > 0) {
				process.stdout.write(`${mended} contents were damaged in ${folder} and were copied anew: check its disk.\n`);
			}
			if (missing.count > 0) {
				process.stdout.write(
					`${missing.count} contents are lost or damaged in the store and could not be backed up, such as ${missing.some[0]}. See: coordinator verify\n`,
				);
			}
			if (!manifest.withKey) {
				process.stdout.write('Not in it: the key of people’s secrets. Keep a copy of secret.key in another place.\n');
			}
		});

const list = async (folder: string, json: boolean): Promise<void> => {
	const items = await listBackups(folder).catch((error: unknown) => {
		throw explained(error, folder);
	});
	if (json) process.stdout.write(`${JSON.stringify({ items })}\n`);
	else if (items.length === 0) process.stdout.write(`There are no whole backups in ${folder}.\n`);
	for (const { name, takenAt, contents, ledger } of json ? [] : items) {
		process.stdout.write(
			`${name}  ${takenAt}  ${contents.count} contents, ${bytesInWords(contents.bytes + ledger.bytes)}\n`,
		);
	}
};
