const QUEUES = 'queues';

/** The screen that adds a node, which is to serve these queues. */
export const addNodePath = (queues: readonly string[] = []): string =>
	queues.length === 0 ? '/nodes/add' : `/nodes/add?${new URLSearchParams(queues.map((queue) => [QUEUES, queue]))}`;

/** The queues that a node is to serve, by the address of that screen. */
export const queuesToServe = (search: URLSearchParams): string[] => [...new Set(search.getAll(QUEUES).filter(Boolean))];
