import { Acts, type Undoer } from './acts/acts.ts';
import type { NodeSteering } from './agents/node-steering.ts';
import type { Ledger } from './database/ledger.ts';
import { ActParts } from './queue/act-parts.ts';
import type { ClassOf, OpenTask } from './queue/open-task.ts';
import { Quarantine } from './queue/quarantine.ts';
import { QueueViews } from './queue/queue-views.ts';
import type { Queues } from './queue/queues.ts';
import { TaskActs } from './queue/task-acts.ts';
import { TaskMatcher } from './queue/task-matcher.ts';
import type { TaskQueue } from './queue/task-queue.ts';
import type { Logger } from './report/logger.ts';
import type { TaskScheduler } from './scheduler/task-scheduler.ts';

/** What operators and administrators do to tasks, queues and nodes, and the way back. */
export const openActs = (parts: {
	ledger: Ledger;
	logger: Logger;
	scheduler: TaskScheduler<OpenTask>;
	queue: TaskQueue;
	queues: Queues;
	nodes: NodeSteering;
	classOf: ClassOf;
}) => {
	const { ledger, logger, scheduler, queue, queues, nodes, classOf } = parts;
	const taskActs = new TaskActs({
		ledger,
		logger,
		matcher: new TaskMatcher({ ledger, route: (key) => scheduler.route(key), classOf }),
		parts: new ActParts({ ledger, steering: queue.steering, writeClaims: () => queue.writeClaims() }),
		targetOf: (key) => queues.targetOf(key),
	});
	const quarantine = new Quarantine({ ledger, acts: taskActs });
	const queueViews = new QueueViews({ queues, scheduler, offers: () => queue.offers });
	const ofTasks: Undoer = (act, by) => taskActs.undo(act, by);
	const ofQueue: Undoer = (act, by) => queues.undo(act, by);
	const ofNode: Undoer = (act, by) => nodes.undo(act, by);
	const acts = new Acts({
		ledger,
		isRunning: (id) => taskActs.isRunning(id),
		undoers: new Map([
			...['hold', 'release', 'boost', 'unboost', 'move'].map((verb) => [`tasks.${verb}`, ofTasks] as const),
			...['pause', 'resume', 'drain'].map((verb) => [`queue.${verb}`, ofQueue] as const),
			...['cordon', 'uncordon'].map((verb) => [`node.${verb}`, ofNode] as const),
		]),
	});
	return { acts, taskActs, quarantine, queueViews };
};
