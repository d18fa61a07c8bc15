import type { CheckName } from '../../../shared/protocol/health.ts';
import { words } from './words.ts';

/** Where that is done what a check asks for; a screen, or a tab of the settings. */
export interface Fix {
	to: string;
	word: string;
	/** Operators have no way in. */
	isForAdministrators?: boolean;
}

const settings = (tab: string, word: string): Fix => ({
	...{ to: `/settings?tab=${tab}`, word },
	isForAdministrators: true,
});

export const FIXES: Readonly<Record<CheckName, Fix>> = {
	ledger: settings('log', words.toTheLog),
	disk: settings('storage', words.whatTakes),
	'write-ahead-log': settings('storage', words.whatTakes),
	certificate: settings('security', words.toTheCertificate),
	'nodes-lost': { to: '/nodes', word: words.toTheNodes },
	clocks: { to: '/nodes', word: words.toTheNodes },
	'queues-without-node': { to: '/queues', word: words.toTheQueues },
	'queues-not-moving': { to: '/queues', word: words.toTheQueues },
	'queues-paused': { to: '/queues', word: words.toTheQueues },
	'tasks-without-queue': { to: '/queues', word: words.toTheQueues },
	schedules: { to: '/schedules', word: words.toTheSchedules },
	backup: settings('backups', words.toTheBackups),
	'damaged-content': settings('storage', words.toTheStorage),
	chores: settings('chores', words.toTheChores),
	mail: settings('mail', words.toTheMail),
};
