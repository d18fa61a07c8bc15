import type { UsageFilter } from '../../../shared/client/usage.ts';
import type { UserFilter } from '../../../shared/client/users.ts';

/** Names of what the query cache holds; what changes together begins alike. */
export const keys = {
	nodes: ['nodes'] as const,
	queues: ['queues'] as const,
	queueList: ['queues', 'list'] as const,
	queue: (name: string) => ['queues', 'one', name] as const,
	queueHistory: (name: string, span: string) => ['queues', 'history', name, span] as const,
	queueTasks: (name: string) => ['tasks', 'of-queue', name] as const,
	toPurge: (name: string) => ['queues', 'to-purge', name] as const,
	toMove: (name: string) => ['queues', 'to-move', name] as const,
	route: (key: string) => ['queues', 'route', key] as const,
	tasks: ['tasks'] as const,
	/** Recipes, schedules and the like, whoever's they are. */
	things: ['things'] as const,
	everyones: (kind: string, text: string, state: string) => ['things', kind, text, state] as const,
	health: ['health'] as const,
	/** All that is known of people begins so: one's act on another is seen everywhere. */
	people: ['people'] as const,
	peopleList: (filter: UserFilter) => ['people', 'list', filter] as const,
	peopleFound: (name: string) => ['people', 'found', name] as const,
	person: (id: string) => ['people', 'one', id] as const,
	personGroups: (id: string) => ['people', 'one', id, 'groups'] as const,
	personSessions: (id: string) => ['people', 'one', id, 'sessions'] as const,
	personCredentials: (id: string) => ['people', 'one', id, 'credentials'] as const,
	personPolicy: (id: string) => ['people', 'one', id, 'policy'] as const,
	classNames: ['class-names'] as const,
	groupNames: ['group-names'] as const,
	usage: ['usage'] as const,
	usageCut: (filter: UsageFilter) => ['usage', 'cut', filter] as const,
	usageRecords: (filter: UsageFilter) => ['usage', 'records', filter] as const,
	statement: (month: string, of: object) => ['usage', 'statement', month, of] as const,
	prices: ['prices'] as const,
	budgets: ['budgets'] as const,
	secondFactorRule: ['second-factor-rule'] as const,
	/** How it has gone lately. */
	lastHour: ['pace', 'last-hour'] as const,
	waits: ['pace', 'waits'] as const,
	/** All nodes, for those who only count or name them. */
	nodeNames: ['nodes', 'all'] as const,
};
