/** The tabs of the settings, by what the address says. */
export const TABS = [
	{ name: 'storage', word: 'Storage' },
	{ name: 'retention', word: 'Retention' },
	{ name: 'backups', word: 'Backups' },
	{ name: 'mail', word: 'Mail' },
	{ name: 'security', word: 'Security' },
	{ name: 'log', word: 'Log' },
	{ name: 'chores', word: 'Chores' },
	{ name: 'started-with', word: 'Started with' },
] as const;

export type TabName = (typeof TABS)[number]['name'];

export const tabOf = (text: string): TabName => TABS.find(({ name }) => name === text)?.name ?? 'storage';
