import type { UsageFilter } from '../../../shared/client/usage.ts';
import type { UserFilter } from '../../../shared/client/users.ts';

/** Names of what the query cache holds; what changes together begins alike. */
export const keys = {
	nodes: ['nodes'] as const,
	queues: ['queues'] as const,
	tasks: ['tasks'] as const,
	/** Lists and single tasks take live updates in by themselves: nothing reads them again for each. */
	taskLists: ['task-lists'] as const,
	taskList: (filter: object) => ['task-lists', filter] as const,
	oneTask: (id: string) => ['task', id] as const,
	placement: (id: string) => ['task', id, 'placement'] as const,
	decisions: (id: string) => ['task-decisions', id] as const,
	quarantine: ['quarantine'] as const,
	/** What filters offer: it changes rarely. */
	choices: (what: string) => ['choices', what] as const,
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
	classes: ['classes'] as const,
	groups: ['groups'] as const,
};
