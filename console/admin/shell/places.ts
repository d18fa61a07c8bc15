import type { IconName } from '../../kit/icons.tsx';
import { words } from './words.ts';

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
		places: [{ to: '/', word: words.overview, icon: 'chart', key: 'o' }],
	},
	{
		title: words.work,
		places: [
			{ to: '/nodes', word: words.nodes, icon: 'device', key: 'n' },
			{ to: '/queues', word: words.queues, icon: 'queue', key: 'q' },
			{ to: '/tasks', word: words.tasks, icon: 'list', key: 't' },
			{ to: '/quarantine', word: words.quarantine, icon: 'alert', key: 'x' },
		],
	},
	{
		title: words.fairness,
		places: [{ to: '/classes', word: words.serviceClasses, icon: 'scales', key: 'c' }],
	},
	{
		title: words.people,
		places: [
			{ to: '/users', word: words.users, icon: 'user', key: 'u', isForAdministrators: true },
			{ to: '/groups', word: words.groups, icon: 'people', key: 'r' },
		],
	},
	{
		title: words.accounting,
		places: [
			{ to: '/usage', word: words.usage, icon: 'gauge', key: 'a', isForAdministrators: true },
			{ to: '/prices', word: words.prices, icon: 'tag', key: 'p', isForAdministrators: true },
			{ to: '/budgets', word: words.budgets, icon: 'coins', key: 'b', isForAdministrators: true },
			{ to: '/statements', word: words.statements, icon: 'receipt', key: 'm', isForAdministrators: true },
		],
	},
	{
		title: words.processing,
		places: [
			{ to: '/task-types', word: words.taskTypes, icon: 'cube', key: 'y' },
			{ to: '/recipes', word: words.recipes, icon: 'recipe', key: 'e' },
			{ to: '/triggers', word: words.triggers, icon: 'zap', key: 'i' },
			{ to: '/schedules', word: words.schedules, icon: 'clock', key: 's' },
			{ to: '/sources', word: words.sources, icon: 'link', key: 'f' },
			{ to: '/datasets', word: words.datasets, icon: 'dataset', key: 'd', isForAdministrators: true },
			{ to: '/webhooks', word: words.webhooks, icon: 'external', key: 'w', isForAdministrators: true },
		],
	},
	{
		title: words.system,
		places: [
			{ to: '/audit', word: words.audit, icon: 'shield', key: 'l', isForAdministrators: true },
			{ to: '/settings', word: words.settings, icon: 'gear', key: 'k', isForAdministrators: true },
			{ to: '/health', word: words.health, icon: 'pulse', key: 'h' },
			{ to: '/account', word: words.account, icon: 'key', key: 'z' },
		],
	},
	{
		title: words.desktop,
		places: [
			{ to: '/connect', word: words.coordinators, icon: 'link', key: 'j', isOnDesktop: true },
			{
				to: '/this-machine',
				word: words.thisMachine,
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
