import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { QueueWorld } from './queue-world.ts';

interface Row {
	seq: number;
	id: string;
	state: string;
	routingKey: string;
	held: 0 | 1;
	boosted: 0 | 1;
}

/** Where the line in memory is not what the ledger says: it must hold what is queued and not held, as it is there. */
export const indexFaults = ({ data, scheduler, queue }: QueueWorld): string[] => {
	const db = new Database(join(data, 'ledger.db'), { readonly: true });
	try {
		const rows = db
			.prepare(
				`SELECT seq, id, state, routing_key AS routingKey, held_at IS NOT NULL AS held, boosted_at IS NOT NULL AS boosted
				 FROM tasks`,
			)
			.all() as Row[];
		return rows.flatMap(({ seq, id, state, routingKey, held, boosted }) => {
			const task = scheduler.queuedTask(seq);
			const isRunning = queue.findLease(id) !== undefined;
			const belongs = state === 'queued' && held === 0 && !isRunning;
			if (belongs !== (task !== undefined)) return [`${id} is ${state}, held ${held}, ${task ? 'in' : 'out of'} line`];
			if (task?.routingKey !== undefined && task.routingKey !== routingKey)
				return [`${id} stands under ${task.routingKey}`];
			return task && task.boosted !== (boosted === 1) ? [`${id} is boosted ${boosted}, and in line otherwise`] : [];
		});
	} finally {
		db.close();
	}
};
