import type { ShortcutGroup } from '../../kit/shell/shortcuts-dialog.tsx';
import type { Place } from './places.ts';

/** The keyboard map. */
export const shortcutGroups = (places: readonly Place[]): readonly ShortcutGroup[] => [
	{
		title: 'Anywhere',
		keys: [
			[['Ctrl', 'K'], 'Commands'],
			[['?'], 'This list'],
			[['/'], 'To the filter'],
			...places.map(({ key, word }) => [['g', key], `Go to ${word.toLowerCase()}`] as const),
		],
	},
	{
		title: 'In a list to select from',
		keys: [
			[['↑', '↓'], 'Move'],
			[['Home', 'End'], 'To the first, to the last'],
			[['Space'], 'Select'],
			[['Shift', '↑ ↓'], 'Select a range'],
			[['Ctrl', 'A'], 'Select all'],
			[['Enter'], 'Open'],
			[['Esc'], 'Clear the selection, close'],
		],
	},
];
