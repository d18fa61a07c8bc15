import type { IconName } from '../../kit/icons.tsx';

/** Where the menu leads. */
export interface Place {
	to: string;
	word: string;
	icon: IconName;
	/** Pressed after `g`. */
	key: string;
	/** Only administrators may see it; default: operators too. */
	isForAdministrators?: boolean;
}

export interface PlaceGroup {
	/** Empty for the first. */
	title: string;
	places: readonly Place[];
}

/** The menu, from what is watched most to what is rarely changed. */
export const PLACES: readonly PlaceGroup[] = [
	{
		title: '',
		places: [{ to: '/', word: 'Overview', icon: 'chart', key: 'o' }],
	},
];
