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
};
