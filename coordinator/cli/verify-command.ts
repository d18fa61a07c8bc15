import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { explained } from '../backup/refused.ts';
import { verifyBackup, WHOLE_CONTENT } from '../backup/verify-backup.ts';
import { BadSetting, coordinatorConfig } from '../config/coordinator-config.ts';
import type { Violation } from '../verify/ledger-rules-store.ts';
import { verifyData, wordsOf } from '../verify/verify-data.ts';
import { EXIT } from './exit-codes.ts';
import { explaining } from './explaining.ts';

interface Options {
	data?: string;
	from?: string;
	backup?: string;
	quick?: boolean;
	json?: boolean;
}

const check = async (options: Options): Promise<{ what: string; violations: Violation[] }> => {
	if (options.from !== undefined) {
		const folder = resolve(options.from);
		const { manifest, violations } = await verifyBackup(folder, options.backup).catch((error: unknown) => {
			throw explained(error, folder);
		});
		return { what: `The backup ${manifest.name}`, violations };
	}
	if (options.backup !== undefined) throw new BadSetting('--backup: say in which folder, by --from DIR.');
	const { data } = coordinatorConfig(options.data === undefined ? {} : { data: options.data });
	if (!existsSync(join(data, 'ledger.db'))) throw new BadSetting(`--data ${data}: there is no ledger in it.`);
	const violations = await explaining(data, () => verifyData({ data, bytes: !options.quick }));
	return { what: data, violations };
};

/** `coordinator verify`: proves a data folder or a backup, whether the coordinator runs or not. */
export const verifyCommand = (): Command =>
	new Command('verify')
		.description('check the ledger, its invariants and every byte of content, of the data folder or of a backup')
		.option('--data <DIR>', 'the coordinator’s data folder (default: data)')
		.option('--from <DIR>', 'check a backup in this folder instead')
		.option('--backup <NAME>', 'which one (default: the newest that is whole)')
		.option('--quick', 'of content compare sizes only')
		.option('--json', 'print {"violations": […]}')
		.addHelpText(
			'after',
			`
It changes nothing. Exit codes: 0 all is as it should be, 1 something is not.

Examples:
  coordinator verify
  coordinator verify --from /mnt/backup/millrace`,
		)
		.action(async (options: Options) => {
			const { what, violations } = await check(options);
			if (options.json) process.stdout.write(`${JSON.stringify({ violations })}\n`);
			else if (violations.length === 0) process.stdout.write(`${what} is as it should be.\n`);
			else for (const one of violations) process.stdout.write(`${wordsOf(one)}\n`);
			if (options.from !== undefined && !options.json && violations.some(({ rule }) => rule === WHOLE_CONTENT)) {
				process.stdout.write(
					`What is good in the data folder mends it: coordinator backup --to ${resolve(options.from)} --check\n`,
				);
			}
			if (violations.length > 0) process.exitCode = EXIT.failure;
		});
