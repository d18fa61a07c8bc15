import type { ShortcutGroup } from '../../kit/shell/shortcuts-dialog.tsx';

/** The portal's keyboard map. */
export const PORTAL_SHORTCUTS: readonly ShortcutGroup[] = [
	{
		title: 'Anywhere',
		keys: [
			[['?'], 'This list'],
			[['/'], 'To the filter'],
			[['g', 'f'], 'Go to files'],
			[['g', 't'], 'Go to tasks'],
			[['g', 'd'], 'Go to datasets'],
			[['g', 'r'], 'Go to recipes'],
			[['g', 's'], 'Go to schedules'],
			[['g', 'j'], 'Go to jobs'],
			[['g', 'o'], 'Go to results (outcome)'],
			[['g', 'u'], 'Go to usage'],
			[['g', 'n'], 'Go to notices'],
			[['g', 'b'], 'Go to the trash (bin)'],
			[['g', 'a'], 'Go to account'],
		],
	},
	{
		title: 'In a list',
		keys: [
			[['↑', '↓'], 'Move'],
			[['Home', 'End'], 'To the first, to the last'],
			[['Space'], 'Select'],
			[['Shift', '↑ ↓'], 'Select a range'],
			[['Ctrl', 'A'], 'Select all'],
			[['Enter'], 'Open'],
			[['F2'], 'Rename or move'],
			[['Delete'], 'Put into the trash'],
			[['Esc'], 'Clear the selection, close'],
		],
	},
];
