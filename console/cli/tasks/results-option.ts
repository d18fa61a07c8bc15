import { type Command, Option } from 'commander';
import { type Filing, filingSchema } from '../../../shared/protocol/result.ts';
import { usageError } from '../failure.ts';
import { remotePath } from '../remote/remote-path.ts';

export interface ResultsOptions {
	results?: string;
	resultsName?: string;
	resultsConflict?: Filing['conflict'];
}

/** The options that say where results go. */
export const withResults = (command: Command): Command =>
	command
		.option(
			'--results <PLACE>',
			'make files of what comes out: beside (the file worked on), or a folder such as /small',
		)
		.option('--results-name <TEMPLATE>', 'how they are called, such as {stem}-{width}.{ext} (default: the task type’s)')
		.addOption(
			new Option(
				'--results-conflict <WHAT>',
				'a name that an earlier result has: make a version of it, or another name (default: version)',
			).choices(['version', 'rename']),
		);

/** Null: outputs stay with their task. */
export const filingOf = ({ results, resultsName, resultsConflict }: ResultsOptions): Filing | null => {
	if (results === undefined) {
		if (resultsName === undefined && resultsConflict === undefined) return null;
		throw usageError('Say where the results go, too: --results beside, or --results FOLDER.');
	}
	const place =
		results === 'keep' || results === 'beside'
			? { place: results }
			: inFolder(results, '--results takes beside, keep,');
	return filingSchema.parse({
		...place,
		...(resultsName === undefined ? {} : { name: resultsName }),
		...(resultsConflict === undefined ? {} : { conflict: resultsConflict }),
	});
};

/** Where to with what stays with a task. */
export const filingNow = (place: string): Pick<Filing, 'place' | 'folder'> =>
	place === 'beside' ? { place } : inFolder(place, '--file takes beside,');

const inFolder = (text: string, takes: string): { place: 'folder'; folder: string } => {
	if (text.startsWith('/')) return { place: 'folder', folder: remotePath(text) };
	throw usageError(`${takes} or a folder that begins with a slash, not ${text}.`);
};
