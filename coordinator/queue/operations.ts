import { claimTasks, findEndedAttempt } from './lease-store.ts';
import { appendLog, readLog } from './log-store.ts';
import { expireTasks, readPayloads, readQueuedPage, readRunning, wakeDue } from './open-store.ts';
import { pauseQueue, readQueues, saveQueue } from './queue-store.ts';
import { readRoutingKeys } from './routing-key-store.ts';
import { cancelTask, retryTask } from './steer-store.ts';
import { findAnswer, submitTasks } from './submit-store.ts';
import { findFilterSeqs, findTask, listTasks, readTask } from './task-read-store.ts';
import { TASK_TYPE_OPERATIONS } from './task-types.ts';

/** All SQL of this room. */
export const QUEUE_OPERATIONS = [
	...TASK_TYPE_OPERATIONS,
	appendLog,
	cancelTask,
	claimTasks,
	expireTasks,
	findAnswer,
	findEndedAttempt,
	findFilterSeqs,
	findTask,
	listTasks,
	pauseQueue,
	readLog,
	readPayloads,
	readQueuedPage,
	readQueues,
	readRoutingKeys,
	readRunning,
	readTask,
	retryTask,
	saveQueue,
	submitTasks,
	wakeDue,
];
