import type { Accounting } from './accounting/accounting.ts';
import { Acts, type Undoer } from './acts/acts.ts';
import { type NodeSteering, UNDOABLE_NODE_ACTS } from './agents/node-steering.ts';
import { Budgets } from './budgets/budgets.ts';
import type { Ledger } from './database/ledger.ts';
import { QueueBoard } from './monitoring/queue-board.ts';
import type { QueueEvents } from './monitoring/queue-events.ts';
import { ActParts } from './queue/act-parts.ts';
import { Admissions } from './queue/admissions.ts';
import type { ClassOf, OpenTask } from './queue/open-task.ts';
import { Quarantine } from './queue/quarantine.ts';
import { QueueViews } from './queue/queue-views.ts';
import { QueueWaits } from './queue/queue-waits.ts';
import { type Queues, UNDOABLE_QUEUE_ACTS } from './queue/queues.ts';
import { TaskActs, UNDOABLE_TASK_ACTS } from './queue/task-acts.ts';
import { TaskMatcher } from './queue/task-matcher.ts';
import type { TaskQueue } from './queue/task-queue.ts';
import type { TaskReader } from './queue/task-reader.ts';
import { TaskWords } from './queue/task-words.ts';
import type { Announcer } from './report/announcer.ts';
import type { Logger } from './report/logger.ts';
import type { TaskScheduler } from './scheduler/task-scheduler.ts';

/**
 * Builds what people steer by: words about one task, acts on many, the way back from acts, the views of queues and of
 * what failed, and budgets with what lets tasks go on that one held.
 */
export const openSteering = (parts: {
	ledger: Ledger;
	logger: Logger;
	scheduler: TaskScheduler<OpenTask>;
	queue: TaskQueue;
	queues: Queues;
	announcer: Announcer<QueueEvents>;
	reader: Pick<TaskReader, 'outlook' | 'idsOf'>;
	accounting: Pick<Accounting, 'rollups' | 'prices'>;
	nodes: NodeSteering;
	classOf: ClassOf;
	checkRetry: ConstructorParameters<typeof TaskWords>[0]['checkRetry'];
}) => {
	const { ledger, logger, scheduler, queue, queues, accounting, nodes, classOf, checkRetry } = parts;
	const { rollups, prices } = accounting;
	const { steering } = queue;
	const matcher = new TaskMatcher({ ledger, route: (key) => scheduler.route(key), classOf });
	const actParts = new ActParts({ ledger, steering, writeClaims: () => queue.writeClaims() });
	const taskActs = new TaskActs({ ledger, logger, matcher, parts: actParts, queues });
	const taskWords = new TaskWords({ acts: taskActs, parts: actParts, steering, checkRetry });
	const quarantine = new Quarantine({ ledger, acts: taskActs });
	const admissions = new Admissions({ ledger, steering });
	const budgets = new Budgets({ ledger, catchUp: () => rollups.catchUp(), currency: () => prices.currency });
	const queueBoard = new QueueBoard({ announcer: parts.announcer, rows: () => queues.rows });
	const queueViews = new QueueViews({ queues, scheduler, offers: () => queue.offers, watch: queueBoard });
	const queueWaits = new QueueWaits({ scheduler, reader: parts.reader });
	const ofTasks: Undoer = (act, by) => taskActs.undo(act, by);
	const ofQueue: Undoer = (act, by) => queues.undo(act, by);
	const ofNode: Undoer = (act, by) => nodes.undo(act, by);
	const acts = new Acts({
		ledger,
		isRunning: (id) => taskActs.isRunning(id),
		undoUnderWay: (act) => taskActs.undoUnderWay(act),
		undoers: new Map([
			...UNDOABLE_TASK_ACTS.map((verb) => [verb, ofTasks] as const),
			...UNDOABLE_QUEUE_ACTS.map((verb) => [verb, ofQueue] as const),
			...UNDOABLE_NODE_ACTS.map((verb) => [verb, ofNode] as const),
		]),
	});
	return {
		acts,
		taskActs,
		actParts,
		matcher,
		taskWords,
		quarantine,
		queueBoard,
		queueViews,
		queueWaits,
		admissions,
		budgets,
	};
};
