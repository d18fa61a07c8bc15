import { setImmediate as nextTurn } from 'node:timers/promises';
import type { QueueWait } from '../../shared/protocol/queue.ts';
import type { Insight } from '../scheduler/insight.ts';
import type { OpenTask } from './open-task.ts';
import type { TaskReader } from './task-reader.ts';

/** Lines of one queue that are asked: explaining takes time with nodes, lanes and people. */
const MOST_ASKED = 100;
const MOST_TOLD = 10;

type Found = Omit<QueueWait, 'task'> & { seq: number; order: number };

/** Why a queue does not move: its lines by the rule that keeps their heads. */
export class QueueWaits {
	readonly #insight: Pick<Insight<OpenTask>, 'heads'>;
	readonly #reader: Pick<TaskReader, 'outlook' | 'idsOf'>;

	constructor(options: {
		scheduler: { insight: Pick<Insight<OpenTask>, 'heads'> };
		reader: Pick<TaskReader, 'outlook' | 'idsOf'>;
	}) {
		this.#insight = options.scheduler.insight;
		this.#reader = options.reader;
	}

	/** The most tasks first; null: tasks that reach no queue. */
	async of(queue: string | null): Promise<QueueWait[]> {
		const found = new Map<QueueWait['rule'], Found>();
		for (const { head, size } of this.#firstHeads(queue)) {
			// Asking takes time with the fleet; who has left the line meanwhile is passed over.
			await nextTurn();
			const waiting = this.#reader.outlook.inLine(head.seq);
			if (waiting === null) continue;
			const { rule, because } = waiting;
			const known = found.get(rule);
			const tasks = (known?.tasks ?? 0) + size;
			const isFirst = known === undefined || head.order < known.order;
			found.set(rule, isFirst ? { rule, because, tasks, seq: head.seq, order: head.order } : { ...known, tasks });
		}
		const told = [...found.values()].sort((a, b) => b.tasks - a.tasks).slice(0, MOST_TOLD);
		const ids = await this.#reader.idsOf(told.map(({ seq }) => seq));
		// What was settled and forgotten meanwhile waits no more.
		return told.flatMap(({ seq, rule, because, tasks }) => {
			const task = ids.get(seq);
			return task === undefined ? [] : [{ rule, because, tasks, task }];
		});
	}

	/** Taken at once: the lines change between two turns. */
	#firstHeads(queue: string | null) {
		const heads: { head: OpenTask; size: number }[] = [];
		for (const head of this.#insight.heads(queue)) {
			if (heads.length === MOST_ASKED) break;
			heads.push(head);
		}
		return heads;
	}

	/** How many tasks reach no queue, and some of their routing keys. */
	astray(): { tasks: number; routingKeys: string[] } {
		const keys = new Set<string>();
		let tasks = 0;
		for (const { head, size } of this.#insight.heads(null)) {
			tasks += size;
			if (keys.size < MOST_TOLD) keys.add(head.routingKey);
		}
		return { tasks, routingKeys: [...keys] };
	}
}
