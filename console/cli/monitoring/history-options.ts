import { type Command, Option } from 'commander';
import type { HistoryWish } from '../../../shared/client/history.ts';
import { RESOLUTIONS, type Resolution } from '../../../shared/protocol/history.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { timeOption } from '../time-option.ts';

export interface HistoryOptions extends ServerChoice {
	json?: boolean;
	since?: string;
	until?: string;
	resolution?: Resolution;
	measures?: string;
}

/** The options that choose what of a history is shown. */
export const withHistoryOptions = (command: Command): Command =>
	command
		.option(
			'--since <TIME>',
			'from when: a time, or a duration back from now such as 6h (default: 1h)',
			timeOption('ago'),
		)
		.option('--until <TIME>', 'until when (default: now)', timeOption('ago'))
		.addOption(
			new Option('--resolution <HOW>', 'how finely; default: as finely as that time allows').choices(
				Object.keys(RESOLUTIONS),
			),
		)
		.option('--measures <NAMES>', 'only these, by commas, such as cpuLoad,running')
		.option('--json', 'as JSON: columns of values beside their times');

export const wishOf = ({ since, until, resolution, measures }: HistoryOptions): HistoryWish => ({
	...{ from: since, to: until, resolution, measures },
});
