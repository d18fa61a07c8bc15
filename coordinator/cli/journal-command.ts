import { Command } from 'commander';
import { BadSetting, coordinatorConfig } from '../config/coordinator-config.ts';
import { readJournal } from '../journal/journal-reader.ts';
import { type ReplayedEpoch, replayJournal } from '../journal/replay.ts';
import { EXIT } from './exit-codes.ts';
import { explaining } from './explaining.ts';
import { openLedger } from './open-ledger.ts';

interface Options {
	data?: string;
	epoch?: string;
	json?: boolean;
}

const epochOf = (text: string | undefined): { fromEpoch: number; toEpoch: number } => {
	if (text === undefined) return { fromEpoch: 0, toEpoch: Number.MAX_SAFE_INTEGER };
	const epoch = Number(text);
	if (!Number.isInteger(epoch) || epoch < 1) throw new BadSetting(`--epoch ${text}: must be a whole number from 1.`);
	return { fromEpoch: epoch, toEpoch: epoch };
};

const time = (ms: number): string => new Date(ms).toISOString();

const wordsOf = (replayed: ReplayedEpoch): string => {
	const { epoch, from, events, decisions, difference, missingFrom } = replayed;
	const name = `epoch ${epoch} (${time(from)}): `;
	if (difference) {
		const { at, event, written, decided } = difference;
		const list = (items: readonly string[]) => items.join(', ') || 'nothing';
		return `${name}DIFFERENT after ${decisions} decisions, at event ${event}, ${time(at)}: written ${list(written)}; now ${list(decided)}`;
	}
	if (missingFrom !== null && events === 0)
		return `${name}its beginning is not kept any more, so it cannot be replayed`;
	const upTo = missingFrom === null ? '' : `, up to ${time(missingFrom)}, where something is missing`;
	return `${name}${events} events, ${decisions} decisions, all equal${upTo}`;
};

/** `coordinator journal replay`: works on the data folder, whether the coordinator runs or not. */
export const journalCommand = (): Command =>
	new Command('journal').description('the journal of scheduling decisions').addCommand(
		new Command('replay')
			.description('make every decision again and compare it with the one that was made')
			.option('--data <DIR>', 'the coordinator’s data folder (default: data)')
			.option('--epoch <N>', 'one run of the coordinator only (default: all that are kept)')
			.option('--json', 'print {"epochs": […]}')
			.addHelpText(
				'after',
				`
A fresh scheduler is told all that the one at work was told. With the build that wrote the journal every decision is the
same; a build that decides otherwise shows where first. An epoch is one run of the coordinator.
Exit codes: 0 all equal, 1 some decision differs.

Example:
  coordinator journal replay --data data`,
			)
			.action(async (options: Options) => {
				const { data } = coordinatorConfig(options.data === undefined ? {} : { data: options.data });
				const range = epochOf(options.epoch);
				await explaining(data, async () => {
					await using ledger = openLedger(data);
					const epochs: ReplayedEpoch[] = [];
					for await (const replayed of replayJournal(readJournal(ledger, range))) {
						epochs.push(replayed);
						if (!options.json) process.stdout.write(`${wordsOf(replayed)}\n`);
					}
					if (options.json) process.stdout.write(`${JSON.stringify({ epochs })}\n`);
					else if (epochs.length === 0) process.stdout.write('There is nothing in the journal.\n');
					if (epochs.some(({ difference }) => difference !== null)) process.exitCode = EXIT.failure;
				});
			}),
	);
