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
	/** Only the desktop has it. */
	isOnDesktop?: boolean;
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
	{
		title: 'Processing',
		places: [
			{ to: '/recipes', word: 'Recipes', icon: 'recipe', key: 'e' },
			{ to: '/triggers', word: 'Triggers', icon: 'zap', key: 'i' },
			{ to: '/schedules', word: 'Schedules', icon: 'clock', key: 's' },
			{ to: '/sources', word: 'Sources', icon: 'link', key: 'f' },
			{ to: '/datasets', word: 'Datasets', icon: 'dataset', key: 'd', isForAdministrators: true },
			{ to: '/webhooks', word: 'Webhooks', icon: 'external', key: 'w', isForAdministrators: true },
		],
	},
	{
		title: 'Desktop',
		places: [
			{ to: '/connect', word: 'Coordinators', icon: 'link', key: 'j', isOnDesktop: true },
			{
				to: '/this-machine',
				word: 'This machine',
				icon: 'device',
				key: 'v',
				isForAdministrators: true,
				isOnDesktop: true,
			},
		],
	},
];
