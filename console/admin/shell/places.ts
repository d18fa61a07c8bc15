import type { IconName } from '../../kit/icons.tsx';

/** Where the menu leads. */
export interface Place {
	to: string;
	word: string;
	icon: IconName;
	/** Pressed after `g`. */
	key: string;
	/** Only administrators may see it and what is below its path; default: operators too. */
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
		title: 'Work',
		places: [
			{ to: '/nodes', word: 'Nodes', icon: 'device', key: 'n' },
			{ to: '/queues', word: 'Queues', icon: 'queue', key: 'q' },
			{ to: '/tasks', word: 'Tasks', icon: 'list', key: 't' },
			{ to: '/quarantine', word: 'Quarantine', icon: 'alert', key: 'x' },
		],
	},
	{
		title: 'Fairness',
		places: [{ to: '/classes', word: 'Service classes', icon: 'scales', key: 'c' }],
	},
	{
		title: 'People',
		places: [
			{ to: '/users', word: 'Users', icon: 'user', key: 'u', isForAdministrators: true },
			{ to: '/groups', word: 'Groups', icon: 'people', key: 'r' },
		],
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
			{ to: '/task-types', word: 'Task types', icon: 'cube', key: 'y' },
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
		places: [
			{ to: '/audit', word: 'Audit', icon: 'shield', key: 'l', isForAdministrators: true },
			{ to: '/settings', word: 'Settings', icon: 'gear', key: 'k', isForAdministrators: true },
			{ to: '/health', word: 'Health', icon: 'pulse', key: 'h' },
			{ to: '/account', word: 'Account', icon: 'key', key: 'z' },
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

/** The place that a screen at this path belongs to, such as the users for `/users/:id`. */
export const placeOf = (path: string): Place | undefined => {
	const top = `/${path.split('/', 2)[1]}`;
	return PLACES.flatMap(({ places }) => places).find(({ to }) => to === top);
};
