import { createReadStream, existsSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { measuresOf } from '../../shared/protocol/history.ts';
import { BadSetting, type CoordinatorConfig, coordinatorConfig } from '../config/coordinator-config.ts';
import { InlineLedger } from '../database/inline-ledger.ts';
import type { Ledger } from '../database/ledger.ts';
import type { ReadOperation } from '../database/operation.ts';
import { Diagnosis } from '../diagnosis/diagnosis.ts';
import { DIAGNOSIS_OPERATIONS } from '../diagnosis/diagnosis-store.ts';
import { historySection, logSection, settingsSection } from '../diagnosis/live-sections.ts';
import { ledgerSections } from '../diagnosis/sections.ts';
import { HISTORY_OPERATIONS, readHistory } from '../monitoring/history-store.ts';
import { RecentLines } from '../report/recent-lines.ts';

/** Read from the end of a log. */
const MOST_LOG_BYTES = 8 * 1024 * 1024;

interface Options {
	data?: string;
	config?: string;
	out?: string;
	log?: string;
}

/** Opened when something is to be read: a ledger that cannot be is told as that, and the rest all the same. */
const opened = (open: () => InlineLedger): Pick<Ledger, 'read'> => ({
	async read<A, R>(operation: ReadOperation<A, R>, args: A): Promise<R> {
		await using ledger = open();
		return await ledger.read(operation, args);
	},
});

const diagnosisOf = (config: CoordinatorConfig, log: string | undefined): Diagnosis => {
	const { data } = config;
	const reading = (name: string, operations: ConstructorParameters<typeof InlineLedger>[0]['operations']) =>
		opened(() => new InlineLedger({ file: join(data, name), operations, readonly: true }));
	const ledger = reading('ledger.db', DIAGNOSIS_OPERATIONS);
	const history = reading('history.db', HISTORY_OPERATIONS);
	return new Diagnosis([
		...ledgerSections({ ledger, data, madeBy: 'a command beside the data folder' }),
		settingsSection(config, 'the command, as of its options, --config and the environment'),
		historySection((from, to, resolution) =>
			history.read(readHistory, {
				...{ kind: 'coordinator', name: '', resolution, measures: measuresOf('coordinator') },
				...{ from: Math.floor(from / 1_000), to: Math.ceil(to / 1_000) },
			}),
		),
		...(log === undefined ? [] : [logSection(() => linesOf(log))]),
	]);
};

/** The newest lines of standard input, or of a file, of which only the end is read. */
const linesOf = async (log: string): Promise<readonly string[]> => {
	const start = log === '-' ? 0 : Math.max(0, statSync(log).size - MOST_LOG_BYTES);
	const input = log === '-' ? process.stdin : createReadStream(log, { start });
	const recent = new RecentLines();
	for await (const line of createInterface({ input })) recent.add(line);
	return recent.lines;
};

/** Under its name only when it is whole, and for nobody else to read. */
const save = async (path: string, diagnosis: Diagnosis): Promise<void> => {
	const part = `${path}.part`;
	const file = await open(part, 'wx', 0o600);
	try {
		await diagnosis.writeTo(async (piece) => void (await file.writeFile(piece)));
		await file.close();
		await rename(part, path);
	} catch (error) {
		await file.close().catch(() => {});
		await rm(part, { force: true });
		throw error;
	}
};

/** `coordinator diagnose`: works on the data folder, whether the coordinator runs or not. */
export const diagnoseCommand = (): Command =>
	new Command('diagnose')
		.description('write a zip that tells how the coordinator is, without secrets, names, addresses or paths')
		.option('--data <DIR>', 'the coordinator’s data folder (default: data)')
		.option('--config <FILE>', 'the coordinator’s settings file')
		.option('--out <FILE>', 'where to (default: millrace-diagnosis-TIME.zip)')
		.option('--log <FILE>', 'with the newest lines of its log from this file, - for standard input')
		.addHelpText(
			'after',
			`
It changes nothing, and works with a ledger that is damaged. README.txt in the zip tells what is in it. What only a
coordinator that runs can tell (checks made now, its log) comes by: millrace admin diagnose

Examples:
  coordinator diagnose --data /var/lib/millrace
  journalctl -u millrace -o cat -n 20000 | coordinator diagnose --data /var/lib/millrace --log -`,
		)
		.action(async ({ out, log, ...given }: Options) => {
			const config = coordinatorConfig(given);
			if (!existsSync(join(config.data, 'ledger.db'))) {
				throw new BadSetting(
					`--data: no coordinator keeps its data in ${config.data}. Name the folder of yours with --data DIR.`,
				);
			}
			if (log !== undefined && log !== '-' && !existsSync(log)) throw new BadSetting(`--log ${log}: is not there.`);
			const time = new Date().toISOString().slice(0, 19).replaceAll(':', '');
			const path = resolve(out ?? `millrace-diagnosis-${time}.zip`);
			if (existsSync(path)) throw new BadSetting(`--out ${path}: is there already. Choose another name.`);
			await save(path, diagnosisOf(config, log));
			process.stdout.write(`${path}\n`);
		});
