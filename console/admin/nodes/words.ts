import { plural } from '../../kit/format.ts';
import { catalogue } from '../../kit/words.ts';

/** What the screens about nodes say. */
export const words = catalogue('nodes', {
	title: 'Nodes',
	add: 'Add a node',
	emptyTitle: 'No machine works for you yet',
	emptyText:
		'A node is a machine that runs an agent. It joins by one command and then takes tasks of the queues that you give it.',
	noMatchTitle: 'No node is like that',
	noMatchText: 'Nothing fits these filters. Nodes that were revoked are shown only when they are asked for.',
	noMatchAct: 'Show all nodes',
	filter: 'Name, label, queue, version',
	anyLabel: 'Any label',
	label: 'Label',
	look: 'Show as',
	tiles: 'Tiles',
	table: 'Table',
	all: 'all',
	slots: (running: number, slots: number) => `${running} of ${plural(slots, 'slot')} in use`,
	idle: 'Nothing runs',
	lastSeen: 'Last seen',
	never: 'never',
	cannotShow: 'The nodes cannot be shown',
	byState: 'Nodes by state',
	actsOn: (name: string) => `Acts on ${name}`,
	cpu: 'CPU',
	memory: 'Memory',
	gpu: 'GPU',
	cordon: 'Cordon',
	drain: 'Drain',
	resume: 'Resume',
	settings: 'Settings',
	revoke: 'Revoke',
	forget: 'Forget',
	keep: 'Cancel',
	adminsOnly: 'Only administrators may do this',
	cordonTitle: (name: string) => `Cordon ${name}`,
	cordonText: 'It takes no more tasks. What runs there goes on.',
	drainTitle: (name: string) => `Drain ${name}`,
	drainText:
		'It takes no more tasks, finishes what it runs, and then its agent ends. Start the agent again to have it back.',
	stillRuns: (running: number) =>
		running === 0
			? 'Nothing runs there now.'
			: `${plural(running, 'task')} ${running === 1 ? 'runs' : 'run'} there now:`,
	moreRun: (count: number) => `and ${count} more`,
	reason: 'Reason',
	reasonHint: 'Shown beside the node and in the audit log',
	until: 'Takes work again',
	untilNever: 'when somebody says so',
	hours: (count: number) => `in ${plural(count, 'hour')}`,
	cordoned: (name: string) => `${name} takes no more tasks.`,
	drained: (name: string) => `${name} finishes what it runs, then leaves.`,
	resumed: (name: string) => `${name} takes tasks again.`,
	undone: (name: string) => `${name} is as it was before.`,
	notUndone: 'It was not undone',
	steeredSince: (name: string) => `${name} has been steered since; nothing was changed.`,
	actFailed: (name: string) => `${name} was left as it is`,
	revokeTitle: (name: string) => `Revoke ${name}?`,
	revokeText:
		'Its connection is cut at once and it may not come back. What it runs is run elsewhere. This cannot be undone.',
	revoked: (name: string) => `${name} was revoked.`,
	forgetTitle: (name: string) => `Forget ${name}?`,
	forgetText:
		'It is taken off every list and may not come back by its key; the machine can join anew. What it ran keeps its name. This cannot be undone.',
	forgotten: (name: string) => `${name} is forgotten.`,
	settingsTitle: (name: string) => `Settings of ${name}`,
	concurrency: 'Tasks at once',
	concurrencyHint: (declared: number | null) =>
		declared === null
			? 'Counts at once; what runs goes on'
			: `The node itself says ${declared}. Counts at once; what runs goes on.`,
	ownLabels: 'Labels by hand',
	ownLabelsHint: 'Tasks can ask for a node by its labels. Off: those count that the agent was started with.',
	labels: 'Labels',
	labelsHint: 'One a line, as name=value',
	badLabel: (line: string) => `“${line}” is no label: write name=value.`,
	twice: (name: string) => `The label ${name} is there twice.`,
	save: 'Save',
	saved: (name: string) => `${name} goes by this from now on.`,
	copyCommand: 'the command for this',
});
