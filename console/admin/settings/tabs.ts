import { words } from './words.ts';

/** The tabs of the settings, by what the address says. */
export const TABS = [
	{ name: 'storage', word: words.storage },
	{ name: 'retention', word: words.retention },
	{ name: 'backups', word: words.backups },
	{ name: 'mail', word: words.mail },
	{ name: 'security', word: words.security },
	{ name: 'log', word: words.log },
	{ name: 'chores', word: words.chores },
	{ name: 'started-with', word: words.startedWith },
] as const;

export type TabName = (typeof TABS)[number]['name'];

export const tabOf = (text: string): TabName => TABS.find(({ name }) => name === text)?.name ?? 'storage';
