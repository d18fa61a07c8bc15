import { formatCount, plural } from '../../kit/format.ts';
import { catalogue } from '../../kit/words.ts';

/** What the quarantine says. */
export const words = catalogue('quarantine', {
	title: 'Quarantine',
	lead: 'What failed for good, or was set aside because workers died under it, grouped by cause.',
	loading: 'the causes',
	failed: 'The causes cannot be shown',
	noneTitle: 'Nothing has failed',
	none: 'What fails for good appears here, by cause: try one of it again, then all.',
	noneFitTitle: 'No cause fits this filter',
	noneFit: 'There may be others.',
	clearFilter: 'Clear the filter',
	filter: 'Type, error or message',
	summary: (groups: number, tasks: number, truncated: boolean) =>
		`${plural(groups, 'cause')} of ${truncated ? 'the newest ' : ''}${plural(tasks, 'task')}${truncated ? '; there are more' : ''}`,
	tasks: (count: number) => plural(count, 'task'),
	people: (count: number) => plural(count, 'person', 'people'),
	nodes: (count: number) => plural(count, 'node'),
	replayOne: 'Replay one',
	replayAll: (count: number) => `Replay all ${formatCount(count)}`,
	discard: 'Discard…',
	discardTitle: 'Discard what failed for this cause',
	discardLead: (count: number) =>
		`${plural(count, 'task')} will not be told of here any more. They stay failed, with their owners, who can still retry them; they do not come back into the quarantine.`,
	discardAct: (count: number) => `Discard ${plural(count, 'task')}`,
	notReplayed: 'Nothing was replayed',
	evidence: 'Evidence',
	evidenceOf: 'Evidence of',
	sample: (number: number, of: number) => `Task ${number} of the newest ${of}`,
	evidenceLoading: 'the task',
	evidenceFailed: 'The evidence cannot be shown',
	attempts: 'Attempts',
	log: 'Last log lines',
	toTask: 'To the task',
	copyCommand: 'the command',
	noMessage: 'no message',
	first: '· first',
	last: ', last',
});
