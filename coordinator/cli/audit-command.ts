import { Command, Option } from 'commander';
import { AuditLog } from '../audit/audit-log.ts';
import { type AuditFormat, auditText } from '../audit/export.ts';
import { BadSetting, coordinatorConfig } from '../config/coordinator-config.ts';
import { EXIT } from './exit-codes.ts';
import { explaining } from './explaining.ts';
import { openLedger } from './open-ledger.ts';

const withAudit = async <T>(named: string | undefined, act: (audit: AuditLog) => Promise<T>): Promise<T> => {
	const { data } = coordinatorConfig(named === undefined ? {} : { data: named });
	return explaining(data, async () => {
		await using ledger = openLedger(data);
		return await act(new AuditLog({ ledger }));
	});
};

const write = (text: string): Promise<void> =>
	new Promise((resolve, reject) => {
		process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
	});

const instant = (name: string, text: string | undefined): number | undefined => {
	if (text === undefined) return undefined;
	const at = Date.parse(text);
	if (Number.isNaN(at)) throw new BadSetting(`--${name} ${text}: must be a time such as 2026-11-30T07:30:00Z.`);
	return at;
};

interface ExportOptions {
	data?: string;
	format: AuditFormat;
	actor?: string;
	action?: string;
	text?: string;
	from?: string;
	to?: string;
}

const DATA = ['--data <DIR>', 'the coordinator’s data folder (default: data)'] as const;

const verifyCommand = (): Command =>
	new Command('verify')
		.description('check that no entry was changed, removed or put in between')
		.option(...DATA)
		.option('--json', 'print the verdict as JSON')
		.addHelpText(
			'after',
			`
Each entry’s hash covers the one before it. Keep the newest hash (“head”) somewhere else: whoever has it can prove later
that nothing up to there was rewritten. Exit codes: 0 good, 1 an entry is not what was written; it is named.

Example:
  coordinator audit verify --data data`,
		)
		.action(async (options: { data?: string; json?: boolean }) => {
			const verdict = await withAudit(options.data, (audit) => audit.verify());
			const words = verdict.ok
				? `${verdict.rows} entries, all as they were written (${verdict.blanked} blanked by deletions). Newest hash: ${verdict.head}`
				: `Entry ${verdict.firstBad} is not what was written. Compare it with your newest backup: coordinator audit export`;
			await write(options.json ? `${JSON.stringify(verdict)}\n` : `${words}\n`);
			if (!verdict.ok) process.exitCode = EXIT.failure;
		});

const exportCommand = (): Command =>
	new Command('export')
		.description('write the entries to standard output, newest first')
		.option(...DATA)
		.addOption(
			new Option('--format <FORMAT>', 'csv, or json: one entry a line').choices(['csv', 'json']).default('csv'),
		)
		.option('--actor <ID>', 'of this person or node only')
		.option('--action <NAME>', 'of this kind only, such as user.create or queue.*')
		.option('--text <WORDS>', 'with these words in it only')
		.option('--from <TIME>', 'not before, such as 2026-11-01T00:00:00Z')
		.option('--to <TIME>', 'before')
		.addHelpText(
			'after',
			`
Times are UTC. Cells that a spreadsheet would run as a formula get an apostrophe before them.

Example:
  coordinator audit export --data data --action 'user.*' > audit.csv`,
		)
		.action(async ({ data, format, from, to, ...filter }: ExportOptions) => {
			const wanted = { ...filter, from: instant('from', from), to: instant('to', to) };
			await withAudit(data, async (audit) => {
				for await (const text of auditText(audit.all(wanted), format)) await write(text);
			});
		});

/** `coordinator audit`: works on the data folder, whether the coordinator runs or not. */
export const auditCommand = (): Command =>
	new Command('audit')
		.description('the record of who did what')
		.addCommand(verifyCommand())
		.addCommand(exportCommand());
