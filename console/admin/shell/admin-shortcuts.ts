import type { ShortcutGroup } from '../../kit/shell/shortcuts-dialog.tsx';
import type { Place } from './places.ts';
import { words } from './words.ts';

/** The keyboard map. */
export const shortcutGroups = (places: readonly Place[]): readonly ShortcutGroup[] => [
	{
		title: words.anywhere,
		keys: [
			[['Ctrl', 'K'], words.commands],
			[['?'], words.thisList],
			[['/'], words.toFilter],
			...places.map(({ key, word }) => [['g', key], words.goToPlace(word)] as const),
		],
	},
	{
		title: words.inList,
		keys: [
			[['↑', '↓'], words.move],
			[['Home', 'End'], words.toEnds],
			[['Space'], words.select],
			[['Shift', '↑ ↓'], words.selectRange],
			[['Ctrl', 'A'], words.selectAll],
			[['Enter'], words.open],
			[['Esc'], words.clearOrClose],
		],
	},
];
