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
	{
		title: 'Work',
		places: [{ to: '/queues', word: 'Queues', icon: 'queue', key: 'q' }],
	},
	{
		title: 'People',
		places: [{ to: '/users', word: 'Users', icon: 'user', key: 'u', isForAdministrators: true }],
	},
	{
		title: 'Accounting',
		places: [
			{ to: '/usage', word: 'Usage', icon: 'gauge', key: 'a', isForAdministrators: true },
			{ to: '/prices', word: 'Prices', icon: 'tag', key: 'p', isForAdministrators: true },
			{ to: '/budgets', word: 'Budgets', icon: 'coins', key: 'b', isForAdministrators: true },
			{ to: '/statements', word: 'Statements', icon: 'receipt', key: 'm', isForAdministrators: true },
		],
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
		title: 'System',
		places: [{ to: '/account', word: 'Account', icon: 'key', key: 'z' }],
	},
];
