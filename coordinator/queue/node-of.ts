/** In SQL: the node where a task runs, or ran last once it is over. */
export const nodeOf = (task: string): string =>
	`CASE WHEN ${task}.finished_at IS NULL THEN ${task}.lease_node
	 ELSE (SELECT node FROM attempts a WHERE a.task_seq = ${task}.seq ORDER BY a.number DESC LIMIT 1) END`;
