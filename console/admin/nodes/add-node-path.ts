/** The screen that adds a node, which is to serve this queue. */
export const addNodePath = (queue?: string): string =>
	queue === undefined ? '/nodes/add' : `/nodes/add?queues=${encodeURIComponent(queue)}`;
