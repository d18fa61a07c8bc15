import { Command } from 'commander';
import { Accounting } from '../accounting/accounting.ts';
import { nextSealAt } from '../accounting/seals.ts';
import { SYSTEM } from '../audit/doer.ts';
import { coordinatorConfig } from '../config/coordinator-config.ts';
import { createLogger } from '../report/logger.ts';
import { EXIT } from './exit-codes.ts';
import { explaining } from './explaining.ts';
import { openLedger } from './open-ledger.ts';

interface Options {
	data?: string;
	json?: boolean;
}

const withAccounting = async (options: Options, act: (accounting: Accounting) => Promise<void>): Promise<void> => {
	const { data } = coordinatorConfig(options.data === undefined ? {} : { data: options.data });
	await explaining(data, async () => {
		await using ledger = openLedger(data);
		await act(new Accounting({ ledger, logger: createLogger('warn'), classOf: () => 'standard' }));
	});
};

const verify = (options: Options): Promise<void> =>
	withAccounting(options, async ({ verification }) => {
		const verdict = await verification.run();
		const { ok, records, sealedDays, summedDays, lastSeal, difference } = verdict;
		if (options.json) process.stdout.write(`${JSON.stringify(verdict)}\n`);
		else if (!ok) process.stdout.write(`DIFFERENT: ${difference}.\n`);
		else {
			const seal =
				lastSeal === null
					? `\nNo day is sealed yet; the coordinator does it five minutes after each (UTC), next at ${new Date(nextSealAt(Date.now())).toISOString()}.`
					: `\nThe seal of ${lastSeal.day}: ${lastSeal.hash}`;
			const summed = summedDays === 0 ? '' : `, ${summedDays} days before them of which only sums are kept`;
			process.stdout.write(
				`${sealedDays} sealed days${summed}, ${records} records and their amounts, and all sums are as they should be.${seal}\n`,
			);
		}
		if (!ok) process.exitCode = EXIT.failure;
	});

const rebuild = (options: Options): Promise<void> =>
	withAccounting(options, async ({ rollups }) => {
		await rollups.rebuild(SYSTEM);
		process.stdout.write(options.json ? '{"rebuilt":true}\n' : 'All sums were made anew from the records.\n');
	});

/** `coordinator usage verify|rebuild`: works on the data folder, whether the coordinator runs or not. */
export const usageCommand = (): Command => {
	const command = new Command('usage').description('the ledger of what was used');
	const data = ['--data <DIR>', 'the coordinator’s data folder (default: data)'] as const;
	const json = ['--json', 'print JSON'] as const;
	command
		.command('verify')
		.description('recompute seals, amounts and sums from the records and compare')
		.option(...data)
		.option(...json)
		.addHelpText(
			'after',
			`
A seal closes a day of usage and hangs on the one before: what was changed, added or removed since is found, and the day
is named. Note the last seal somewhere else, and nobody can make all of them anew unseen.
Exit codes: 0 all is as it should be, 1 something differs.

Example:
  coordinator usage verify --data data`,
		)
		.action(verify);
	command
		.command('rebuild')
		.description('make all sums anew from the records; those that are there count until that is done')
		.option(...data)
		.option(...json)
		.action(rebuild);
	return command;
};
