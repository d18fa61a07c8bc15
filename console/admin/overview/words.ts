import type { FailureReason } from '../../../shared/protocol/history.ts';
import { formatCount, plural } from '../../kit/format.ts';
import { catalogue } from '../../kit/words.ts';

export const words = catalogue('overview', {
	title: 'Overview',
	cannotShow: 'The checks cannot be shown',
	allWell: (checks: number) => `All ${plural(checks, 'check')} are well.`,
	problems: (count: number) => plural(count, 'problem'),
	since: 'since',
	pausedWhat: (queue: string, waiting: number) =>
		`${queue} is paused, and ${plural(waiting, 'task')} ${waiting === 1 ? 'waits' : 'wait'} in it.`,
	pausedDo: (by: string | null, reason: string | null) =>
		`${by === null ? 'Somebody' : by} paused it${reason === null ? '' : `: “${reason}”`}. Nothing is started from it until it is resumed.`,
	addNode: 'Add a node',
	lookAtNodes: 'To the nodes',
	resume: (queue: string) => `Resume ${queue}`,
	whyQueue: (queue: string) => `Why ${queue} waits`,
	makeQueue: 'Make a queue for them',
	backUp: 'Back up now',
	backingUp: 'A backup is being made. The checks tell when it is there.',
	notBackedUp: 'No backup was begun',
	onlyAdministrators: 'Only administrators may do this.',
	numbers: 'At a glance',
	inLine: 'In line',
	running: 'Running',
	oldest: 'Oldest waits',
	oldestShort: 'Oldest',
	inQueue: (queue: string) => `in ${queue}`,
	rate: 'Done',
	comeIn: (rate: string) => `${rate} come in`,
	nodesUp: 'Nodes up',
	resting: (count: number) => `${formatCount(count)} take no work`,
	disk: 'Disk free',
	nothing: '–',
	throughput: 'Throughput, last hour',
	comes: 'Put in line',
	ends: 'Attempts that ended',
	noPace: 'Nothing is known of the last hour yet.',
	cannotShowPace: 'How it has gone cannot be shown',
	waits: 'Waits by class, last hour',
	serviceClass: 'Class',
	started: 'Started',
	half: 'Half within',
	nearlyAll: '95 % within',
	cannotShowWaits: 'How long tasks waited cannot be shown',
	noClasses: 'There is no service class.',
	failures: 'Failed attempts, last hour',
	noFailures: 'None failed.',
	cannotShowFailures: 'What failed cannot be shown',
	failedTasks: 'Failed tasks',
	quarantine: 'Quarantine',
});

/** Why attempts fail, in a few words. */
export const reasonWords: Record<FailureReason, string> = catalogue('failure-reasons', {
	transient: 'something that passes',
	permanent: 'an error that stays',
	input: 'the input',
	timeout: 'out of time',
	resource: 'out of memory or disk',
	crash: 'crashed',
	lost: 'node lost',
});
