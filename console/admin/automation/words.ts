import type { EveryonesKind, ThingState } from '../../../shared/protocol/everyones-thing.ts';
import { catalogue } from '../../kit/words.ts';

export const words = catalogue('automation', {
	filter: 'Filter by name',
	state: 'State',
	anyState: 'Any state',
	name: 'Name',
	owner: 'Owner',
	about: 'What',
	last: 'Last',
	outcome: 'Result',
	next: 'Next',
	made: 'Made',
	acts: 'Acts',
	nobody: 'nobody',
	hidden: 'not told to operators',
	pause: 'Pause',
	resume: 'Resume',
	unfit: 'Nothing fits',
	unfitHelp: 'No name has this in it, or none is in this state.',
	clear: 'Clear the filter',
	notDone: 'It was not done',
	reason: 'stopped by an operator in the console',
});

export interface KindWords {
	title: string;
	lead: string;
	none: string;
	/** Where they are made. */
	where: string;
	/** What is said while they are read. */
	what: string;
}

export const KIND_WORDS: Record<EveryonesKind, KindWords> = {
	recipe: catalogue('automation-recipes', {
		title: 'Recipes',
		lead: 'Saved steps of everybody, and how many triggers start each.',
		none: 'Nobody has saved steps as a recipe yet',
		where: 'People do so in the portal, when they configure how files are processed.',
		what: 'the recipes',
	}),
	trigger: catalogue('automation-triggers', {
		title: 'Triggers',
		lead: 'What starts a recipe by itself, when files come into a folder or are looked at.',
		none: 'Nobody has a trigger yet',
		where: 'People make them in the portal, on a recipe’s page.',
		what: 'the triggers',
	}),
	schedule: catalogue('automation-schedules', {
		title: 'Schedules',
		lead: 'What runs by the clock, with what became of the last run.',
		none: 'Nobody has a schedule yet',
		where: 'People make them in the portal, under Schedules.',
		what: 'the schedules',
	}),
	source: catalogue('automation-sources', {
		title: 'Sources',
		lead: 'Topics that are gathered into datasets.',
		none: 'Nobody gathers a topic yet',
		where: 'People make sources in the portal, under Sources.',
		what: 'the sources',
	}),
	dataset: catalogue('automation-datasets', {
		title: 'Datasets',
		lead: 'Published trees of files, whoever may read them.',
		none: 'Nobody has published a dataset yet',
		where: 'People do so in the portal, under Datasets.',
		what: 'the datasets',
	}),
	webhook: catalogue('automation-webhooks', {
		title: 'Webhooks',
		lead: 'Addresses outside that are told of what happens, and whether they took it.',
		none: 'Nobody has a webhook yet',
		where: 'People make them in the portal, on their account’s page.',
		what: 'the webhooks',
	}),
};

export const STATE_WORDS: Record<ThingState, string> = catalogue('automation-states', {
	on: 'On',
	off: 'Stopped',
	trouble: 'Trouble',
	retired: 'Retired',
});
