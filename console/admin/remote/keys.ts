/** Names of what the query cache holds; what changes together begins alike. */
export const keys = {
	nodes: ['nodes'] as const,
	queues: ['queues'] as const,
	tasks: ['tasks'] as const,
	/** Recipes, schedules and the like, whoever's they are. */
	things: ['things'] as const,
	everyones: (kind: string, text: string, state: string) => ['things', kind, text, state] as const,
	health: ['health'] as const,
	/** What only the desktop has. */
	desktop: ['desktop'] as const,
	desktopSight: ['desktop-sight'] as const,
};
