import type { CheckName, CheckState } from '../../../shared/protocol/health.ts';
import { plural } from '../../kit/format.ts';
import type { StateLook } from '../../kit/task-words.ts';
import { catalogue } from '../../kit/words.ts';

/** What the health screen says. */
export const words = catalogue('health', {
	title: 'Health',
	lead: 'What the coordinator looks at every 15 seconds, each with what to do when it is not well.',
	checks: 'Checks',
	checksWhat: 'the checks',
	cannot: 'The checks cannot be shown',
	made: 'Made',
	well: (count: number) => `All ${plural(count, 'check')} are well.`,
	problems: (count: number) => `${plural(count, 'check')} not well.`,
	again: 'Look again',
	since: 'began',
	asCommand: 'the command that tells the same',
	about: 'About',
	aboutWhat: 'what this coordinator is',
	aboutCannot: 'It cannot be told what this coordinator is',
	version: 'Version',
	up: 'Up for',
	node: 'Node.js',
	platform: 'System',
	schema: 'Schema',
	ledger: 'Ledger',
	unknown: 'not known',
	certificate: 'Certificate',
	plain: 'none: it speaks plain HTTP',
	fingerprint: 'the fingerprint',
	ends: 'Ends',
	diagnosis: 'Diagnosis',
	diagnosisText:
		'A zip for whoever helps: versions, settings, checks, counts, the newest log lines. Without passwords, names, files, addresses and paths. That you took it is on record.',
	take: 'Download the diagnosis',
	taken: 'The diagnosis is saved.',
	notTaken: 'The diagnosis was not made',
	onlyAdministrators: 'Administrators can download it.',
	toTheNodes: 'To the nodes',
	toTheQueues: 'To the queues',
	toTheSchedules: 'To the schedules',
	toTheLog: 'To the log',
	whatTakes: 'What takes how much',
	toTheCertificate: 'To the certificate',
	toTheBackups: 'To the backups',
	toTheStorage: 'To the storage',
	toTheChores: 'To the chores',
	toTheMail: 'To the mail',
});

export const CHECK_TITLES: Readonly<Record<CheckName, string>> = {
	ledger: 'Ledger',
	disk: 'Disk',
	'write-ahead-log': 'Write-ahead log',
	certificate: 'Certificate',
	'nodes-lost': 'Nodes',
	clocks: 'Clocks',
	'queues-without-node': 'Queues have nodes',
	'queues-not-moving': 'Queues move',
	'queues-paused': 'Paused queues',
	'tasks-without-queue': 'Tasks have queues',
	schedules: 'Schedules',
	backup: 'Backup',
	'damaged-content': 'Content',
	chores: 'Chores',
	mail: 'Mail',
};

export const CHECK_LOOKS: Readonly<Record<CheckState, StateLook>> = {
	ok: { word: 'Well', color: 'teal', icon: 'circleCheck' },
	off: { word: 'Not set up', color: 'gray', icon: 'pause' },
	warn: { word: 'Look at it', color: 'orange', icon: 'alert' },
	fail: { word: 'Fails', color: 'red', icon: 'circleX' },
};
