import { readOperation } from '../database/operation.ts';
import type { StoredInput } from '../queue/open-task.ts';
import { prepareReadOrigin, type TaskOrigin } from '../queue/task-origin-store.ts';

/** A task as it was asked for. */
export interface AskedTask {
	ownerSeq: number;
	type: string;
	/** JSON text. */
	parameters: string;
	inputs: StoredInput[];
	routingKey: string;
	priority: number;
	serviceClass: string | null;
	origin: TaskOrigin | null;
}

/** What a task was asked to do; null when there is none. */
export const readAsked = readOperation('results.read-asked', (db) => {
	const find = db.prepare(
		`SELECT t.seq, t.owner_seq AS ownerSeq, y.name AS type, t.parameters, t.inputs, t.routing_key AS routingKey, t.priority,
		        t.service_class AS serviceClass FROM tasks t JOIN task_types y ON y.seq = t.type_seq WHERE t.id = ?`,
	);
	const originOf = prepareReadOrigin(db);
	return (id: string): AskedTask | null => {
		const row = find.get(id) as (Omit<AskedTask, 'inputs' | 'origin'> & { seq: number; inputs: string }) | undefined;
		if (!row) return null;
		const { seq, inputs, ...asked } = row;
		return { ...asked, inputs: JSON.parse(inputs) as StoredInput[], origin: originOf(seq) };
	};
});
